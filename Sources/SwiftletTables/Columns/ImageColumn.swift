// SPDX-License-Identifier: Apache-2.0
//
// ImageColumn: pictures as bytes from 0 to 255, a quarter of the memory that Float32 takes.
//
// Shapes    N pictures, K channels, H the height, W the width
// Before    NumbersBuilder.swift     After    Column.swift

/// Pictures of one size.
public struct ImageColumn: Sendable, Equatable {
  /// K, the numbers that each point has: 1 for gray, 3 for red, green and blue.
  public let channels: Int
  /// H, in pixels.
  public let height: Int
  /// W, in pixels.
  public let width: Int
  /// N · K · H · W bytes, row-major: the pixels of one channel after those of another.
  public let bytes: [UInt8]

  /// No picture has more numbers for each point.
  public static let mostChannels = 16

  /// Pictures of one size, one after the other.
  public init(height: Int, width: Int, channels: Int = 1, bytes: [UInt8]) {
    self.channels = channels
    self.height = height
    self.width = width
    self.bytes = bytes
  }

  /// K · H · W, the bytes of one picture.
  public var pixelCount: Int { channels * height * width }
  /// N, the number of pictures.
  public var count: Int { pixelCount == 0 ? 0 : bytes.count / pixelCount }

  /// The pixels of one picture, a slice of ``bytes``.
  func pixels(of row: Int, in bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[row * pixelCount..<(row + 1) * pixelCount])
  }

  /// The pictures of some rows.
  func selecting(_ rows: [Int32]) -> ImageColumn {
    let selected = [UInt8](unsafeUninitializedCapacity: rows.count * pixelCount) { target, count in
      for row in rows {
        let start = Int(row) * pixelCount
        count = target[count...].initialize(fromContentsOf: bytes[start..<start + pixelCount])
      }
    }
    return ImageColumn(height: height, width: width, channels: channels, bytes: selected)
  }

  /// The pictures of one column after those of another; `nil` if they have another size.
  static func joined(_ a: ImageColumn, _ b: ImageColumn) -> ImageColumn? {
    guard a.channels == b.channels, a.height == b.height, a.width == b.width else { return nil }
    return ImageColumn(height: a.height, width: a.width, channels: a.channels, bytes: a.bytes + b.bytes)
  }
}
