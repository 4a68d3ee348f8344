// SPDX-License-Identifier: Apache-2.0
//
// PictureFormat: the kinds of files that pictures are in, and the table that names them.
//
// To add a kind, write its file beside this one and add its name to the table. A file of a few bytes can announce a
// picture that fills the memory, so its size is compared with a limit before anything is decoded.
//
// Before    Picture.swift     After    PNG.swift

/// A kind of file with one picture.
protocol PictureFormat: Sendable {
  /// Its name in messages.
  static var name: String { get }
  /// Its media type.
  static var mediaType: String { get }
  /// The bytes with which every such file begins.
  static var signature: [UInt8] { get }

  /// Decodes a file.
  ///
  /// - Parameters:
  ///   - bytes: The whole file, which begins with ``signature``.
  ///   - check: Called with width and height before anything is decoded; may throw.
  /// - Throws: `FormatError` with a sentence for a file that is damaged or of a kind that is not read.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, name: String, _ check: (_ width: Int, _ height: Int) throws -> Void
  ) throws -> Picture
}

extension Picture {
  private static let formats: [any PictureFormat.Type] = [PNG.self, JPEG.self]

  /// The media types that are read.
  package static var mediaTypes: [String] { formats.map { $0.mediaType } }

  /// The largest number of pixels in a file, 67 million: more than a camera takes, and 256 MB while it is decoded.
  public static let mostPixels = 1 << 26

  /// Whether bytes begin as a picture does.
  package static func begins(_ bytes: some Sequence<UInt8>) -> Bool {
    let beginning = Array(bytes.prefix(8))
    return formats.contains { beginning.starts(with: $0.signature) }
  }

  /// Decodes a PNG or a JPEG.
  ///
  /// Transparent pixels lie on white. A JPEG is turned as the camera noted that it was held.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - name: The file's name in messages.
  ///   - limit: The largest number of pixels.
  /// - Throws: ``FormatError`` for what is neither, is damaged, or has more pixels than the limit.
  public static func decode(_ bytes: [UInt8], name: String, limit: Int = mostPixels) throws -> Picture {
    try decode(bytes, name: name) { width, height in
      let (count, overflows) = width.multipliedReportingOverflow(by: height)
      guard width > 0, height > 0, !overflows, count <= limit else {
        throw FormatError(
          name, "is a picture of \(width) by \(height) pixels, and at most \(limit) pixels are read. Make it smaller.")
      }
    }
  }

  /// Decodes a PNG or a JPEG whose size is checked by the caller.
  ///
  /// - Parameter check: Called with width and height before anything is decoded; may throw.
  package static func decode(
    _ bytes: [UInt8], name: String, _ check: (_ width: Int, _ height: Int) throws -> Void
  ) throws -> Picture {
    guard let format = formats.first(where: { bytes.starts(with: $0.signature) }) else {
      throw FormatError(name, "is not a picture: it begins neither as a PNG nor as a JPEG does.")
    }
    return try bytes.withUnsafeBytes { try format.decode($0, name: name, check) }
  }
}
