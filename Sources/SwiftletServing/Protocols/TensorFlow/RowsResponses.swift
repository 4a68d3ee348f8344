// SPDX-License-Identifier: Apache-2.0
//
// Answers as TensorFlow Serving writes them: a value for each row, or a list for each output.
//
// Before    RowsRequest.swift     After    TensorFlowServing.swift

import NIOCore
import SwiftletModels

extension ServedModel {
  /// `{"predictions": [{"label": …, "probabilities": […]}]}`; with one output its bare values.
  func predictions(_ answers: Answers) -> ServerResponse {
    written(answers) { writer in
      writer.raw("{\"predictions\":")
      list(answers, to: &writer) { row, writer in
        guard isClassification else { return number(row, to: &writer) }
        writer.raw("{\"label\":")
        writer.raw(quotedLabels[label(of: row)])
        writer.raw(",\"probabilities\":")
        writer.numbers(row)
        writer.raw("}")
      }
      writer.raw("}")
    }
  }

  /// `{"outputs": {"label": […], "probabilities": [[…]]}}`; with one output its bare list.
  func outputColumns(_ answers: Answers) -> ServerResponse {
    written(answers) { writer in
      writer.raw("{\"outputs\":")
      if isClassification {
        writer.raw("{\"label\":")
        list(answers, to: &writer) { row, writer in writer.raw(quotedLabels[label(of: row)]) }
        writer.raw(",\"probabilities\":")
        list(answers, to: &writer) { row, writer in writer.numbers(row) }
        writer.raw("}")
      } else {
        list(answers, to: &writer) { row, writer in number(row, to: &writer) }
      }
      writer.raw("}")
    }
  }

  /// `{"results": [[["setosa", 0.97], …]]}`, the most probable first.
  func classResults(_ answers: Answers) -> ServerResponse {
    written(answers) { writer in
      writer.raw("{\"results\":")
      list(answers, to: &writer) { row, writer in
        let values = Array(row)
        writer.raw("[")
        for (rank, i) in values.indices.sorted(by: { values[$0] > values[$1] }).enumerated() {
          writer.raw(rank > 0 ? ",[" : "[")
          writer.raw(quotedLabels[i])
          writer.raw(",")
          writer.number(values[i])
          writer.raw("]")
        }
        writer.raw("]")
      }
      writer.raw("}")
    }
  }

  /// `{"results": [3.5]}`.
  func numberResults(_ answers: Answers) -> ServerResponse {
    written(answers) { writer in
      writer.raw("{\"results\":")
      list(answers, to: &writer) { row, writer in number(row, to: &writer) }
      writer.raw("}")
    }
  }

  /// `{"predictions": ["setosa"]}`, with SageMaker's scores, or with the probabilities alone.
  func bareRows(_ answers: Answers, _ form: Invocation.Answer) -> ServerResponse {
    written(answers) { writer in
      writer.raw("{\"predictions\":")
      list(answers, to: &writer) { row, writer in
        switch form {
        case .scores: score(row, to: &writer)
        case .labels where isClassification: writer.raw(quotedLabels[label(of: row)])
        case .probabilities where isClassification: writer.numbers(row)
        case .labels, .probabilities: number(row, to: &writer)
        }
      }
      writer.raw("}")
    }
  }

  /// A line for each row, with SageMaker's score in it.
  func scoreLines(_ answers: Answers) -> ByteBuffer {
    var writer = ResponseWriter(capacity: answers.values.count * 12 + answers.count * 40, isDouble: isDouble)
    for row in 0..<answers.count {
      score(answers.row(row), to: &writer)
      writer.raw("\n")
    }
    return writer.buffer
  }

  /// As AWS's linear learner writes it: of two classes the probability of the second, whichever is predicted; of
  /// several the list of all.
  private func score(_ row: ArraySlice<Double>, to writer: inout ResponseWriter) {
    writer.raw("{\"score\":")
    if isClassification {
      if row.count == 2, let positive = row.last { writer.number(positive) } else { writer.numbers(row) }
      writer.raw(",\"predicted_label\":")
      writer.raw(quotedLabels[label(of: row)])
    } else {
      number(row, to: &writer)
    }
    writer.raw("}")
  }

  // MARK: Parts

  private func written(_ answers: Answers, _ body: (inout ResponseWriter) -> Void) -> ServerResponse {
    var writer = ResponseWriter(
      capacity: 128 + answers.values.count * 12 + answers.count * 40, isDouble: isDouble)
    body(&writer)
    return ServerResponse(mediaType: "application/json", body: writer.buffer)
  }

  private func list(
    _ answers: Answers, to writer: inout ResponseWriter, _ body: (ArraySlice<Double>, inout ResponseWriter) -> Void
  ) {
    writer.raw("[")
    for row in 0..<answers.count {
      if row > 0 { writer.raw(",") }
      body(answers.row(row), &writer)
    }
    writer.raw("]")
  }

  /// One number of a regression; a list where there are several targets.
  private func number(_ row: ArraySlice<Double>, to writer: inout ResponseWriter) {
    if row.count == 1, let value = row.first { writer.number(value) } else { writer.numbers(row) }
  }
}
