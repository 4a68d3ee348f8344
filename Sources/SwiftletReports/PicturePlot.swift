// SPDX-License-Identifier: Apache-2.0
//
// PicturePlot: pictures beside each other, each with its caption.
//
// A picture is a PNG inside the SVG, so that the file stands alone. A small one is enlarged without being smoothed: its
// pixels are what is shown.
//
// Before    Page/PageStyle.swift     After    -

import Foundation

/// Pictures of one size under a title.
public struct PicturePlot: Sendable, Equatable {
  /// The title above the pictures.
  public var title: String
  /// A sentence below the pictures, which a screen reader says too.
  public var note: String
  /// W, the pixels of a picture from left to right.
  public var width: Int
  /// H, its pixels from top to bottom.
  public var height: Int
  /// The pictures from left to right.
  public var panels: [Panel]

  /// A picture and its caption.
  public struct Panel: Sendable, Equatable {
    /// The words below the picture.
    public var caption: String
    /// The bytes of a PNG.
    public var png: [UInt8]

    /// A picture and its caption.
    public init(caption: String, png: [UInt8]) {
      self.caption = caption
      self.png = png
    }
  }

  /// Pictures of `width` by `height` pixels under a title.
  public init(title: String, note: String, width: Int, height: Int, panels: [Panel]) {
    self.title = title
    self.note = note
    self.width = width
    self.height = height
    self.panels = panels
  }

  /// The plot as a file of SVG.
  public func svg() -> String {
    let longest = 256.0
    let factor = longest / Double(max(width, height, 1))
    let size = (width: Double(max(width, 1)) * factor, height: Double(max(height, 1)) * factor)
    let top = 52.0
    let step = max(size.width, 128) + 24
    let letters = 9.5 * Double(min(64, title.count))
    var picture = SVG(
      width: max(24 + step * Double(panels.count), 48 + letters, 360), height: top + size.height + 76, title: title,
      description: note)
    picture.text(SVG.shortened(title, to: 64), x: 24, y: 28, "title")
    for (position, panel) in panels.enumerated() {
      let left = 24 + step * Double(position)
      picture.add(
        "image",
        [
          "x": SVG.number(left), "y": SVG.number(top), "width": SVG.number(size.width),
          "height": SVG.number(size.height), "style": "image-rendering:pixelated",
          "href": "data:image/png;base64,\(Data(panel.png).base64EncodedString())",
        ])
      picture.text(SVG.shortened(panel.caption, to: 36), x: left, y: top + size.height + 20, "small")
    }
    picture.text(SVG.shortened(note, to: 90), x: 24, y: top + size.height + 52, "small")
    return picture.written(.file)
  }
}
