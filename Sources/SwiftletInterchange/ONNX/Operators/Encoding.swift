// SPDX-License-Identifier: Apache-2.0
//
// Encoding: names and numbers for each other.
//
// Before    Linear.swift     After    Trees.swift
// Source    onnx, docs/Operators-ml.md: LabelEncoder, OneHotEncoder, CategoryMapper, ArrayFeatureExtractor, ZipMap

extension Operators {
  static let encoding: [Operator] = [
    learning("LabelEncoder") { context in
      let code = try LabelCode(context)
      return { x in
        let places = try code.key.positions(of: try x[0]).map { $0 ?? code.values.count - 1 }
        return [code.values.picking(places, shape: try x[0].shape)]
      }
    },
    learning("CategoryMapper") { context in
      let texts = context.texts("cats_strings") ?? []
      let numbers = context.integers("cats_int64s") ?? []
      guard texts.count == numbers.count else { throw GraphError("it needs as many texts as numbers") }
      let text = GraphValue([texts.count + 1], texts + [context.text("default_string", "_Unused")])
      let number = GraphValue([texts.count + 1], (numbers + [context.integer("default_int64", -1)]).map { Int64($0) })
      let byText = KeyTable.texts(KeyTable.places(texts))
      let byNumber = KeyTable.integers(KeyTable.places(numbers.map { Int64($0) }))
      return { x in
        let isText = try x[0].type == .text
        let places = try (isText ? byText : byNumber).positions(of: try x[0]).map { $0 ?? texts.count }
        return [(isText ? number : text).picking(places, shape: try x[0].shape)]
      }
    },
    learning("OneHotEncoder") { context in
      let texts = context.texts("cats_strings") ?? []
      let numbers = (context.integers("cats_int64s") ?? []).map { Int64($0) }
      let table: KeyTable = texts.isEmpty ? .integers(KeyTable.places(numbers)) : .texts(KeyTable.places(texts))
      let count = texts.isEmpty ? numbers.count : texts.count
      let allowsUnknown = context.flag("zeros", true)
      return { x in
        let places = try table.positions(of: try x[0])
        guard allowsUnknown || !places.contains(nil) else {
          throw GraphError("it was given a category that it does not know")
        }
        var encoded = Array(repeating: Float(0), count: try x.count(of: [places.count, count]))
        for (row, place) in places.enumerated() { if let place { encoded[row * count + place] = 1 } }
        return [GraphValue(try x[0].shape + [count], encoded)]
      }
    },
    learning("ArrayFeatureExtractor") { _ in
      { x in
        let value = try x[0]
        let columns = try x.integers(1)
        guard let width = value.shape.last, columns.allSatisfy({ (0..<width).contains($0) }) else {
          throw GraphError("the columns \(columns.prefix(8)) are not all in the shape \(value.shape)")
        }
        let rows = value.count / max(width, 1)
        try x.count(of: [rows, columns.count])
        let shape = value.rank == 1 ? [1, columns.count] : value.shape.dropLast() + [columns.count]
        return [value.picking((0..<rows).flatMap { row in columns.map { row * width + $0 } }, shape: shape)]
      }
    },
    // A dictionary for each row is slow, and says nothing that the columns do not: they stay a matrix.
    learning("ZipMap") { _ in { x in [try x[0]] } },
  ]
}

/// Where each key stands.
private enum KeyTable: Sendable {
  case texts([String: Int])
  case integers([Int64: Int])
  /// A NaN equals a NaN here.
  case numbers([Double: Int], nan: Int?)

  static func places<Key: Hashable>(_ keys: [Key]) -> [Key: Int] {
    Dictionary(zip(keys, keys.indices)) { first, _ in first }
  }

  init(_ keys: GraphValue) throws {
    switch keys.elements {
    case .text(let texts): self = .texts(Self.places(texts))
    case .integer(let integers): self = .integers(Self.places(integers))
    default:
      let numbers = try keys.doubles.orThrow(GraphError("its keys are not numbers"))
      self = .numbers(
        Dictionary(zip(numbers, numbers.indices).filter { !$0.0.isNaN }) { first, _ in first },
        nan: numbers.firstIndex { $0.isNaN })
    }
  }

  /// The position of each element among the keys.
  func positions(of value: GraphValue) throws -> [Int?] {
    switch self {
    case .texts(let table):
      guard let texts = value.texts else { throw GraphError("its keys are texts, and it was given \(value.type)") }
      return texts.map { table[$0] }
    case .integers(let table):
      guard let numbers = value.integers ?? value.doubles?.map({ Operators.whole($0) }) else {
        throw GraphError("its keys are numbers, and it was given texts")
      }
      return numbers.map { table[$0] }
    case .numbers(let table, let nan):
      guard let numbers = value.doubles else { throw GraphError("its keys are numbers, and it was given texts") }
      return numbers.map { $0.isNaN ? nan : table[$0] }
    }
  }
}

/// The keys and values of a LabelEncoder; the last value is that of all other keys.
private struct LabelCode: Sendable {
  let key: KeyTable
  let values: GraphValue

  init(_ context: NodeContext) throws {
    if let classes = context.texts("classes_strings"), !classes.isEmpty {
      throw GraphError("LabelEncoder of version 1 is not supported; write the model with ai.onnx.ml 2 or later")
    }
    let keys = try Self.list("keys", context)
    let values = try Self.list("values", context)
    guard keys.count == values.count else {
      throw GraphError("it has \(keys.count) keys and \(values.count) values")
    }
    let other: GraphValue =
      if let tensor = try context.tensor("default_tensor"), tensor.count == 1 {
        tensor.cast(to: values.type)
      } else if values.type == .text {
        GraphValue([], [context.text("default_string", "_Unused")])
      } else if values.type.isFloating {
        GraphValue([], [context.float("default_float", -0.0)]).cast(to: values.type)
      } else {
        GraphValue([], [Int64(context.integer("default_int64", -1))]).cast(to: values.type)
      }
    let x = Operands(values: [], limit: context.limit)
    key = try KeyTable(keys)
    self.values = try Operators.concatenated(
      [values.reshaped([values.count]), other.reshaped([1])], axis: 0, x)
  }

  private static func list(_ name: String, _ context: NodeContext) throws -> GraphValue {
    if let texts = context.texts(name + "_strings"), !texts.isEmpty { return GraphValue([texts.count], texts) }
    if let wholes = context.integers(name + "_int64s"), !wholes.isEmpty {
      return GraphValue([wholes.count], wholes.map { Int64($0) })
    }
    if let numbers = context.floats(name + "_floats"), !numbers.isEmpty { return GraphValue([numbers.count], numbers) }
    return try context.tensor(name + "_tensor").orThrow(GraphError("it has no \(name)"))
  }
}
