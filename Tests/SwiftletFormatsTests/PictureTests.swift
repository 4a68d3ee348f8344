// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import SwiftletFormats

private func bytes(_ base64: String) -> [UInt8] { Array(Data(base64Encoded: base64) ?? Data()) }

/// The largest difference of two lists of bytes; 256 if they have different lengths.
private func difference(_ a: [UInt8], _ b: [UInt8]) -> Int {
  a.count == b.count ? zip(a, b).map { abs(Int($0) - Int($1)) }.max() ?? 0 : 256
}

@Suite("Pictures")
struct PictureTests {
  @Test("are read as Pillow reads them", arguments: PictureGolden.cases.indices)
  func golden(index: Int) throws {
    let golden = PictureGolden.cases[index]
    let picture = try Picture.decode(bytes(golden.file), name: golden.name)
    #expect(picture.width == golden.width && picture.height == golden.height)
    #expect(picture.channels == golden.channels, "\(golden.name)")
    #expect(difference(picture.bytes, bytes(golden.pixels)) <= 1, "\(golden.name)")
  }

  @Test("are resized as OpenCV averages areas")
  func resizing() {
    let picture = Picture(width: 19, height: 13, channels: 3, bytes: bytes(PictureGolden.large))
    #expect(difference(picture.resized(width: 8, height: 5).bytes, bytes(PictureGolden.small)) <= 1)
    #expect(picture.resized(width: 19, height: 13) == picture)
  }

  @Test("are resized as on paper: halves are means, and doubles repeat")
  func resizingByHand() {
    let picture = Picture(width: 4, height: 2, channels: 1, bytes: [0, 10, 20, 30, 40, 50, 60, 70])
    #expect(picture.resized(width: 2, height: 1).bytes == [25, 45])  // (0 + 10 + 40 + 50) / 4
    #expect(picture.resized(width: 3, height: 1).bytes == [23, 35, 48])  // thirds of a pixel count: (20 + 45 / 3) · 3/4
    let twice = Picture(width: 2, height: 1, channels: 1, bytes: [7, 9]).resized(width: 4, height: 2)
    #expect(twice.bytes == [7, 7, 9, 9, 7, 7, 9, 9])
  }

  @Test("become gray by the weights of a JPEG, and color by repetition; channels become planes")
  func colors() {
    let picture = Picture(width: 2, height: 1, channels: 3, bytes: [255, 0, 0, 10, 20, 30])
    #expect(picture.converted(channels: 1).bytes == [76, 18])  // 0.299 · 255; 2.99 + 11.74 + 3.42
    #expect(picture.converted(channels: 1).converted(channels: 3).bytes == [76, 76, 76, 18, 18, 18])
    #expect(picture.planes == [255, 10, 0, 20, 0, 30])
    let white = Picture(width: 1, height: 1, channels: 3, bytes: [255, 255, 255])
    #expect(white.converted(channels: 1).bytes == [255])
  }

  @Test("are written as PNG and read back, bit for bit")
  func roundTrip() throws {
    for channels in [1, 3] {
      let noise = (0..<35 * channels).map { UInt8(truncatingIfNeeded: $0 &* 89) }
      let picture = Picture(width: 7, height: 5, channels: channels, bytes: noise)
      #expect(try Picture.decode(picture.png(), name: "again.png") == picture)
    }
  }

  /// A segment of Exif with one entry before the orientation, in either order of bytes.
  private static func exif(_ orientation: UInt8, bigEndian: Bool, type: UInt8 = 3) -> [UInt8] {
    func number(_ value: UInt8, size: Int) -> [UInt8] {
      let zeros = [UInt8](repeating: 0, count: size - 1)
      return bigEndian ? zeros + [value] : [value] + zeros
    }
    let tag: [UInt8] = bigEndian ? [0x01, 0x12] : [0x12, 0x01]
    let width: [UInt8] = bigEndian ? [0x01, 0x00] : [0x00, 0x01]
    let head: [UInt8] = (bigEndian ? [0x4D, 0x4D] : [0x49, 0x49]) + number(42, size: 2) + number(8, size: 4)
    let entries = number(2, size: 2) + width + number(4, size: 2) + number(1, size: 4) + number(9, size: 4)
    let entry = tag + number(type, size: 2) + number(1, size: 4) + number(orientation, size: 2) + [0, 0]
    let content = Array("Exif".utf8) + [0, 0] + head + entries + entry + [0, 0, 0, 0]
    return [0xFF, 0xE1, 0, UInt8(content.count + 2)] + content
  }

  /// Behind the two bytes with which a JPEG begins.
  private func with(_ segment: [UInt8], _ file: [UInt8]) -> [UInt8] { Array(file[..<2]) + segment + file[2...] }

  @Test("of a camera that was turned stand upright, in all eight ways")
  func orientations() throws {
    let picture = Picture(width: 3, height: 2, channels: 1, bytes: [1, 2, 3, 4, 5, 6])
    // Row 0 and column 0 of the file are, in this order: top left, top right, bottom right, bottom left, and then left top,
    // right top, right bottom, left bottom.
    let expected: [[UInt8]] = [
      [1, 2, 3, 4, 5, 6], [3, 2, 1, 6, 5, 4], [6, 5, 4, 3, 2, 1], [4, 5, 6, 1, 2, 3],
      [1, 4, 2, 5, 3, 6], [4, 1, 5, 2, 6, 3], [6, 3, 5, 2, 4, 1], [3, 6, 2, 5, 1, 4],
    ]
    for (orientation, bytes) in zip(Orientation.allCases, expected) {
      let turned = picture.turned(orientation)
      #expect(turned.bytes == bytes && turned.width == (orientation.rawValue > 4 ? 2 : 3), "\(orientation)")
    }
    let color = Picture(width: 2, height: 1, channels: 3, bytes: [1, 2, 3, 4, 5, 6])
    #expect(color.turned(.mirrored).bytes == [4, 5, 6, 1, 2, 3])

    let golden = try #require(PictureGolden.cases.first { $0.name.hasPrefix("JPEG") })
    let file = bytes(golden.file)
    let upright = try Picture.decode(file, name: "x")
    for orientation in Orientation.allCases {
      for bigEndian in [false, true] {
        let noted = with(Self.exif(UInt8(orientation.rawValue), bigEndian: bigEndian), file)
        #expect(try Picture.decode(noted, name: "x") == upright.turned(orientation), "\(orientation) \(bigEndian)")
      }
    }
  }

  @Test("whose orientation is damaged are upright, wherever it is cut or changed")
  func damagedOrientation() throws {
    let golden = try #require(PictureGolden.cases.first { $0.name.hasPrefix("JPEG") })
    let file = bytes(golden.file)
    let upright = try Picture.decode(file, name: "x")
    for segment in [
      Self.exif(0, bigEndian: true), Self.exif(9, bigEndian: false), Self.exif(6, bigEndian: true, type: 4),
    ] { #expect(try Picture.decode(with(segment, file), name: "x") == upright) }
    let whole = with(Self.exif(6, bigEndian: true), file)
    let segmentEnd = whole.count - file.count + 2
    for place in 2..<segmentEnd + 4 {
      for value: UInt8 in [0, 1, 0x7F, 0xFF] {
        var changed = whole
        changed[place] = value
        // Read in one of the eight ways, or refused as no JPEG; never a trap.
        guard let picture = try? Picture.decode(changed, name: "x") else { continue }
        #expect(picture.bytes.count == upright.bytes.count)
      }
      #expect(Array(whole[..<place]).withUnsafeBytes { Orientation(jpeg: $0) } == .upright || place >= segmentEnd)
    }
  }

  @Test("that announce more pixels than the limit are refused before they are decoded")
  func bomb() {
    // The header of a PNG of 60000 by 60000 pixels, and nothing else: decoding would fail in another way.
    var header: [UInt8] = [0, 0, 0, 13] + Array("IHDR".utf8) + [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 8, 2, 0, 0, 0]
    header += [0x0F, 0xB0, 0xE2, 0x15]  // its CRC
    let file = PNG.signature + header + [0, 0, 0, 1] + Array("IDAT".utf8)
    #expect { try Picture.decode(file, name: "bomb.png") } throws: {
      "\($0)".hasPrefix("bomb.png: is a picture of 60000 by 60000 pixels, and at most 67108864 pixels are read.")
    }
    let small = Picture(width: 9, height: 9, channels: 1, bytes: Array(repeating: 1, count: 81)).png()
    #expect(throws: FormatError.self) { try Picture.decode(small, name: "x", limit: 80) }
    #expect(throws: Never.self) { try Picture.decode(small, name: "x", limit: 81) }
  }

  @Test("that are truncated anywhere are refused, or were whole already", arguments: PictureGolden.cases.indices)
  func truncated(index: Int) throws {
    let golden = PictureGolden.cases[index]
    let file = bytes(golden.file)
    let whole = try Picture.decode(file, name: "x")
    for length in 0..<file.count {
      // The last bytes say that the file ends here: without them the pixels are all there.
      guard let picture = try? Picture.decode(Array(file[..<length]), name: "x") else { continue }
      #expect(picture == whole, "\(golden.name) of \(length) bytes")
    }
    #expect(throws: FormatError.self) { try Picture.decode(Array(file[..<(file.count * 2 / 3)]), name: "x") }
  }

  @Test("with bytes between their parts are whole, and truncated anywhere they are refused", arguments: [9, 10, 11])
  func junk(index: Int) throws {
    let golden = try #require(PictureGolden.cases.indices.contains(index) ? PictureGolden.cases[index] : nil)
    let file = bytes(golden.file)
    let whole = try Picture.decode(file, name: "x")
    // In front of every marker in the pixels and of the end: their length is over, or only their first byte is read.
    let start = try #require(file.indices.first { file[$0] == 0xFF && file[$0 + 1] == 0xDA })
    let markers = file.indices.dropLast().filter { $0 > start && file[$0] == 0xFF && file[$0 + 1] > 0xBF }
    var accepted = 0
    for marker in markers {
      let junk: [UInt8] = [1, 2, 3, 4, 5, 6, 7]
      let padded = Array(file[..<marker]) + junk + Array(file[marker...])
      if let picture = try? Picture.decode(padded, name: "x") {
        #expect(picture == whole, "\(golden.name), junk at \(marker)")
        accepted += 1
      }
      for length in stride(from: marker, to: padded.count - 2, by: 3) {
        // With an end put behind it; of passes, fewer would then be a whole file of their own.
        for end in golden.name.hasSuffix("passes") ? [[]] : [[], [0xFF, 0xD9]] as [[UInt8]] {
          guard let picture = try? Picture.decode(Array(padded[..<length]) + end, name: "x") else { continue }
          #expect(picture.bytes == whole.bytes, "\(golden.name), junk at \(marker), \(length) bytes")
        }
      }
    }
    #expect(accepted > 0)
  }

  @Test("with flipped bits are read or refused, and never trap", arguments: PictureGolden.cases.indices)
  func flipped(index: Int) {
    let file = bytes(PictureGolden.cases[index].file)
    for position in file.indices {
      for bit in 0..<8 {
        var damaged = file
        damaged[position] ^= 1 << bit
        _ = try? Picture.decode(damaged, name: "x", limit: 1 << 16)
      }
    }
  }

  @Test("say what is wrong with them")
  func sentences() {
    func sentence(_ file: [UInt8]) -> String {
      do {
        _ = try Picture.decode(file, name: "17.jpg")
        return "read"
      } catch { return "\(error)" }
    }
    #expect(
      sentence(Array("GIF89a".utf8)) == "17.jpg is not a picture: it begins neither as a PNG nor as a JPEG does.")
    #expect(sentence([]) == "17.jpg is not a picture: it begins neither as a PNG nor as a JPEG does.")
    #expect(
      sentence(bytes(PictureGolden.inks))
        == "17.jpg: is a JPEG for print, in cyan, magenta, yellow and black. Save it in RGB.")
    let jpeg = PictureGolden.cases.first { $0.name == "JPEG in color" }.map { bytes($0.file) } ?? []
    #expect(
      sentence(Array(jpeg.dropLast(100))) == "17.jpg: is a damaged JPEG: libjpeg says \"Premature end of JPEG file\".")
  }
}
