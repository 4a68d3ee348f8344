// SPDX-License-Identifier: Apache-2.0
//
// The binary extension: tensors as bytes behind the JSON.
//
//     Inference-Header-Content-Length: 146
//     {"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","parameters":{"binary_data_size":16}}]}<16 bytes>
//
// The header says where the JSON ends; the blocks follow in the order of the inputs that have a size. All three
// numbers come from the client, so each is compared with the bytes that are left before any is read.
//
// Before    InferRequestReader.swift     After    InferInputs.swift
// Source    triton-inference-server/server, docs/protocol/extension_binary_data.md

import NIOCore
import SwiftletFormats

extension InferRequest {
  /// Reads a body: JSON alone, JSON with bytes behind it, or, where the header is 0, bytes alone.
  init(body: ByteBuffer, headerLength: String?, model: ServedModel, valueLimit: Int) throws {
    guard let headerLength else {
      self = try body.readJSON { try InferRequest(&$0, valueLimit: valueLimit) }
      if let waiting = inputs.first(where: { $0.binarySize != nil }) {
        throw RequestError.bad(
          "The input \(quoted(waiting.name)) has a binary_data_size, but the header Inference-Header-Content-Length is missing."
        )
      }
      return
    }
    guard let length = Int(headerLength), length >= 0, length <= body.readableBytes else {
      throw RequestError.bad(
        "inference header size should be in range (0, \(body.readableBytes)), got: \(quoted(headerLength))")
    }
    if length == 0 {
      self = try InferRequest(raw: body, model: model, valueLimit: valueLimit)
      return
    }
    var rest = body
    guard let json = rest.readSlice(length: length) else {
      throw RequestError.bad("The JSON of the request is cut off.")
    }
    self = try json.readJSON { try InferRequest(&$0, valueLimit: valueLimit) }
    for position in inputs.indices { try inputs[position].readBytes(from: &rest, valueLimit: valueLimit) }
    guard rest.readableBytes == 0 else {
      throw RequestError.bad(
        "unexpected additional input data: \(rest.readableBytes) bytes are left after the last input.")
    }
  }

  /// A request without JSON: the bytes of the model's only input, answered in bytes.
  private init(raw body: ByteBuffer, model: ServedModel, valueLimit: Int) throws {
    guard model.inputs.count == 1, let input = model.inputs.first, let size = input.datatype.byteCount else {
      throw RequestError.bad(
        "A request without JSON needs a model with one input of numbers, and this one has \(model.inputs.count) inputs."
      )
    }
    var tensor = InputTensor()
    tensor.name = input.name
    tensor.datatype = input.datatype
    tensor.shape = [1] + input.shape.dropFirst()
    let expected = try tensor.elementCount(limit: valueLimit) * size
    guard body.readableBytes == expected else {
      throw RequestError.bad(
        "A request without JSON holds the \(expected) bytes of the input \(quoted(input.name)), but \(body.readableBytes) came."
      )
    }
    tensor.binarySize = expected
    var rest = body
    try tensor.readBytes(from: &rest, valueLimit: valueLimit)
    inputs = [tensor]
    binaryOutput = true
  }
}

extension InputTensor {
  /// Takes the tensor's block off the bytes that are left, if it has one.
  mutating func readBytes(from rest: inout ByteBuffer, valueLimit: Int) throws {
    guard let size = binarySize else { return }
    let count = try elementCount(limit: valueLimit)
    if let byteCount = datatype.byteCount {
      let (expected, overflows) = count.multipliedReportingOverflow(by: byteCount)
      guard !overflows, size == expected else {
        throw RequestError.bad(
          "The input \(quoted(name)) of shape \(shape) and datatype \(datatype.rawValue) has \(expected) bytes, but its binary_data_size is \(size)."
        )
      }
    }
    guard size <= rest.readableBytes, var block = rest.readSlice(length: size) else {
      throw RequestError.bad(
        "The input \(quoted(name)) has a binary_data_size of \(size), but \(rest.readableBytes) bytes are left in the body."
      )
    }
    if datatype == .bytes, let files = block.pictures(count: count) {
      pictures = files
      values = FlatValues()
      return
    }
    let read = try datatype.read(&block, count: count)
    guard read.count == count, block.readableBytes == 0 else {
      throw RequestError.bad(
        "The input \(quoted(name)) of shape \(shape) has another number of elements in its \(size) bytes.")
    }
    values = read
  }
}

extension ByteBuffer {
  /// The elements of a tensor of BYTES, if they are that many and the first begins as a picture does.
  fileprivate func pictures(count: Int) -> [[UInt8]]? {
    guard readableBytes > 4, Picture.begins(readableBytesView.dropFirst(4)) else { return nil }
    var rest = self
    var elements: [[UInt8]] = []
    while elements.count < count {
      guard let length = rest.readInteger(endianness: .little, as: UInt32.self),
        let element = rest.readBytes(length: Int(length))
      else { return nil }
      elements.append(element)
    }
    return rest.readableBytes == 0 ? elements : nil
  }
}
