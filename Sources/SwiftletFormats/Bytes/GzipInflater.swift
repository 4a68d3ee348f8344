// SPDX-License-Identifier: Apache-2.0
//
// Gzip: inflating piece by piece, with a limit.
//
// A kilobyte of gzip can hold a gigabyte of zeros. So the output is counted, and reading stops with an
// error at a limit, or at a ratio that no real data has. Members that follow each other are one file.
//
// Before    LineWriter.swift     After    ZlibBlocks.swift
// Source    RFC 1952, section 2.2 (members); zlib manual, inflateInit2 with 16 added to the window bits

import CZlib

/// Inflates a stream of gzip members.
final class GzipInflater {
  /// The largest number of bytes that may come out of a file.
  static let outputLimit = 8 << 30
  /// Deflate packs at most 1,032 to 1; only zeros come near.
  static let ratioLimit = 200
  static let ratioGrace = 64 << 20

  private let name: String
  private var stream = z_stream()
  private var input = Array(repeating: UInt8(0), count: 1 << 16)
  private var inputRange = 0..<0
  private var isMemberOpen = false
  private var consumed = 0
  private var produced = 0

  init(name: String) throws {
    self.name = name
    guard swiftlet_inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK else {
      throw FormatError(name, "zlib could not be set up.")
    }
  }

  deinit { inflateEnd(&stream) }

  /// Fills a buffer with inflated bytes; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer, from refill: (UnsafeMutableRawBufferPointer) throws -> Int)
    throws -> Int
  {
    var written = 0
    while written < buffer.count {
      if inputRange.isEmpty {
        let count = try input.withUnsafeMutableBytes { try refill($0) }
        guard count > 0 else {
          guard !isMemberOpen else { throw FormatError(name, "the gzip data ends too early: the file is truncated.") }
          break
        }
        inputRange = 0..<count
      }
      if !isMemberOpen {
        guard inflateReset(&stream) == Z_OK else { throw FormatError(name, "zlib could not be reset.") }
        isMemberOpen = true
      }
      let status = input.withUnsafeMutableBufferPointer { input in
        // In bounds: the range lies in the input, and the rest of the buffer is what is left of it.
        stream.next_in = input.baseAddress.map { $0 + inputRange.lowerBound }
        stream.avail_in = UInt32(inputRange.count)
        let room = min(buffer.count - written, 1 << 30)
        stream.next_out = buffer.baseAddress?.advanced(by: written).assumingMemoryBound(to: UInt8.self)
        stream.avail_out = UInt32(room)
        let status = inflate(&stream, Z_NO_FLUSH)
        written += room - Int(stream.avail_out)
        produced += room - Int(stream.avail_out)
        consumed += inputRange.count - Int(stream.avail_in)
        inputRange = inputRange.upperBound - Int(stream.avail_in)..<inputRange.upperBound
        return status
      }
      switch status {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END: isMemberOpen = false
      default:
        throw FormatError(name, "the gzip data is damaged\(stream.msg.map { ": " + String(cString: $0) } ?? "").")
      }
      guard produced <= GzipInflater.outputLimit,
        produced <= GzipInflater.ratioGrace || produced / max(consumed, 1) <= GzipInflater.ratioLimit
      else { throw FormatError(name, "the gzip data inflates to more than real data could; reading stopped.") }
    }
    return written
  }
}
