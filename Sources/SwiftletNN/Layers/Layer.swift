// SPDX-License-Identifier: Apache-2.0
//
// Layer: a step from an input to an output, with parameters that are learned.
//
// A layer is a value that holds tensors: it can be copied, sent to another thread and kept as "the best
// so far" by an assignment. For training it is called with a variable, and lifts its parameters onto the
// variable's tape; for answering it is called with a tensor, and no tape exists. It describes itself as data, and
// is made again from that description, so that a model can be saved and loaded.
//
// Before    SwiftletAutograd     After    Parameters/Initializer.swift

import SwiftletAutograd
import SwiftletFormats
import SwiftletTensors

/// A parameter and its name, which is `weight`, `0.bias` and so on, as in PyTorch's `state_dict`.
public struct NamedParameter: Sendable {
  /// The name in a saved model, such as `0.weight`.
  public let name: String
  /// The numbers that are learned.
  public let value: Tensor
  /// Whether training changes it. A layer lifts a frozen parameter with `tape.constant`.
  public let isTrainable: Bool

  /// A parameter under its name.
  public init(name: String, value: Tensor, isTrainable: Bool = true) {
    self.name = name
    self.value = value
    self.isTrainable = isTrainable
  }
}

/// A part of a network.
public protocol Layer: Sendable {
  /// The word that names this kind of layer in a saved model and in a recipe, such as `linear`.
  static var kind: String { get }

  /// Makes the layer from its settings, and takes its parameters from a source.
  ///
  /// - Throws: ``LayerError`` for a setting that is absent or out of range.
  init(from plan: LayerPlan) throws

  /// The settings as an object: what ``init(from:)`` reads. Empty if there are none.
  var settings: JSONValue { get }

  /// The parameters, in a fixed order.
  var parameters: [NamedParameter] { get }

  /// Whether training changes each of the parameters, in their order: what `parameters` says, without their names.
  var trainability: [Bool] { get }

  /// Calls `body` with every parameter, to be changed in place, in the order of `parameters`.
  mutating func updateParameters(_ body: (_ name: String, _ value: inout Tensor) throws -> Void) rethrows

  /// The output for an input, without a tape.
  func callAsFunction(_ input: Tensor) -> Tensor

  /// The output for an input on a tape. Lifts every trainable parameter, in the order of `parameters`.
  func callAsFunction(_ input: Variable) -> Variable

  /// The shape of the output for an input of the given shape.
  ///
  /// - Throws: ``LayerError`` for an input that the layer cannot take.
  func outputShape(for input: Shape) throws -> Shape

  /// Number of multiplications for an input of the given shape, which `outputShape(for:)` has accepted.
  ///
  /// By it, work is shared out among threads and batches. Only products count; a layer without its own answers with its
  /// weights once for each row.
  func multiplicationCount(for input: Shape) -> Double

  /// The layers that replace this one in answers: most layers stay as they are, and dropout disappears.
  var answering: [any Layer] { get }

  /// One layer that computes what this and the next compute, in fewer passes; `nil` if there is none.
  func fused(with next: any Layer) -> (any Layer)?

  /// The same layer with its parameters laid out for many answers; most are their own.
  var packed: any Layer { get }

  /// Writes the output for an input in bare memory, for callers that own their buffers.
  ///
  /// Optional: by default the memory is copied into a tensor and out of one.
  ///
  /// - Parameters:
  ///   - input: The numbers of the input.
  ///   - shape: The input's shape, which `outputShape(for:)` has accepted.
  ///   - output: Room for the numbers of the output, with seven more behind them that may be overwritten.
  func answer(_ input: UnsafeBufferPointer<Float>, shape: Shape, into output: UnsafeMutableBufferPointer<Float>)

  /// The layer's name in a summary, for example `Linear(784 → 256)`.
  var summaryName: String { get }
}

extension Layer {
  // A layer that learns nothing and has no settings is the common case among activations.
  public var settings: JSONValue { [:] }
  public var parameters: [NamedParameter] { [] }
  public var trainability: [Bool] { parameters.map(\.isTrainable) }
  public mutating func updateParameters(_ body: (_ name: String, _ value: inout Tensor) throws -> Void) rethrows {}
  public func outputShape(for input: Shape) throws -> Shape { input }
  public func multiplicationCount(for input: Shape) -> Double {
    let weightCount = parameters.filter { $0.value.rank > 1 }.reduce(0) { $0 + $1.value.count }
    return Double(input.dropLast().reduce(1, *)) * Double(weightCount)
  }
  public var answering: [any Layer] { [self] }
  public func fused(with next: any Layer) -> (any Layer)? { nil }
  public var packed: any Layer { self }
  public var summaryName: String { "\(Self.self)" }

  public func answer(_ input: UnsafeBufferPointer<Float>, shape: Shape, into output: UnsafeMutableBufferPointer<Float>)
  {
    answerByTensors(input, shape: shape, into: output)
  }

  /// The output for an input in bare memory, which is copied into a tensor and out of one.
  func answerByTensors(
    _ input: UnsafeBufferPointer<Float>, shape: Shape, into output: UnsafeMutableBufferPointer<Float>
  ) {
    let answer = self(Tensor(uninitialized: shape) { _ = $0.update(fromContentsOf: input) })
    guard answer.count == output.count else {
      stop("\(summaryName): the output has the shape \(answer.shape), which is not what outputShape says for \(shape)")
    }
    answer.withUnsafeScalars { _ = output.update(fromContentsOf: $0) }
  }

  /// The layer as data: its kind and its settings.
  public var description: JSONValue {
    .object([.init("kind", .string(Self.kind))] + (settings.members ?? []))
  }

  /// Number of parameters, each scalar counted.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }

  /// Calls `body` with every parameter that is not frozen, in the order of `parameters`, which is that of gradients.
  public mutating func updateTrainableParameters(
    _ body: (_ name: String, _ value: inout Tensor) throws -> Void
  ) rethrows {
    let isTrainable = trainability
    var position = 0
    try updateParameters { name, value in
      defer { position += 1 }
      if isTrainable[position] { try body(name, &value) }
    }
  }
}
