// SPDX-License-Identifier: Apache-2.0
//
// JPEG, by libjpeg-turbo.
//
// Before    PNG.swift     After    Orientation.swift
// Source    TurboJPEG API documentation, tjDecompressHeader3 and tjDecompress2

import CTurboJPEG

enum JPEG: PictureFormat {
  static let name = "JPEG"
  static let mediaType = "image/jpeg"
  static let signature: [UInt8] = [0xFF, 0xD8, 0xFF]

  static func decode(
    _ bytes: UnsafeRawBufferPointer, name: String, _ check: (_ width: Int, _ height: Int) throws -> Void
  ) throws -> Picture {
    guard let decoder = tjInitDecompress() else { throw FormatError(name, "cannot be decoded: no memory is left.") }
    defer { tjDestroy(decoder) }
    let file = bytes.assumingMemoryBound(to: UInt8.self)
    var width: Int32 = 0
    var height: Int32 = 0
    var subsampling: Int32 = 0
    var colors: Int32 = 0
    guard
      tjDecompressHeader3(decoder, file.baseAddress, UInt(file.count), &width, &height, &subsampling, &colors) == 0
    else { throw damaged(decoder, name) }
    try check(Int(width), Int(height))
    guard colors != TJCS_CMYK.rawValue, colors != TJCS_YCCK.rawValue else {
      throw FormatError(name, "is a JPEG for print, in cyan, magenta, yellow and black. Save it in RGB.")
    }
    let isGray = colors == TJCS_GRAY.rawValue
    let channels = isGray ? 1 : 3
    let format = isGray ? TJPF_GRAY : TJPF_RGB
    let pixels = try [UInt8](unsafeUninitializedCapacity: Int(width) * Int(height) * channels) { target, count in
      // In bounds: so many bytes for each pixel, rows without gaps.
      let status = tjDecompress2(
        decoder, file.baseAddress, UInt(file.count), target.baseAddress, width, 0, height, format.rawValue,
        swiftlet_jpeg_flags())
      guard status == 0 || isHarmless(decoder) else { throw damaged(decoder, name) }
      count = target.count
    }
    return Picture(width: Int(width), height: Int(height), channels: channels, bytes: pixels)
      .turned(Orientation(jpeg: bytes))
  }

  /// Whether it was only a warning about bytes between the parts of the file, which some cameras write. A picture
  /// that ends early is a warning too, and half of it would be gray.
  private static func isHarmless(_ decoder: tjhandle) -> Bool {
    tjGetErrorCode(decoder) == TJERR_WARNING.rawValue && message(decoder).contains("extraneous bytes")
  }

  private static func message(_ decoder: tjhandle) -> String {
    tjGetErrorStr2(decoder).map { String(cString: $0) } ?? ""
  }

  private static func damaged(_ decoder: tjhandle, _ name: String) -> FormatError {
    FormatError(name, "is a damaged JPEG: libjpeg says \(quoted(message(decoder))).")
  }
}
