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
      let pixels = target.baseAddress
      // In bounds: a byte for each channel of each pixel, rows without gaps.
      func isClean(_ file: UnsafeBufferPointer<UInt8>) -> Bool {
        tjDecompress2(
          decoder, file.baseAddress, UInt(file.count), pixels, width, 0, height, format.rawValue,
          swiftlet_jpeg_flags()) == 0
      }
      if !isClean(file) {
        let error = damaged(decoder, name)
        guard let junk = Junk(message(decoder)),
          junk.removals(from: file).contains(where: { $0.withUnsafeBufferPointer(isClean) })
        else { throw error }
      }
      count = target.count
    }
    return Picture(width: Int(width), height: Int(height), channels: channels, bytes: pixels)
      .turned(Orientation(jpeg: bytes))
  }

  private static func message(_ decoder: tjhandle) -> String {
    tjGetErrorStr2(decoder).map { String(cString: $0) } ?? ""
  }

  private static func damaged(_ decoder: tjhandle, _ name: String) -> FormatError {
    FormatError(name, "is a damaged JPEG: libjpeg says \(quoted(message(decoder))).")
  }
}

/// Bytes before a marker that belong to nothing, which some cameras write.
///
/// They do no harm, but libjpeg tells of its first warning alone: behind them the picture may end early, and half of it
/// would be gray. So the picture is read again without them, and then there may be no warning.
private struct Junk {
  private let count: Int
  private let marker: UInt8

  /// Reads libjpeg's warning; `nil` for another one.
  init?(_ message: String) {
    let words = message.split(separator: " ")
    guard message.contains("extraneous bytes before marker"), let end = words.firstIndex(of: "extraneous"), end > 0,
      let count = Int(words[end - 1]), count > 0, let marker = words.last.flatMap({ UInt8($0.dropFirst(2), radix: 16) })
    else { return nil }
    self.count = count
    self.marker = marker
  }

  /// How many places are tried: a file may have many of these markers, and each try decodes it.
  private static let mostTries = 8

  /// The file without them, for each place where they may have been.
  func removals(from file: UnsafeBufferPointer<UInt8>) -> some Sequence<[UInt8]> {
    let places = file.indices.lazy.filter { place in
      place >= count && place + 1 < file.count && file[place] == 0xFF && file[place + 1] == marker
    }
    return places.prefix(Self.mostTries).lazy.map { Array(file[..<($0 - count)]) + Array(file[$0...]) }
  }
}
