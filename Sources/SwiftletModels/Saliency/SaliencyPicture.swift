// SPDX-License-Identifier: Apache-2.0
//
// SaliencyPicture: a map drawn over the picture that it is about.
//
// The picture is shown in dim gray, and the more a pixel matters, the more of it is orange: a color that stands out from
// gray for everyone.
//
// Shapes    H the height, W the width
// Before    SaliencyMap.swift     After    Figures.swift
// Source    Okabe, Ito, "Color Universal Design" (2008), for the color

import SwiftletFormats

extension SaliencyMap {
  /// Where a pixel matters most: orange.
  private static let color = [230.0, 110, 0]
  /// The part of its brightness that the picture below keeps.
  private static let dimmed = 0.45

  /// The map over a picture of its size, in color.
  ///
  /// - Parameter picture: W by H pixels in gray or in color.
  /// - Returns: W by H pixels in color; the map on black for a picture of another size.
  public func drawn(over picture: Picture) -> Picture {
    let fits = picture.width == width && picture.height == height
    let gray = fits ? picture.converted(channels: 1).bytes : Array(repeating: 0, count: width * height)
    let bytes = zip(values, gray).flatMap { (value: Double, gray: UInt8) -> [UInt8] in
      Self.color.map { UInt8(($0 * value + Double(gray) * Self.dimmed * (1 - value)).rounded()) }
    }
    return Picture(width: width, height: height, channels: 3, bytes: bytes)
  }
}

extension Picture {
  /// Pictures of one height beside each other, in color, with a gap of white between them.
  package static func row(_ pictures: [Picture], gap: Int) -> Picture? {
    guard let height = pictures.first?.height, pictures.allSatisfy({ $0.height == height }) else { return nil }
    let colored = pictures.map { $0.converted(channels: 3) }
    let width = pictures.reduce(gap * (pictures.count - 1)) { $0 + $1.width }
    let space = [UInt8](repeating: 255, count: gap * 3)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(width * height * 3)
    for line in 0..<height {
      for (position, picture) in colored.enumerated() {
        if position > 0 { bytes += space }
        bytes += picture.bytes[line * picture.width * 3..<(line + 1) * picture.width * 3]
      }
    }
    return Picture(width: width, height: height, channels: 3, bytes: bytes)
  }

  /// Every pixel as a square of `factor` by `factor` pixels.
  package func enlarged(_ factor: Int) -> Picture {
    guard factor > 1 else { return self }
    var enlarged: [UInt8] = []
    enlarged.reserveCapacity(bytes.count * factor * factor)
    for line in 0..<height {
      var wide: [UInt8] = []
      for column in 0..<width {
        let start = (line * width + column) * channels
        for _ in 0..<factor { wide += bytes[start..<start + channels] }
      }
      for _ in 0..<factor { enlarged += wide }
    }
    return Picture(width: width * factor, height: height * factor, channels: channels, bytes: enlarged)
  }
}
