// SPDX-License-Identifier: Apache-2.0
//
// PNG, by libpng.
//
// Shapes    H the height, W the width
// Before    PictureFormat.swift     After    JPEG.swift
// Source    libpng manual, section "The simplified API"

import CPNG

enum PNG: PictureFormat {
  static let name = "PNG"
  static let mediaType = "image/png"
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  static func decode(
    _ bytes: UnsafeRawBufferPointer, name: String, _ check: (_ width: Int, _ height: Int) throws -> Void
  ) throws -> Picture {
    var image = swiftlet_png_image()
    defer { png_image_free(&image) }
    // The image reads from these bytes until it is free, which is before they are.
    guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else {
      throw damaged(image, name)
    }
    let width = Int(image.width)
    let height = Int(image.height)
    try check(width, height)
    let isColor = swiftlet_png_is_color(&image) != 0
    swiftlet_png_read_as_rgba(&image)
    let pixels = try [UInt8](unsafeUninitializedCapacity: width * height * 4) { target, count in
      // In bounds: four bytes for each pixel, rows without gaps.
      guard png_image_finish_read(&image, nil, target.baseAddress, 0, nil) != 0 else { throw damaged(image, name) }
      count = target.count
    }
    return Picture(width: width, height: height, channels: isColor ? 3 : 1, bytes: onWhite(pixels, isColor: isColor))
  }

  /// Pixels of red, green, blue and alpha, on white.
  private static func onWhite(_ pixels: [UInt8], isColor: Bool) -> [UInt8] {
    let channels = isColor ? 3 : 1
    return [UInt8](unsafeUninitializedCapacity: pixels.count / 4 * channels) { target, count in
      for start in stride(from: 0, to: pixels.count, by: 4) {
        let alpha = Int(pixels[start + 3])
        for channel in 0..<channels {
          let ink = Int(pixels[start + channel]) * alpha
          target[count] = UInt8((ink + 255 * (255 - alpha) + 127) / 255)
          count += 1
        }
      }
    }
  }

  private static func damaged(_ image: png_image, _ name: String) -> FormatError {
    let message = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return FormatError(name, "is a damaged PNG: libpng says \(quoted(message)).")
  }
}

extension Picture {
  /// The bytes of a PNG file.
  public func png() -> [UInt8] {
    var image = swiftlet_png_image()
    defer { png_image_free(&image) }
    image.width = UInt32(width)
    image.height = UInt32(height)
    swiftlet_png_write_as(&image, channels == 3 ? 1 : 0)
    var size = 0
    // Asked twice: first for the size alone.
    guard png_image_write_to_memory(&image, nil, &size, 0, bytes, 0, nil) != 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: size) { target, count in
      guard png_image_write_to_memory(&image, target.baseAddress, &size, 0, bytes, 0, nil) != 0 else { return }
      count = size
    }
  }
}
