// SPDX-License-Identifier: Apache-2.0
//
// From answers to the response of the Open Inference Protocol, as JSON or with bytes behind it.
//
// Before    InferInputs.swift     After    Infer.swift

import Foundation
import NIOCore
import SwiftletFormats
import SwiftletModels

/// An output that will be written.
struct ChosenOutput: Sendable {
  let schema: OutputSchema
  let isBinary: Bool
  let classificationCount: Int?
  /// The JSON with which the output begins, up to the number of rows.
  fileprivate let beginning: String

  init(schema: OutputSchema, isBinary: Bool, classificationCount: Int? = nil) {
    self.schema = schema
    self.isBinary = isBinary
    self.classificationCount = classificationCount
    let datatype =
      switch schema.form {
      case _ where classificationCount != nil: Datatype.bytes
      case .label: Datatype.bytes
      case .single: Datatype.fp32
      case .double: Datatype.fp64
      }
    beginning = "{\"name\":\"\(schema.name)\",\"datatype\":\"\(datatype.rawValue)\",\"shape\":["
  }
}

extension ServedModel {
  /// The outputs that a request asks for, each once; all if it asks for none.
  func chosenOutputs(of request: InferRequest) throws -> [ChosenOutput] {
    guard !request.outputs.isEmpty else { return request.binaryOutput ? allOutputs.binary : allOutputs.json }
    var chosen: [ChosenOutput] = []
    for output in request.outputs where !chosen.contains(where: { $0.schema.name == output.name }) {
      guard let schema = signature.head.outputs.first(where: { $0.name == output.name }) else {
        throw RequestError.bad(
          "unexpected inference output '\(output.name)' for model '\(name)'.\(suggestion(for: output.name, in: outputs.map(\.name)))"
        )
      }
      guard output.classificationCount == nil || (isClassification && schema.form != .label) else {
        throw RequestError.bad("The output \(quoted(output.name)) has no classes to sort; \"probabilities\" has.")
      }
      chosen.append(
        ChosenOutput(
          schema: schema, isBinary: output.isBinary ?? request.binaryOutput,
          classificationCount: output.classificationCount))
    }
    return chosen
  }

  /// Writes a response.
  func inferResponse(_ answers: Answers, outputs: [ChosenOutput], id: String?) -> ServerResponse {
    var writer = ResponseWriter(capacity: 192 + answers.values.count * 12, isDouble: isDouble)
    var blocks = ByteBuffer()
    writer.raw("{")
    if let id {
      writer.raw("\"id\":")
      writer.string(id)
      writer.raw(",")
    }
    writer.raw(responsePrefix)
    for (position, output) in outputs.enumerated() {
      if position > 0 { writer.raw(",") }
      write(output, answers, to: &writer, blocks: &blocks)
    }
    writer.raw("]}")
    guard outputs.contains(where: \.isBinary) else {
      return ServerResponse(mediaType: "application/json", body: writer.buffer)
    }
    var body = writer.buffer
    let headerLength = body.readableBytes
    body.writeBuffer(&blocks)
    var response = ServerResponse(mediaType: "application/octet-stream", body: body)
    response.headers = [("Inference-Header-Content-Length", String(headerLength))]
    return response
  }

  private func write(
    _ output: ChosenOutput, _ answers: Answers, to writer: inout ResponseWriter, blocks: inout ByteBuffer
  ) {
    if let count = output.classificationCount {
      let texts = classification(answers, count: count)
      return write(texts: texts, output, width: min(count, answers.width), answers.count, to: &writer, blocks: &blocks)
    }
    switch output.schema.form {
    case .label:
      if output.isBinary {
        let labels = (0..<answers.count).map { signature.labels[label(of: answers.row($0))] }
        return write(texts: labels, output, width: 1, answers.count, to: &writer, blocks: &blocks)
      }
      begin(output, answers.count, 1, to: &writer)
      writer.raw("],\"data\":[")
      for row in 0..<answers.count {
        if row > 0 { writer.raw(",") }
        writer.raw(quotedLabels[label(of: answers.row(row))])
      }
      writer.raw("]}")
    case .single:
      write(answers, output, size: 4, to: &writer) {
        blocks.writeInteger(Float($0).bitPattern, endianness: .little)
      }
    case .double:
      write(answers, output, size: 8, to: &writer) { blocks.writeInteger($0.bitPattern, endianness: .little) }
    }
  }

  /// Writes the numbers of every answer, as JSON or by `append` behind it.
  private func write(
    _ answers: Answers, _ output: ChosenOutput, size: Int, to writer: inout ResponseWriter, append: (Double) -> Void
  ) {
    begin(output, answers.count, answers.width, to: &writer)
    guard !output.isBinary else {
      writeSize(answers.values.count * size, to: &writer)
      return answers.values.forEach(append)
    }
    writer.raw("],\"data\":")
    writer.numbers(answers.values[...])
    writer.raw("}")
  }

  private func write(
    texts: [String], _ output: ChosenOutput, width: Int, _ rows: Int, to writer: inout ResponseWriter,
    blocks: inout ByteBuffer
  ) {
    begin(output, rows, width, to: &writer)
    guard output.isBinary else {
      writer.raw("],\"data\":")
      writer.value(JSONValue(texts))
      return writer.raw("}")
    }
    let start = blocks.readableBytes
    for text in texts {
      blocks.writeInteger(UInt32(text.utf8.count), endianness: .little)
      blocks.writeString(text)
    }
    writeSize(blocks.readableBytes - start, to: &writer)
  }

  private func begin(_ output: ChosenOutput, _ rows: Int, _ width: Int, to writer: inout ResponseWriter) {
    writer.raw(output.beginning)
    writer.number(rows)
    writer.raw(",")
    writer.number(width)
  }

  private func writeSize(_ size: Int, to writer: inout ResponseWriter) {
    writer.raw("],\"parameters\":{\"binary_data_size\":")
    writer.number(size)
    writer.raw("}}")
  }

  /// The most probable labels of every row, as `probability:position:label`.
  func classification(_ answers: Answers, count: Int) -> [String] {
    (0..<answers.count).flatMap { row in
      let values = Array(answers.row(row))
      let order = values.indices.sorted { values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1] }
      return order.prefix(count).map { "\(String(format: "%f", values[$0])):\($0):\(signature.labels[$0])" }
    }
  }
}
