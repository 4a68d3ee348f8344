// SPDX-License-Identifier: Apache-2.0
//
// MultipartForm: the body of a form with files, as `curl -F image=@17.png` and a page send it.
//
//     --BOUNDARY\r\n
//     Content-Disposition: form-data; name="image"; filename="17.png"\r\n
//     Content-Type: image/png\r\n
//     \r\n
//     <bytes>\r\n
//     --BOUNDARY--
//
// Before    Datatype.swift     After    Compression.swift
// Source    RFC 7578; RFC 2046, section 5.1.1

import NIOCore
import NIOHTTP1
import SwiftletFormats

/// A form of named parts.
struct MultipartForm {
  static let mediaType = "multipart/form-data"

  /// A field of the form.
  struct Part {
    let name: String
    let bytes: [UInt8]
  }

  let parts: [Part]

  /// Reads a body.
  ///
  /// - Parameter partLimit: The largest number of parts.
  /// - Throws: ``RequestError`` 400 for a body that is not such a form, or ends early.
  init(_ request: ServerRequest, partLimit: Int) throws {
    guard let boundary = MultipartForm.boundary(request.headers.first(name: "content-type") ?? "") else {
      throw RequestError.bad("A form of \(MultipartForm.mediaType) needs a boundary in its Content-Type.")
    }
    let body = Array(request.body.readableBytesView)
    let line = Array("--\(boundary)".utf8)
    guard body.starts(with: line) else {
      throw RequestError.bad("The form does not begin with its boundary, \(quoted("--" + boundary)).")
    }
    let border = [0x0D, 0x0A] + line
    var parts: [Part] = []
    var position = line.count  // behind the first boundary
    while !body[position...].starts(with: [0x2D, 0x2D]) {  // the last boundary ends with two more hyphens
      guard parts.count < partLimit else { throw RequestError.bad("The form has more than \(partLimit) parts.") }
      guard body[position...].starts(with: [0x0D, 0x0A]),
        let headEnd = MultipartForm.position(of: [0x0D, 0x0A, 0x0D, 0x0A], in: body, from: position),
        let end = MultipartForm.position(of: border, in: body, from: headEnd + 2)
      else { throw RequestError.bad("The form ends in the middle of part \(parts.count).") }
      let head = String(decoding: body[position..<headEnd], as: UTF8.self)
      guard let name = MultipartForm.name(in: head) else {
        throw RequestError.bad("Part \(parts.count) of the form has no Content-Disposition with a name.")
      }
      // An empty part's border begins with the second line break behind its head.
      parts.append(Part(name: name, bytes: Array(body[min(headEnd + 4, end)..<end])))
      position = end + border.count
    }
    guard !parts.isEmpty else { throw RequestError.bad("The form has no parts.") }
    self.parts = parts
  }

  /// `multipart/form-data; boundary=…`, in quotes or not.
  private static func boundary(_ contentType: String) -> String? {
    for parameter in contentType.split(separator: ";").dropFirst() {
      let text = String(parameter).trimmingSpaces()
      guard text.lowercased().hasPrefix("boundary=") else { continue }
      var value = text.dropFirst("boundary=".count)
      if value.count > 1, value.first == "\"", value.last == "\"" { value = value.dropFirst().dropLast() }
      return (1...70).contains(value.utf8.count) ? String(value) : nil
    }
    return nil
  }

  /// The name in the line `Content-Disposition: form-data; name="…"` of a part's head.
  private static func name(in head: String) -> String? {
    for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-disposition:") {
      for parameter in line.split(separator: ";").dropFirst() {
        let text = String(parameter).trimmingSpaces()
        guard text.lowercased().hasPrefix("name=") else { continue }
        return String(text.dropFirst("name=".count)).filter { $0 != "\"" }
      }
    }
    return nil
  }

  /// The first place of some bytes, which begin with a byte that is rare in pictures.
  private static func position(of pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    var place = start
    while place + pattern.count <= bytes.count, let next = bytes[place...].firstIndex(of: pattern[0]) {
      if bytes[next...].starts(with: pattern) { return next }
      place = next + 1
    }
    return nil
  }
}
