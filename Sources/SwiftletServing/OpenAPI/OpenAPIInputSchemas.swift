// SPDX-License-Identifier: Apache-2.0
//
// The inputs of a model as JSON Schema: the names, the ranges and the categories of its columns.
//
// Before    OpenAPIModelSchemas.swift     After    Playground/StaticAssets.swift

import SwiftletFormats
import SwiftletTables

struct OpenAPIInputSchemas {
  private let model: ServedModel
  init(_ model: ServedModel) { self.model = model }

  private var inputs: [InputSchema] { model.signature.inputs }

  // MARK: Rows

  /// One row of `instances`.
  var row: JSONValue {
    if !model.isTabular { return picture }
    guard model.signature.isNumeric else { return namedRow }
    return [
      "type": "array", "prefixItems": .array(inputs.map(cell)), "items": false,
      "minItems": JSONValue(inputs.count), "maxItems": JSONValue(inputs.count),
      "description": .string("The columns in order: \(model.signature.columnNames.joined(separator: ", "))."),
    ]
  }

  /// One row as an object.
  var namedRow: JSONValue {
    if !model.isTabular {
      return [
        "type": "object", "required": [.string(inputs[0].name)],
        "properties": .object([.init(inputs[0].name, picture)]), "additionalProperties": false,
      ]
    }
    return [
      "type": "object", "required": JSONValue(model.signature.columnNames), "additionalProperties": false,
      "properties": .object(inputs.map { .init($0.name, namedCell($0)) }),
    ]
  }

  /// The column that is given alone by those who want a list; `nil` if the model makes none.
  private var listedUser: InputSchema? { model.recommender.flatMap { model.input(named: $0.head.user) } }

  /// A row that names a user alone, and is answered with a list; `nil` if the model makes none.
  var listedRow: JSONValue? {
    listedUser.map { user in
      [
        "type": "object", "required": [.string(user.name)], "additionalProperties": false,
        "properties": .object([.init(user.name, namedCell(user))]),
      ]
    }
  }

  var rowExample: JSONValue {
    if !model.isTabular { return model.exampleRow[0].value }
    guard model.signature.isNumeric else { return .object(model.exampleRow) }
    return .array(model.exampleRow.map(\.value))
  }

  /// Lines of pixels, for each channel if there are several.
  private var picture: JSONValue {
    let shape = model.inputs[0].shape
    func list(_ count: Int, _ items: JSONValue) -> JSONValue {
      ["type": "array", "minItems": JSONValue(count), "maxItems": JSONValue(count), "items": items]
    }
    return shape.dropFirst().reversed().reduce(pixel) { list($1, $0) }
  }

  /// The bodies with pictures instead of JSON; empty for a model of a table.
  var pictureBodies: [JSONValue.Member] {
    guard !model.isTabular else { return [] }
    let file: JSONValue = ["type": "string", "contentMediaType": "application/octet-stream"]
    let field = model.inputs[0].name
    let form: JSONValue = [
      "schema": [
        "type": "object", "required": [.string(field)], "additionalProperties": false,
        "properties": .object([.init(field, ["type": "array", "minItems": 1, "items": file])]),
        "description": .string("PNGs or JPEGs of any size, each a field \(field) of the form."),
      ]
    ]
    return [.init(MultipartForm.mediaType, form)]
      + Picture.mediaTypes.map { .init($0, ["schema": .object([.init("description", "One picture of any size.")])]) }
  }

  private var pixel: JSONValue { ["type": "integer", "minimum": 0, "maximum": 255] }

  // MARK: Cells

  /// A value of one column; null if it is not known.
  private func cell(_ input: InputSchema) -> JSONValue {
    guard input.bounds != nil else { return word(input) }
    var values = numbers(input)
    // A spelling of a missing value in the data is one here, too.
    values.append(["enum": JSONValue(model.signature.reading.missing.spellings)])
    return ["anyOf": .array(values), "description": .string(input.meaning)]
  }

  /// Anything that can be read as a word, with the known ones listed for the reader.
  private func word(_ input: InputSchema) -> JSONValue {
    [
      "type": ["string", "number", "boolean", "null"], "description": .string(input.meaning),
      "examples": JSONValue(Array(input.words.prefix(50))),
    ]
  }

  /// A number, as it is or in quotes.
  private func numbers(_ input: InputSchema) -> [JSONValue] {
    guard let bounds = input.bounds else { return [] }
    let number: JSONValue = [
      "type": ["number", "null"], "minimum": .number(bounds.lowerBound), "maximum": .number(bounds.upperBound),
    ]
    // A pattern knows nothing of bounds, so it names as many digits as are surely within them.
    let largest = [9.0, 99, 999, 9999, 99_999].prefix { bounds.contains($0) && bounds.contains(-$0) }
    guard !largest.isEmpty else { return [number] }
    return [number, ["type": "string", "pattern": .string("^-?[0-9]{1,\(largest.count)}$")]]
  }

  /// A value of an object: itself, or in a list of its own, as tensors of shape [1] are written.
  private func namedCell(_ input: InputSchema) -> JSONValue {
    let single = cell(input)
    return ["anyOf": [single, ["type": "array", "minItems": 1, "maxItems": 1, "items": single]]]
  }

  // MARK: Tensors

  /// A request for one row, or for the list of one user.
  var inferBody: JSONValue {
    guard let user = listedUser else { return inferBody(tensors) }
    let (data, types) = tensorValue(user)
    return [
      "anyOf": [
        inferBody(tensors),
        inferBody([
          tensor(user.name, types, [1, 1], ["type": "array", "minItems": 1, "maxItems": 1, "items": data])
        ]),
      ]
    ]
  }

  private func inferBody(_ inputs: [JSONValue]) -> JSONValue {
    [
      "type": "object", "required": ["inputs"],
      "properties": [
        "id": ["type": ["string", "null"]],
        "inputs": [
          "type": "array", "prefixItems": .array(inputs), "items": false, "minItems": JSONValue(inputs.count),
          "maxItems": JSONValue(inputs.count),
        ],
      ],
    ]
  }

  private var tensors: [JSONValue] {
    if !model.isTabular {
      let shape = [1] + model.inputs[0].shape.dropFirst()
      let count = shape.reduce(1, *)
      return [
        tensor(
          model.inputs[0].name, ["FP32", "UINT8"], shape,
          [
            "type": "array", "minItems": JSONValue(count), "maxItems": JSONValue(count), "items": pixel,
            "description":
              "Pixels. PNGs and JPEGs of any size are taken too: datatype BYTES, shape [N], and {\"b64\": \"…\"} for each.",
          ])
      ]
    }
    guard model.signature.isNumeric else {
      return inputs.map { input in
        let (data, types) = tensorValue(input)
        return tensor(input.name, types, [1, 1], ["type": "array", "minItems": 1, "maxItems": 1, "items": data])
      }
    }
    return [
      tensor(
        model.inputs[0].name, ["FP32", "FP64"], [1, inputs.count],
        [
          "type": "array", "prefixItems": .array(inputs.map { ["anyOf": .array(numbers($0))] }), "items": false,
          "minItems": JSONValue(inputs.count), "maxItems": JSONValue(inputs.count),
        ])
    ]
  }

  /// A value in a tensor, and the datatypes that it may have there.
  private func tensorValue(_ input: InputSchema) -> (data: JSONValue, types: [String]) {
    switch input.form {
    case .number, .byte: (["anyOf": .array(numbers(input))], ["FP32", "FP64"])
    case .truth: (["anyOf": [["type": ["boolean", "null"]], ["enum": [0, 1]]]], ["BOOL"])
    case .word: (["type": ["string", "null"]], ["BYTES"])
    }
  }

  private func tensor(_ name: String, _ datatypes: [String], _ shape: [Int], _ data: JSONValue) -> JSONValue {
    [
      "type": "object", "required": ["name", "shape", "datatype", "data"],
      "properties": [
        "name": ["const": .string(name)], "shape": ["const": .array(shape.map { JSONValue($0) })],
        "datatype": ["enum": JSONValue(datatypes)], "data": data,
      ],
    ]
  }

  var inferExample: JSONValue {
    func example(_ name: String, _ datatype: String, _ shape: [Int], _ data: [JSONValue]) -> JSONValue {
      [
        "name": .string(name), "shape": .array(shape.map { JSONValue($0) }), "datatype": .string(datatype),
        "data": .array(data),
      ]
    }
    let row = model.exampleRow
    if !model.isTabular {
      let shape = [1] + model.inputs[0].shape.dropFirst()
      return ["inputs": [example(model.inputs[0].name, "UINT8", shape, Array(repeating: 0, count: shape.reduce(1, *)))]]
    }
    if model.signature.isNumeric {
      return ["inputs": [example(model.inputs[0].name, "FP32", [1, row.count], row.map(\.value))]]
    }
    return [
      "inputs": .array(
        zip(model.inputs, row).map { input, member in
          example(member.name, input.datatype.rawValue, [1, 1], [member.value])
        })
    ]
  }
}
