// SPDX-License-Identifier: Apache-2.0
//
// GraphOutput: what a graph's outputs mean.
//
// A label beside a matrix is a classification, and so is a matrix that a softmax made; any other matrix is predictions. The
// answers to two rows show whether they are probabilities; scores become probabilities by softmax.
//
// Shapes    N rows, W numbers for a row
// Before    GraphInput.swift     After    GraphModel.swift

import Foundation
import SwiftletFormats
import SwiftletModels

/// How the outputs of a graph become answers.
struct GraphOutput: Sendable {
  /// What is done with the numbers of a row.
  enum Finish: Sendable {
    case nothing
    case softmax
    /// The probability of the second of two labels is given alone.
    case complement
    /// The log odds of the second of two labels are given alone.
    case logOdds
  }

  /// Which output holds the numbers.
  let position: Int
  /// W, the number of numbers of a row.
  let width: Int
  let finish: Finish
  /// Whether the numbers are of classes.
  let isClassification: Bool

  /// Finds out what the outputs mean.
  ///
  /// - Parameters:
  ///   - values: What the graph gave for some rows.
  ///   - count: Number of these rows.
  init(_ graph: GraphMessage, _ values: [GraphValue], count: Int, _ description: GraphDescription) throws {
    let position = try values.indices.first { values[$0].type.isFloating && values[$0].shape.first == count }
      .orThrow(GraphError("no output holds numbers for each row"))
    self.position = position
    let numbers = try Self.numbers(of: values[position], count: count)
    let width = numbers.count / max(count, 1)
    self.width = width
    let hasLabel = values.indices.contains {
      $0 != position && values[$0].count == count && !values[$0].type.isFloating
    }
    let ending = graph.origin(of: graph.outputs[position].name)
    let isProbable = ["Softmax", "Sigmoid", "LogSoftmax"].contains(ending)
    isClassification = hasLabel || !description.labels.isEmpty || (isProbable && (width > 1 || ending == "Sigmoid"))
    guard isClassification else {
      finish = .nothing
      return
    }
    let rows = stride(from: 0, to: numbers.count, by: max(width, 1)).map { Array(numbers[$0..<$0 + width]) }
    if width == 1 {
      finish = rows.allSatisfy({ (0...1).contains($0[0]) }) && ending != "Gemm" ? .complement : .logOdds
    } else {
      let isDistribution = rows.allSatisfy { row in
        row.allSatisfy { $0 >= 0 } && (row.reduce(0, +) - 1).magnitude < 1e-3
      }
      finish = isDistribution ? .nothing : .softmax
    }
  }

  /// The numbers of a value that has a row for each of some rows.
  static func numbers(of value: GraphValue, count: Int) throws -> [Double] {
    guard value.shape.first == count, let numbers = value.doubles else {
      throw GraphError("for \(count) rows it gives \(value.type) of the shape \(value.shape)")
    }
    return numbers
  }

  /// W, the number of numbers in an answer.
  var answerWidth: Int { isClassification && width == 1 ? 2 : width }

  /// Writes the answers of some rows.
  func write(_ values: [GraphValue], count: Int, to answers: UnsafeMutableBufferPointer<Double>) throws {
    let numbers = try Self.numbers(of: values[position], count: count)
    guard numbers.count == count * width, answers.count == count * answerWidth else {
      throw GraphError("it gave \(numbers.count) numbers for \(count) rows, and \(count * width) are needed")
    }
    for row in 0..<count {
      let own = numbers[row * width..<(row + 1) * width]
      switch finish {
      case .nothing: for (place, number) in own.enumerated() { answers[row * width + place] = number }
      case .softmax:
        let total = Operators.logSumExp(own)
        for (place, number) in own.enumerated() { answers[row * width + place] = exp(number - total) }
      case .complement, .logOdds:
        let number = own[own.startIndex]
        let probability = finish == .logOdds ? Operators.sigmoid(number) : number
        answers[2 * row] = 1 - probability
        answers[2 * row + 1] = probability
      }
    }
  }

  /// The head that says it in the server's terms.
  func head(_ graph: GraphMessage, _ description: GraphDescription, name: String) throws -> any Head {
    let labels = description.labels.isEmpty ? graph.classNames(count: answerWidth) : description.labels
    guard !isClassification || (labels.count == answerWidth && labels.count >= 2) else {
      throw GraphError("it answers for \(answerWidth) classes, and \(labels.count) labels are given")
    }
    let targets = description.targets.count == width ? description.targets : Self.targetNames(width)
    let scales: [JSONValue] = targets.map { ["name": .string($0), "offset": 0, "factor": 1] }
    let signature: JSONValue = isClassification ? ["labels": JSONValue(labels)] : ["targets": .array(scales)]
    let task = isClassification ? "classification" : "regression"
    return try Heads.read(
      model: ["task": .string(task), "threshold": .number(description.threshold), "signature": signature], file: name)
  }

  private static func targetNames(_ count: Int) -> [String] {
    count == 1 ? ["prediction"] : (0..<count).map { String($0) }
  }
}

extension GraphMessage {
  private func producer(of name: String) -> NodeMessage? { nodes.last { $0.outputs.contains(name) } }

  /// The operator that made a value, through those that only pass it on.
  fileprivate func origin(of name: String) -> String {
    var name = name
    // Every step goes to an earlier node, so there are at most as many as nodes.
    for _ in nodes.indices {
      guard let node = producer(of: name) else { return "" }
      guard ["Identity", "Cast", "Reshape", "ZipMap", "Squeeze", "Flatten"].contains(node.operation),
        let input = node.inputs.first
      else { return node.operation }
      name = input
    }
    return ""
  }

  /// The names of the classes, where a node knows them; else their numbers.
  fileprivate func classNames(count: Int) -> [String] {
    func names(_ attribute: AttributeMessage) -> [String] {
      if attribute.name == "values_strings" { return attribute.texts }
      guard attribute.name.hasPrefix("classlabels_") else { return [] }
      return attribute.texts + attribute.integers.map { String($0) }
    }
    // ZipMap comes last, and knows best; a LabelEncoder before the features knows something else.
    for node in nodes.reversed() {
      let found = node.attributes.map(names).first { $0.count == count && Set($0).count == count }
      if let found { return found }
      if node.operation == "ArrayFeatureExtractor",
        let constant = initializers.first(where: { $0.name == node.inputs.first })
      {
        let labels = constant.texts + constant.integers.map { String($0) }
        if labels.count == count { return labels }
      }
    }
    return (0..<count).map { String($0) }
  }
}
