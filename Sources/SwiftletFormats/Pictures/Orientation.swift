// SPDX-License-Identifier: Apache-2.0
//
// Orientation: how a camera was held, which it notes in a JPEG instead of turning the pixels.
//
// A JPEG is a list of segments. One of them may be Exif's, a little TIFF file: a first directory of entries with twelve
// bytes each, one of which may be the orientation. Whatever of this is absent or damaged means a picture that is upright:
// the pixels do not depend on it.
//
// Shapes    H the height, W the width, K channels
// Before    JPEG.swift     After    Resizing.swift
// Source    CIPA DC-008 (Exif 2.32), sections 4.5 and 4.6.4, tag 0x0112; ITU-T T.81, annex B.1.1

/// Where the first row and the first column of the file belong in the picture.
enum Orientation: Int, CaseIterable, Sendable {
  case upright = 1
  case mirrored, upsideDown, mirroredUpsideDown, transposed, turnedRight, transposedUpsideDown, turnedLeft

  /// The orientation that a JPEG notes; upright where it notes none.
  init(jpeg bytes: UnsafeRawBufferPointer) {
    self = Orientation.exif(in: bytes).flatMap(Orientation.noted) ?? .upright
  }

  /// The part of a JPEG that Exif wrote, behind its own name.
  private static func exif(in bytes: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer>? {
    var offset = 2  // the start of the image
    while offset + 4 <= bytes.count, bytes[offset] == 0xFF {
      let marker = bytes[offset + 1]
      guard marker != 0xFF else {
        offset += 1  // a byte that fills up
        continue
      }
      guard marker != 0xDA, marker != 0xD9 else { return nil }  // the pixels begin, or the file ends
      let size = Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])
      let end = offset + 2 + size
      guard size >= 2, end <= bytes.count else { return nil }
      let content = bytes[offset + 4..<end]
      if marker == 0xE1, content.starts(with: exifName) { return content.dropFirst(exifName.count) }
      offset = end
    }
    return nil
  }

  private static let exifName: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]

  /// The entry 0x0112 of the first directory of a TIFF file.
  private static func noted(in tiff: Slice<UnsafeRawBufferPointer>) -> Orientation? {
    let isBigEndian = tiff.starts(with: [0x4D, 0x4D, 0, 42])
    guard isBigEndian || tiff.starts(with: [0x49, 0x49, 42, 0]) else { return nil }
    func number(_ place: Int, size: Int) -> Int? {
      guard place >= 0, place <= tiff.count - size else { return nil }
      let bytes = tiff.dropFirst(place).prefix(size)
      return (isBigEndian ? Array(bytes) : bytes.reversed()).reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(4, size: 4), let count = number(directory, size: 2) else { return nil }
    for entry in 0..<count {
      let place = directory + 2 + 12 * entry  // behind the count, twelve bytes an entry
      guard let tag = number(place, size: 2) else { return nil }
      guard tag == 0x0112 else { continue }
      // Type 3, two bytes, once: it stands at the beginning of the four bytes for the value.
      guard number(place + 2, size: 2) == 3, number(place + 4, size: 4) == 1 else { return nil }
      return number(place + 8, size: 2).flatMap(Orientation.init)
    }
    return nil
  }
}

extension Picture {
  /// The picture as it was seen, from pixels in the order of a file with this orientation.
  func turned(_ orientation: Orientation) -> Picture {
    guard orientation != .upright else { return self }
    let (right, down) = (channels, width * channels)
    let (lastColumn, lastRow) = ((width - 1) * right, (height - 1) * down)
    // Where the first pixel stands, and the way to the next one of a row and to the next row.
    let (start, across, along): (Int, Int, Int) =
      switch orientation {
      case .upright: (0, right, down)
      case .mirrored: (lastColumn, -right, down)
      case .upsideDown: (lastRow + lastColumn, -right, -down)
      case .mirroredUpsideDown: (lastRow, right, -down)
      case .transposed: (0, down, right)
      case .turnedRight: (lastRow, -down, right)
      case .transposedUpsideDown: (lastRow + lastColumn, -down, -right)
      case .turnedLeft: (lastColumn, down, -right)
      }
    let swaps = orientation.rawValue >= Orientation.transposed.rawValue
    let (newWidth, newHeight) = swaps ? (height, width) : (width, height)
    let turned = [UInt8](unsafeUninitializedCapacity: bytes.count) { target, count in
      // In bounds: each pixel of the file is read once, as rows and columns change places or order.
      for row in 0..<newHeight {
        for column in 0..<newWidth {
          let place = start + row * along + column * across
          for channel in 0..<channels {
            target[count] = bytes[place + channel]
            count += 1
          }
        }
      }
    }
    return Picture(width: newWidth, height: newHeight, channels: channels, bytes: turned)
  }
}
