// SPDX-License-Identifier: Apache-2.0
//
// PictureReading: the size and the color in which pictures are read from files.
//
// Shapes    H the height, W the width, K channels
// Before    ReadingOptions.swift     After    KnownColumn.swift

import SwiftletFormats

/// The size and the color in which pictures are read. What is left open is that of the files.
public struct PictureReading: Sendable, Equatable {
  /// H and W, in pixels; `nil`: the pictures must have one size already.
  public var size: Size?
  /// K: 1 for gray, 3 for color; `nil`: color if any picture has it.
  public var channels: Int?

  /// A size in pixels.
  public struct Size: Sendable, Equatable {
    /// H, from 1.
    public let height: Int
    /// W, from 1.
    public let width: Int

    /// A size.
    public init(height: Int, width: Int) {
      self.height = height
      self.width = width
    }
  }

  /// Pictures as they are.
  public init() {}

  /// Pictures as a model takes them; `nil` if it takes none, or other ones than of gray or of color.
  package init?(for inputs: [InputSchema]) {
    guard let shape = inputs.first(where: { !$0.isCell })?.rowShape else { return nil }
    let channels = shape.rank == 3 ? shape[0] : 1
    guard shape.rank == 2 || shape.rank == 3, channels == 1 || channels == 3 else { return nil }
    size = Size(height: shape[shape.rank - 2], width: shape[shape.rank - 1])
    self.channels = channels
  }

  /// A picture in this size and color, as far as they are given.
  package func adapted(_ picture: Picture) -> Picture {
    // Resized first: most are made smaller, and then fewer pixels change their color.
    let resized = size.map { picture.resized(width: $0.width, height: $0.height) } ?? picture
    return channels.map { resized.converted(channels: $0) } ?? resized
  }
}
