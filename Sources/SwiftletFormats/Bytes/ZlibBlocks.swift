// SPDX-License-Identifier: Apache-2.0
//
// Whole blocks in and out of zlib's formats, with a limit on what comes out.
//
// A file is inflated piece by piece (GzipInflater.swift); the body of a request is in memory already.
//
// Before    GzipInflater.swift     After    SHA256.swift
// Source    RFC 1950 (zlib), RFC 1952 (gzip)

import CZlib

/// The formats around deflated bytes; `raw` is nothing around them.
package enum ZlibFormat: Sendable {
  case gzip, zlib, raw

  fileprivate var windowBits: Int32 {
    switch self {
    case .gzip: 16 + MAX_WBITS
    case .zlib: MAX_WBITS
    case .raw: -MAX_WBITS
    }
  }

  /// The format that a client means by `deflate`: zlib's has two bytes in front, which some clients leave out.
  package static func deflate(_ block: UnsafeRawBufferPointer) -> ZlibFormat {
    guard block.count >= 2 else { return .zlib }
    let hasHeader = block[0] & 0xF == 8 && (Int(block[0]) << 8 | Int(block[1])) % 31 == 0
    return hasHeader ? .zlib : .raw
  }
}

/// An error in a compressed block.
package enum ZlibError: Error, Equatable {
  case damaged
  /// More comes out than the limit.
  case tooLarge
}

/// The bytes of a compressed block; of gzip, those of all its members.
///
/// - Parameter limit: The largest number of bytes that may come out; inflating stops there.
package func inflated(_ block: UnsafeRawBufferPointer, _ format: ZlibFormat, limit: Int) throws(ZlibError) -> [UInt8] {
  var stream = z_stream()
  guard swiftlet_inflateInit2(&stream, format.windowBits) == Z_OK else { throw .damaged }
  defer { inflateEnd(&stream) }
  stream.next_in = UnsafeMutablePointer(mutating: block.bindMemory(to: UInt8.self).baseAddress)
  stream.avail_in = UInt32(clamping: block.count)
  var bytes: [UInt8] = []
  var chunk = Array(repeating: UInt8(0), count: 1 << 16)
  while true {
    let (status, count) = chunk.withUnsafeMutableBufferPointer { chunk in
      stream.next_out = chunk.baseAddress
      stream.avail_out = UInt32(chunk.count)
      let status = inflate(&stream, Z_NO_FLUSH)
      return (status, chunk.count - Int(stream.avail_out))
    }
    guard bytes.count + count <= limit else { throw .tooLarge }
    bytes.append(contentsOf: chunk[..<count])
    switch status {
    case Z_OK: continue
    case Z_STREAM_END where stream.avail_in == 0: return bytes
    // A file of gzip may hold several members, one behind the other: `cat a.gz b.gz`.
    case Z_STREAM_END where format == .gzip && inflateReset(&stream) == Z_OK: continue
    default: throw .damaged  // cut off, followed by something else, or no deflated bytes at all
    }
  }
}

/// A block that ``inflated(_:_:limit:)`` gives back; `nil` if zlib fails.
package func deflated(_ bytes: UnsafeRawBufferPointer, _ format: ZlibFormat) -> [UInt8]? {
  var stream = z_stream()
  guard bytes.count <= 1 << 30, swiftlet_deflateInit2(&stream, Z_BEST_SPEED, format.windowBits) == Z_OK else {
    return nil
  }
  defer { deflateEnd(&stream) }
  stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
  stream.avail_in = UInt32(bytes.count)
  let room = Int(deflateBound(&stream, UInt(bytes.count)))
  var isWhole = false
  let block = [UInt8](unsafeUninitializedCapacity: room) { target, count in
    stream.next_out = target.baseAddress
    stream.avail_out = UInt32(clamping: room)
    isWhole = deflate(&stream, Z_FINISH) == Z_STREAM_END
    count = room - Int(stream.avail_out)
  }
  return isWhole ? block : nil
}

/// A file of gzip, as small as zlib makes it: without a name and without a time, so that the same bytes are the same file.
package func gzipped(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  // Raw deflate: the ten bytes before it and the eight behind are ours, so that no zlib writes its system into them.
  guard swiftlet_deflateInit2(&stream, Z_BEST_COMPRESSION, -MAX_WBITS) == Z_OK, bytes.count <= 1 << 30 else {
    return []
  }
  defer { deflateEnd(&stream) }
  let room = Int(deflateBound(&stream, UInt(bytes.count)))
  let block = bytes.withUnsafeBufferPointer { source in
    [UInt8](unsafeUninitializedCapacity: room) { target, count in
      stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
      stream.avail_in = UInt32(source.count)
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(clamping: room)
      _ = deflate(&stream, Z_FINISH)  // ends: the room is what zlib says it needs
      count = room - Int(stream.avail_out)
    }
  }
  let checksum = UInt32(truncatingIfNeeded: crc32(0, bytes, UInt32(bytes.count)))
  // Deflate, no flags, no time, the best compression, a system that is not said.
  let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 0xFF]
  let trailer = [checksum, UInt32(bytes.count)].flatMap { word in (0..<4).map { UInt8(word >> (8 * $0) & 0xFF) } }
  return header + block + trailer
}
