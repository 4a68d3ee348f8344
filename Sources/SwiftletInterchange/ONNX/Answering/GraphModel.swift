// SPDX-License-Identifier: Apache-2.0
//
// GraphModel: a graph as a model that answers.
//
// What scikit-learn, PyTorch or Keras have written is asked by the same server and the same commands as Swiftlet's own models.
// What the graph does not say of itself is found out by asking it for two rows, once, when it is loaded.
//
// Shapes    N rows, F columns, W answers for a row
// Before    GraphOutput.swift     After    GraphSummary.swift

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import Synchronization

/// An ONNX graph, as what can answer. Safe to be used from many threads at once.
public final class GraphModel: Model {
  public let signature: Signature
  public let rowCost: Int
  /// The file, as `inspect` shows it.
  let message: ModelMessage
  let runner: GraphRunner
  let inputs: [GraphInput]
  private let output: GraphOutput

  /// The most columns: a picture of 224 by 224 pixels in three colors has 150,528.
  private static let widthLimit = 1 << 18
  /// The most rows that are run together.
  private static let longestBlock = 1024
  private let blockSize: Int

  /// Loads a graph.
  ///
  /// - Parameters:
  ///   - path: A file of ONNX, or a folder with a `model.onnx` and perhaps a `model.json` that names columns and labels.
  ///   - memoryLimit: The most bytes of what one run holds, by default 1 GiB. While it is loaded, a file of few
  ///     constants takes 16 MiB at most.
  /// - Throws: `FormatError` for a file that is not a graph, one that needs what is not supported, and one that does not answer
  ///   for rows; each with the node where it is.
  public convenience init(path: String, memoryLimit: Int = 1 << 30) throws {
    let file = GraphFile(path)
    let bytes = try ByteSource.file(file.graph).readAll(limit: 2 << 30)
    let message = try ModelMessage.decode(bytes, name: file.graph)
    var description = GraphDescription(message.metadata)
    if let told = file.description { try description.read(told) }
    let setting = GraphRunner.Setting(message, folder: file.folder, memoryLimit: memoryLimit)
    do { try self.init(message, description, setting, name: file.name) } catch let error as GraphError {
      throw FormatError(file.graph, "\(error).")
    }
  }

  /// Whether a path is a graph: a file that ends in `.onnx`, or a folder with a `model.onnx` that is not a bundle.
  ///
  /// - Parameter path: A file or a folder, which need not exist.
  public static func exists(at path: String) -> Bool { GraphFormat.holds(path) && !BundleFormat.holds(path) }

  init(_ message: ModelMessage, _ description: GraphDescription, _ setting: GraphRunner.Setting, name: String) throws {
    self.message = message
    let runner = try GraphRunner(message, setting)
    self.runner = runner
    let words = message.graph.words
    let inputs = try runner.inputs.map { try GraphInput($0, words: words) }
    self.inputs = inputs
    let width = inputs.reduce(0) { $0 + $1.width }
    guard width > 0, width <= min(Self.widthLimit, setting.elementLimit) else {
      throw GraphError("its inputs have \(width) columns, and there should be 1 to \(Self.widthLimit)")
    }
    guard inputs.allSatisfy({ $0.fixedCount == inputs[0].fixedCount }), inputs[0].fixedCount ?? 1 == 1 else {
      throw GraphError("it takes a fixed number of rows; write the model with a free first axis, or with one row")
    }
    // Two different rows show more than one; a graph for single rows is asked twice.
    let probe = (0..<2 * width).map { Float($0 / width) / 2 }
    let count = inputs[0].fixedCount ?? 2
    var memory = RunMemory(room: setting.loading.room)
    let values = try probe.withUnsafeBufferPointer { features in
      try runner.run(
        Self.values(inputs, UnsafeBufferPointer(rebasing: features[..<(count * width)]), width), in: &memory)
    }
    // Rows that are run together share the memory: of large pictures there are fewer.
    let fitting = setting.memoryLimit / (2 * memory.peak / count + 1)
    blockSize = inputs[0].fixedCount ?? min(Self.longestBlock, max(1, fitting))
    output = try GraphOutput(message.graph, values, count: count, description)
    let head = try output.head(message.graph, description, name: name)
    let names = try Self.columnNames(inputs, description)
    let schemas = zip(inputs.flatMap { input in Array(repeating: input, count: input.width) }, names).map {
      $0.schema($1)
    }
    var facts = ModelFacts()
    facts.kind = "onnx"
    facts.platform = "onnx_onnxv1"
    facts.parameterCount = message.parameterCount
    facts.training = ["producer": .string("\(message.producer) \(message.producerVersion)")]
    facts.card = message.documentation
    signature = Signature(
      name: name, target: description.targets.isEmpty ? "prediction" : description.targets.joined(separator: ","),
      inputs: schemas, featureCount: width, takesNumbers: inputs.allSatisfy { $0.type != .text }, head: head,
      facts: facts)
    // A parameter is used about once for a row; a node costs what a few hundred multiplications do.
    rowCost = min(message.parameterCount + 256 * runner.steps.count, 1 << 40)
  }

  private static func columnNames(_ inputs: [GraphInput], _ description: GraphDescription) throws -> [String] {
    let own = inputs.flatMap(\.columnNames)
    guard !description.columns.isEmpty else { return own }
    guard description.columns.count == own.count, Set(description.columns).count == own.count else {
      throw GraphError(
        "\(description.columns.count) names of columns are given, and \(own.count) different ones are needed")
    }
    return description.columns
  }

  /// A value for each input.
  private static func values(
    _ inputs: [GraphInput], _ features: UnsafeBufferPointer<Float>, _ width: Int
  ) throws -> [GraphValue] {
    var start = 0
    return try inputs.map { input in
      defer { start += input.width }
      return try input.value(features, columns: start..<start + input.width, of: width)
    }
  }

  public func features(of table: Table) throws -> (features: [Float], unseenCount: Int) {
    let width = signature.featureCount
    var features = Array(repeating: Float.nan, count: table.rowCount * width)
    var unseenCount = 0
    var position = 0
    for input in inputs {
      for _ in 0..<input.width {
        let column = try table.column(signature.inputs[position].name, for: "the model")
        unseenCount += try input.write(column, to: &features, at: position, of: width)
        position += 1
      }
    }
    return (features, unseenCount)
  }

  public func prepare(_ numbers: UnsafeBufferPointer<Double>, into features: UnsafeMutableBufferPointer<Float>) {
    for (position, number) in numbers.prefix(features.count).enumerated() { features[position] = Float(number) }
  }

  /// Answers for rows that were prepared. Rows that the graph fails on are answered with NaN.
  public func answer(features: UnsafeBufferPointer<Float>, into answers: UnsafeMutableBufferPointer<Double>) {
    do { try write(features, to: answers) } catch { answers.update(repeating: .nan) }
  }

  /// Answers for rows that were prepared.
  ///
  /// - Parameter features: N · F numbers, as ``features(of:)`` makes them.
  /// - Throws: ``GraphError`` with the node that failed.
  public func answers(for features: [Float]) throws -> Answers {
    let count = features.count / signature.featureCount
    var values = Array(repeating: Double.nan, count: count * output.answerWidth)
    try features.withUnsafeBufferPointer { features in
      try values.withUnsafeMutableBufferPointer { try write(features, to: $0) }
    }
    return Answers(values: values, count: count, width: output.answerWidth)
  }

  private func write(_ features: UnsafeBufferPointer<Float>, to answers: UnsafeMutableBufferPointer<Double>) throws {
    let width = signature.featureCount
    let count = features.count / width
    for start in stride(from: 0, to: count, by: blockSize) {
      let end = min(start + blockSize, count)
      let block = UnsafeBufferPointer(rebasing: features[start * width..<end * width])
      let target = UnsafeMutableBufferPointer(
        rebasing: answers[start * output.answerWidth..<end * output.answerWidth])
      try output.write(runner.run(Self.values(inputs, block, width)), count: end - start, to: target)
    }
  }
}

extension ModelMessage {
  /// Number of numbers in the constants.
  var parameterCount: Int {
    let constants = graph.initializers + graph.nodes.flatMap(\.attributes).compactMap(\.tensor)
    let listed = graph.nodes.flatMap(\.attributes).reduce(0) { $0 + $1.floats.count }
    return constants.reduce(listed) { sum, tensor in
      let sizes = tensor.sizes.map { Int(clamping: $0) }
      let isNumber = (try? ElementType.named(tensor.type).isFloating) ?? false
      return sum + (isNumber ? (try? elementCount(of: sizes, limit: 1 << 28)) ?? 0 : 0)
    }
  }
}
