// SPDX-License-Identifier: Apache-2.0
//
// From tensors to prepared rows: either one tensor of whole rows, or one for each column.
//
// Before    BinaryTensors.swift     After    InferOutputs.swift

import SwiftletFormats
import SwiftletTables

extension ServedModel {
  /// Prepares the tensors of a request.
  func prepare(tensors: [InputTensor], rowLimit: Int) throws -> PreparedRows {
    if let files = tensors.first(where: { $0.holdsFiles && (isTabular || $0.datatype != .bytes) }) {
      throw RequestError.bad(
        isTabular
          ? "The input \(quoted(files.name)) holds {\"b64\": …}, and the model \(quoted(name)) takes no pictures."
          : "The input \(quoted(files.name)) holds pictures, so its datatype is BYTES and not \(files.datatype.rawValue)."
      )
    }
    if let whole = tensors.first(where: { isWholeInput($0.name) }) {
      guard tensors.count == 1 else {
        let other = tensors.first { $0.name != whole.name }?.name
        throw RequestError.bad(
          "The input \(quoted(whole.name)) holds all columns, so \(other.map { quoted($0) + " cannot come beside it" } ?? "it cannot come twice")."
        )
      }
      return try prepare(whole: whole, rowLimit: rowLimit)
    }
    var columns: [(String, FlatValues)] = []
    var rowCount: Int?
    for tensor in tensors {
      guard isTabular, let input = input(named: tensor.name) else {
        throw RequestError.bad(
          "unexpected inference input '\(tensor.name)' for model '\(name)'.\(suggestion(for: tensor.name, in: inputNames))"
        )
      }
      let isColumn = tensor.shape.count == 1 || (tensor.shape.count == 2 && tensor.shape[1] == 1)
      guard isColumn else { throw unexpectedShape(tensor, expected: [-1, 1]) }
      try check(tensor, takesText: input.form != .number)
      columns.append((tensor.name, try values(of: tensor)))
      rowCount = rowCount ?? tensor.shape[0]
    }
    let count = try checkedRowCount(rowCount ?? 0, rowLimit)
    return try prepare(columns: columns, rowCount: count)
  }

  /// The names by which a request may give inputs.
  private var inputNames: [String] {
    !isTabular
      ? [inputs[0].name]
      : signature.isNumeric ? [inputs[0].name] + signature.columnNames : signature.columnNames
  }

  private func prepare(whole tensor: InputTensor, rowLimit: Int) throws -> PreparedRows {
    if tensor.datatype == .bytes, !isTabular { return try prepare(pictures: tensor, rowLimit: rowLimit) }
    let expected = inputs[0].shape
    guard tensor.shape.count == expected.count, tensor.shape.dropFirst().elementsEqual(expected.dropFirst()) else {
      throw unexpectedShape(tensor, expected: expected)
    }
    try check(tensor, takesText: false)
    _ = try checkedRowCount(tensor.shape[0], rowLimit)
    return try prepare(rows: try values(of: tensor), input: tensor.name)
  }

  /// Prepares a tensor of PNGs and JPEGs, as bytes or in base64.
  private func prepare(pictures tensor: InputTensor, rowLimit: Int) throws -> PreparedRows {
    guard tensor.shape.count == 1 || tensor.shape.count == 2 && tensor.shape[1] == 1 else {
      throw unexpectedShape(tensor, expected: [-1, 1])
    }
    _ = try checkedRowCount(tensor.shape[0], rowLimit)
    var reader = PictureReader(self)
    guard tensor.pictures.isEmpty else { return try reader.rows(tensor.pictures, rowLimit: rowLimit) }
    let texts = try values(of: tensor)
    let files = try (0..<texts.count).map { position in
      guard tensor.binarySize == nil, let text = texts[position].string else {
        throw RequestError.bad(
          "The input \(quoted(tensor.name)) of datatype BYTES takes PNGs and JPEGs, in JSON as {\"b64\": \"…\"} or texts in base64."
        )
      }
      return try bytes(base64: text)
    }
    return try reader.rows(files, rowLimit: rowLimit)
  }

  private func unexpectedShape(_ tensor: InputTensor, expected: [Int]) -> RequestError {
    .bad(
      "unexpected shape for input '\(tensor.name)' for model '\(name)'. Expected \(spelled(expected)), got \(spelled(tensor.shape))."
    )
  }

  func checkedRowCount(_ count: Int, _ limit: Int) throws -> Int {
    guard count > 0 else { throw RequestError.bad("There are no rows to answer for.") }
    guard count <= limit else {
      throw RequestError.bad("The request has \(count) rows, and this server answers at most \(limit) at a time.")
    }
    return count
  }

  /// The values, as many as the shape has.
  private func values(of tensor: InputTensor) throws -> FlatValues {
    let count = try tensor.elementCount(limit: .max)
    let values = tensor.values ?? FlatValues()
    guard values.count == count else {
      throw RequestError.bad(
        "unexpected number of values for input '\(tensor.name)' for model '\(name)'. The shape \(spelled(tensor.shape)) has \(count), got \(values.count)."
      )
    }
    guard values.nesting.fits(tensor.shape) else {
      throw RequestError.bad(
        "The data of the input \(quoted(tensor.name)) must be one flat list, or lists nested as its shape \(spelled(tensor.shape)) says."
      )
    }
    return values
  }

  /// Whether the values are of the type that the tensor says, and the column takes it.
  private func check(_ tensor: InputTensor, takesText: Bool) throws {
    let type = tensor.datatype
    // Numbers in quotes are numbers where the column is one.
    let areQuoted = type == .bytes && tensor.binarySize == nil && tensor.values?.firstThatHoldsNoNumber == nil
    if !takesText, !areQuoted, type == .bytes || type == .bool {
      throw RequestError.bad(
        "unexpected datatype for input '\(tensor.name)' for model '\(name)'. Expected FP32 or another type of numbers, got \(type.rawValue)."
      )
    }
    guard tensor.binarySize == nil, let values = tensor.values else { return }
    func wrong(_ value: JSONValue) -> RequestError {
      .bad("The input \(quoted(tensor.name)) is of datatype \(type.rawValue), but \(described(value)) came.")
    }
    switch type {
    case .bytes:
      for i in 0..<values.count where values[i].string == nil && values[i] != .null { throw wrong(values[i]) }
    case .bool:
      for i in 0..<values.count where values[i].bool == nil && values[i] != .null {
        guard let number = values[i].number, number == 0 || number == 1 else { throw wrong(values[i]) }
      }
    case .fp16, .fp32, .fp64, .bf16:
      if let other = values.firstThatHoldsNoNumber { throw wrong(other.value) }
    default:
      if let other = values.firstThatHoldsNoNumber { throw wrong(other.value) }
      for i in 0..<values.count {
        if !type.holds(values[i]) { throw wrong(values[i]) }
      }
    }
  }
}

extension Datatype {
  /// Whether a value is one of this type of whole numbers, or missing.
  fileprivate func holds(_ value: JSONValue) -> Bool {
    if let text = value.string {
      if self == .int64 || self == .uint64 { return self == .int64 ? Int64(text) != nil : UInt64(text) != nil }
      return Double(text).map(holds) ?? false
    }
    return value.number.map(holds) ?? true
  }

  private func holds(_ number: Double) -> Bool {
    switch self {
    case .uint8: UInt8(exactly: number) != nil
    case .uint16: UInt16(exactly: number) != nil
    case .uint32: UInt32(exactly: number) != nil
    case .uint64: UInt64(exactly: number) != nil
    case .int8: Int8(exactly: number) != nil
    case .int16: Int16(exactly: number) != nil
    case .int32: Int32(exactly: number) != nil
    case .int64: Int64(exactly: number) != nil
    case .bool, .fp16, .fp32, .fp64, .bf16, .bytes: true
    }
  }
}

/// A shape as the protocol's messages write it: `[-1,4]`.
func spelled(_ shape: [Int]) -> String { "[" + shape.map { String($0) }.joined(separator: ",") + "]" }
