// SPDX-License-Identifier: Apache-2.0
//
// CoreMLPipeline: steps that follow each other, and the preparation of the columns as the first of them.
//
//     numbers      featureVectorizer → imputer → scaler
//     categories   imputer → oneHotEncoder; with accents: imputer → categoricalMapping → oneHotEncoder
//     truth        categoricalMapping
//     all          featureVectorizer
//
// Shapes    D features
// Before    CoreMLModel.swift     After    CoreMLNetwork.swift
// Source    coremltools 9.0, mlmodel/format/FeatureVectorizer.proto, Imputer.proto, Scaler.proto, OneHotEncoder.proto,
//           CategoricalMapping.proto

import SwiftletFormats

/// Steps, each of which takes what those before it gave.
struct CoreMLPipeline {
  private(set) var steps: [CoreMLModel] = []
  private var names: FreeNames

  /// No steps yet.
  ///
  /// - Parameter names: Those of the inputs and outputs, which no value between them may have.
  init(names: FreeNames) { self.names = names }

  /// The fields of the message Pipeline.
  var body: ProtobufWriter {
    var body = ProtobufWriter()
    for step in steps { body.write(1, bytes: step.message.bytes) }
    return body
  }

  /// Adds a step, which gives an output of the pipeline.
  mutating func add(_ step: CoreMLModel) { steps.append(step) }

  /// Adds a step with one output.
  ///
  /// - Parameters:
  ///   - wanted: The name of the output, if no value has it.
  ///   - body: Writes the fields of the kind's message.
  /// - Returns: The output.
  mutating func add(
    _ kind: CoreMLModel.Kind, _ inputs: [CoreMLFeature], as wanted: String, _ form: CoreMLFeature.Form,
    _ body: (inout ProtobufWriter) -> Void
  ) -> CoreMLFeature {
    let output = CoreMLFeature(name: unused(wanted), form: form)
    var message = ProtobufWriter()
    body(&message)
    steps.append(CoreMLModel(kind: kind, inputs: inputs, outputs: [output], body: message))
    return output
  }

  /// A name that no value has.
  mutating func unused(_ wanted: String) -> String { names.next(wanted) }

  // MARK: Columns

  /// What a column of an app's data is.
  static func input(_ column: PreparedColumn) -> CoreMLFeature {
    CoreMLFeature(
      name: column.name, form: column.isNumber ? .double : .string,
      meaning: column.meaning + (column.isNumber ? " NaN if it is missing." : " The empty text if it is missing."))
  }

  /// Adds the preparation of all columns.
  ///
  /// - Returns: The features, D of them.
  mutating func prepare(_ columns: [PreparedColumn]) -> CoreMLFeature {
    var parts: [CoreMLFeature] = []
    var rest = columns[...]
    while let first = rest.first {
      // Neighbors that hold numbers are prepared together.
      let block = rest.prefix { $0.isNumber }
      if block.isEmpty {
        parts.append(prepare(first))
        rest.removeFirst()
      } else {
        parts.append(numbers(Array(block)))
        rest.removeFirst(block.count)
      }
    }
    return parts.count == 1 && parts[0].isArray ? parts[0] : vector(parts, as: "features")
  }

  private mutating func vector(_ parts: [CoreMLFeature], as name: String) -> CoreMLFeature {
    let sizes = parts.map { if case .array(let count) = $0.form { count } else { 1 } }
    return add(.featureVectorizer, parts, as: name, .array(sizes.reduce(0, +))) { body in
      for (part, size) in zip(parts, sizes) {
        body.message(1) { column in
          column.write(1, string: part.name)
          column.write(2, unsigned: UInt64(size))
        }
      }
    }
  }

  /// scale · (x + shift), with the fill for NaN.
  private mutating func numbers(_ columns: [PreparedColumn]) -> CoreMLFeature {
    var fills: [Double] = []
    var shifts: [Double] = []
    var scales: [Double] = []
    for case .number(let fill, let offset, let factor) in columns.map(\.preparation) {
      fills.append(fill)
      shifts.append(-offset)
      scales.append(factor)
    }
    let all = vector(columns.map(Self.input), as: "numbers")
    let filled = add(.imputer, [all], as: "numbers_filled", all.form) { body in
      body.message(4) { $0.write(1, packed: fills) }
      body.write(11, double: .nan)
    }
    return add(.scaler, [filled], as: "numbers_scaled", all.form) { body in
      body.write(1, packed: shifts)
      body.write(2, packed: scales)
    }
  }

  private mutating func prepare(_ column: PreparedColumn) -> CoreMLFeature {
    var value = Self.input(column)
    switch column.preparation {
    case .number: return value
    case .truth(let spellings, let fill):
      return mapped(value, spellings, other: fill, as: "\(column.name)_truth")
    case .categories(let words, let fill):
      if let fill {
        value = add(.imputer, [value], as: "\(column.name)_filled", .string) { body in
          body.write(3, string: fill)
          body.write(13, string: "")
        }
      }
      let spellings = words.enumerated().flatMap { place, word in
        Spellings.all(of: word).map { PreparedColumn.Spelling(text: $0, value: place) }
      }
      let isPlain = spellings.count == words.count
      if !isPlain { value = mapped(value, spellings, other: -1, as: "\(column.name)_position") }
      return add(.oneHotEncoder, [value], as: "\(column.name)_is", .array(words.count)) { body in
        if isPlain {
          body.write(1, list: words)
        } else {
          body.message(2) { list in words.indices.forEach { list.write(1, signed: Int64($0)) } }
        }
        body.write(11, unsigned: 1)  // an unknown category is none of them
      }
    }
  }

  /// The number of each text, and another for all other texts.
  private mutating func mapped(
    _ value: CoreMLFeature, _ spellings: [PreparedColumn.Spelling], other: Int, as name: String
  ) -> CoreMLFeature {
    add(.categoricalMapping, [value], as: name, .int64) { body in
      body.message(1) { map in
        for spelling in spellings {
          map.message(1) { entry in
            entry.write(1, string: spelling.text)
            entry.write(2, signed: Int64(spelling.value))
          }
        }
      }
      body.write(102, signed: Int64(other))
    }
  }
}

extension CoreMLFeature {
  fileprivate var isArray: Bool {
    if case .array = form { true } else { false }
  }
}
