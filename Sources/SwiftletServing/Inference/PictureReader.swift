// SPDX-License-Identifier: Apache-2.0
//
// PictureReader: from the PNGs and JPEGs of a request to rows that the network takes.
//
// A picture may have any size and color: it gets those of the model, as in `predict`. Decoding one takes longer than
// a probe may wait, and a file of a few bytes can hold millions of pixels. So all pictures of a request share one
// limit, and a large one on an event loop is not decoded: its request is read again on the pool.
//
// Shapes    H the height, W the width, K channels
// Before    ListedUsers.swift     After    Batching/BatchLimits.swift

import NIOCore
import NIOPosix
import SwiftletFormats
import SwiftletTables

/// A picture is too large to be decoded on an event loop: the request belongs on the pool.
struct NeedsPool: Error {}

/// Reads the pictures of one request.
struct PictureReader {
  /// The largest number of pixels in the pictures of a request, 17 million: a photo of a phone.
  static let pixelLimit = 1 << 24
  /// Pictures of more pixels are decoded on the pool.
  private static let pixelsOnLoop = 1 << 14

  let model: ServedModel
  private var left = pixelLimit
  private var count = 0

  init(_ model: ServedModel) { self.model = model }

  /// The pixels of the next picture as the model takes them: K · H · W bytes.
  ///
  /// - Parameter file: A PNG or a JPEG.
  /// - Throws: ``RequestError`` 400 for a file that is neither, is damaged or too large.
  mutating func pixels(of file: [UInt8]) throws -> [UInt8] {
    guard let reading = PictureReading(for: model.signature.inputs) else {
      throw RequestError.bad("The model \(quoted(model.name)) takes no pictures in gray or color.")
    }
    let name = "picture \(count)"
    count += 1
    let left = left
    var size = 0
    do {
      let picture = try Picture.decode(file, name: name) { width, height in
        let (product, overflows) = width.multipliedReportingOverflow(by: height)
        guard !overflows, product <= left else {
          throw RequestError.bad(
            "The pictures of a request have at most \(Self.pixelLimit) pixels together, and \(name) is \(width) by "
              + "\(height). Make it smaller.")
        }
        guard product <= Self.pixelsOnLoop || MultiThreadedEventLoopGroup.currentEventLoop == nil else {
          throw NeedsPool()
        }
        size = product
      }
      self.left -= size
      return reading.adapted(picture).planes
    } catch let error as FormatError {
      throw RequestError.bad(error.description)
    }
  }

  /// Rows of pictures, one for each file.
  mutating func rows(_ files: [[UInt8]], rowLimit: Int) throws -> PreparedRows {
    _ = try model.checkedRowCount(files.count, rowLimit)
    var values: [Double] = []
    for file in files { values += try pixels(of: file).lazy.map { Double($0) } }
    return try model.prepare(rows: FlatValues(numbers: values), input: model.inputs[0].name)
  }
}

extension ServedModel {
  /// Whether a request with this media type holds pictures, and no JSON.
  static func holdsPictures(_ mediaType: String?) -> Bool {
    guard let mediaType else { return false }
    return mediaType == MultipartForm.mediaType || Picture.mediaTypes.contains(mediaType)
      || mediaType == "application/x-image"  // SageMaker's own name for any of them
  }

  /// Prepares the pictures of a form, or the one that is the body.
  func prepare(picturesOf request: ServerRequest, rowLimit: Int) throws -> PreparedRows {
    guard !isTabular else {
      throw RequestError.bad("The model \(quoted(name)) takes rows of a table, not pictures.")
    }
    var reader = PictureReader(self)
    guard request.mediaType == MultipartForm.mediaType else {
      return try reader.rows([Array(request.body.readableBytesView)], rowLimit: rowLimit)
    }
    let form = try MultipartForm(request, partLimit: rowLimit)
    if let other = form.parts.first(where: { !isWholeInput($0.name) }) {
      throw RequestError.bad(
        "The form has the field \(quoted(other.name)), and the model \(quoted(name)) takes \(quoted(inputs[0].name)): "
          + "curl -F \(inputs[0].name)=@FILE.")
    }
    return try reader.rows(form.parts.map(\.bytes), rowLimit: rowLimit)
  }
}
