// SPDX-License-Identifier: Apache-2.0
//
// Picture: bytes in rows, from a PNG or a JPEG.
//
// Shapes    H the height, W the width, K channels
// Before    Binary/ZipArchive.swift     After    PictureFormat.swift

/// A picture of gray or of red, green and blue, each from 0 to 255.
public struct Picture: Sendable, Equatable {
  /// W, in pixels.
  public let width: Int
  /// H, in pixels.
  public let height: Int
  /// K: 1 for gray, 3 for red, green and blue.
  public let channels: Int
  /// H · W · K bytes, row by row from the top, the channels of a pixel together.
  public let bytes: [UInt8]

  /// How the names of files that can be read end.
  package static let endings = [".png", ".jpg", ".jpeg"]

  /// A picture with H · W · K bytes.
  public init(width: Int, height: Int, channels: Int, bytes: [UInt8]) {
    self.width = width
    self.height = height
    self.channels = channels
    self.bytes = bytes
  }

  /// K · H · W bytes: the pixels of one channel after those of another.
  public var planes: [UInt8] { Picture.planes(bytes, pixelCount: width * height, channels: channels) }

  /// The bytes of pictures, with the pixels of one channel after those of another.
  ///
  /// - Parameters:
  ///   - bytes: Pictures one after the other, the channels of a pixel together.
  ///   - pixelCount: H · W, the pixels of one picture.
  package static func planes(_ bytes: [UInt8], pixelCount: Int, channels: Int) -> [UInt8] {
    guard channels > 1, pixelCount > 0 else { return bytes }
    return [UInt8](unsafeUninitializedCapacity: bytes.count) { target, count in
      // In bounds: whole pictures, each byte read once and written once.
      for picture in stride(from: 0, to: bytes.count, by: pixelCount * channels) {
        for channel in 0..<channels {
          for pixel in 0..<pixelCount {
            target[picture + channel * pixelCount + pixel] = bytes[picture + pixel * channels + channel]
          }
        }
      }
      count = bytes.count
    }
  }

  /// The same picture in gray or in color.
  ///
  /// Gray is 0.299 red + 0.587 green + 0.114 blue, as in a JPEG; color repeats the gray.
  ///
  /// - Parameter channels: 1 for gray, 3 for color.
  /// - Source: ITU-R BT.601, section 2.5.1
  public func converted(channels: Int) -> Picture {
    guard channels != self.channels else { return self }
    let converted: [UInt8] =
      channels == 1
      ? stride(from: 0, to: bytes.count, by: 3).map { start in
        let sum = 19595 * Int(bytes[start]) + 38470 * Int(bytes[start + 1]) + 7471 * Int(bytes[start + 2])
        return UInt8((sum + 1 << 15) >> 16)  // the three factors are of 2¹⁶
      } : bytes.flatMap { [$0, $0, $0] }
    return Picture(width: width, height: height, channels: channels, bytes: converted)
  }
}
