// SPDX-License-Identifier: Apache-2.0
//
// Operator: a word of the graph's language.
//
// A family of operators is a file with a list, and a line in the table here. An operator that changed its meaning between two
// versions asks its context which one is meant.
//
// Before    ONNX/GraphBuilder.swift     After    Elementwise.swift
// Source    onnx, docs/Operators.md, docs/Operators-ml.md, docs/Changelog.md

/// An operator by its name, and how a node becomes what runs it.
struct Operator: Sendable {
  let name: String
  let domain: String
  /// The first version of its domain with a form of it that is understood here.
  let since: Int
  let make: @Sendable (NodeContext) throws -> Kernel

  /// An operator.
  ///
  /// - Parameter make: Checks the node's attributes, and gives what computes its outputs.
  init(
    _ name: String, since: Int = 1, domain: String = ONNXDomain.standard,
    _ make: @escaping @Sendable (NodeContext) throws -> Kernel
  ) {
    self.name = name
    self.domain = domain
    self.since = since
    self.make = make
  }
}

/// The operators that there are.
enum Operators {
  /// Every family.
  private static let families: [[Operator]] = [
    arithmetic, comparison, functions, activations, casting, shaping, joining, picking, planes, reductions, ranking,
    normalization, products, convolutions, pooling, recurrent, control, quantization, resizing, attention, losses,
    scaling,
    linear, encoding, trees, vectors,
  ]

  private static let table: [String: [String: Operator]] = Dictionary(
    grouping: families.joined(), by: \.domain
  ).mapValues { operators in Dictionary(operators.map { ($0.name, $0) }) { first, _ in first } }

  /// The names in a domain.
  static func names(in domain: String) -> [String] { table[domain].map { $0.keys.sorted() } ?? [] }

  /// The operator of a node.
  ///
  /// - Throws: ``GraphError`` if there is none with this name, or only a newer one.
  static func named(_ name: String, in domain: String, version: Int) throws -> Operator {
    guard let operation = table[ONNXDomain.normalized(domain)]?[name] else {
      let home = domain.isEmpty ? "" : " of \(domain)"
      throw GraphError("the operator \(name)\(home) is not supported")
    }
    guard version >= operation.since else {
      throw GraphError(
        "\(name) of operator set \(version) is not supported; write the model with operator set \(operation.since) or later"
      )
    }
    return operation
  }
}
