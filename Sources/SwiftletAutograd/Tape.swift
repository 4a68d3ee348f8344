// SPDX-License-Identifier: Apache-2.0
//
// The tape: how a gradient is computed by machine.
//
// While a loss is being computed, the tape writes down every operation: what went in, and how a change
// of the result is traced back to changes of what went in. Reading the tape backwards from the loss then
// gives the gradient of every parameter; that is all backpropagation is. A tape serves one step of
// training, and is empty again once it has been read.
//
// Before    SwiftletTensors     After    Rule.swift
// Source    Griewank, Walther, "Evaluating Derivatives" (2008), section 3.2, reverse mode

import SwiftletTensors

/// Records operations on variables, and runs them backwards.
///
///     let tape = Tape()
///     let x = tape.parameter(Tensor(3))
///     let gradients = tape.gradients(of: x * x)
///     print(gradients[0].scalar)  // 6.0: the slope of x² at 3
public final class Tape {
  /// How one operation was computed, and what it needs to be traced back.
  private struct Node {
    let inputs: [Int]
    /// From the gradient of the result to the gradients of the inputs; `nil` for one that needs none.
    let backward: (Tensor) -> [Tensor?]
  }

  /// Whether layers behave as in training: dropout drops, and otherwise lets everything through.
  public let isTraining: Bool
  /// Where dropout takes its random numbers from.
  public var generator: Generator

  /// What layers add to the loss while they learn, such as a penalty on the numbers that they look up.
  public private(set) var penalty: Variable?

  /// One entry for each variable that needs a gradient; those that were lifted have no node.
  private var nodes: [Node?] = []
  private var parameters: [(position: Int, shape: Shape)] = []
  /// Number of times the tape was read. An older variable is no longer on it.
  private var generation = 0

  /// An empty tape, for one step.
  public init(training: Bool = false, generator: Generator = Generator(seed: 0)) {
    isTraining = training
    self.generator = generator
  }

  /// A variable for which no gradient is wanted: examples, labels.
  public func constant(_ value: Tensor) -> Variable {
    Variable(tape: self, value: value, position: nil, generation: generation)
  }

  /// A variable whose gradient ``gradients(of:)`` will give, at the place of this call among its like.
  public func parameter(_ value: Tensor) -> Variable {
    nodes.append(nil)
    parameters.append((nodes.count - 1, value.shape))
    return Variable(tape: self, value: value, position: nodes.count - 1, generation: generation)
  }

  /// Adds a number to what the loss of this step will be increased by.
  public func add(penalty: Variable) { self.penalty = self.penalty.map { $0 + penalty } ?? penalty }

  /// A loss with the penalties of the layers that computed it.
  public func penalized(_ loss: Variable) -> Variable { penalty.map { loss + $0 } ?? loss }

  /// Writes down one operation, for a rule of another module or program; those of `Rules/` stand in ``Rule``.
  ///
  /// A cube, with its slope of 3x²:
  ///
  ///     func cube(_ x: Variable) -> Variable {
  ///       let square = x.value * x.value
  ///       return x.tape.record("cube", square * x.value, from: [x]) { upstream in [upstream * square * 3] }
  ///     }
  ///
  /// - Parameters:
  ///   - rule: The name of the operation, for messages.
  ///   - value: What the operation computed.
  ///   - inputs: What it was computed from, in the order of `backward`'s answers.
  ///   - backward: From the gradient of the value to the gradients of the inputs; `nil` for one that needs none.
  public func record(
    _ rule: String, _ value: Tensor, from inputs: [Variable], backward: @escaping (Tensor) -> [Tensor?]
  ) -> Variable {
    guard inputs.allSatisfy({ $0.tape === self }) else {
      stop("\(rule): the variables stand on different tapes")
    }
    inputs.forEach { checkGeneration($0, rule) }
    // Nothing that only depends on constants is ever traced back.
    guard inputs.contains(where: \.needsGradient) else { return constant(value) }
    nodes.append(Node(inputs: inputs.map { $0.position ?? -1 }, backward: backward))
    return Variable(tape: self, value: value, position: nodes.count - 1, generation: generation)
  }

  /// Writes down one operation of the table of rules. Every rule in `Rules/` ends in this call.
  func record(
    _ rule: Rule, _ value: Tensor, from inputs: [Variable], backward: @escaping (Tensor) -> [Tensor?]
  ) -> Variable {
    record(rule.rawValue, value, from: inputs, backward: backward)
  }

  /// The gradients of a loss with respect to every parameter, in the order in which they were lifted.
  ///
  /// The tape is empty afterwards: every recorded value is let go on the way, so that its memory serves
  /// again at once, and the parameters can be changed in place.
  ///
  /// - Parameter loss: One number, computed on this tape.
  public func gradients(of loss: Variable) -> [Tensor] {
    guard loss.value.count == 1 else {
      stop("gradients: the loss must be one number, but its shape is \(loss.shape)\nDid you mean its mean()?")
    }
    let upstream = Tensor.ones(loss.shape)
    return gradients(of: loss, upstream: upstream)
  }

  /// The same for a result of any shape, whose own gradient is given.
  package func gradients(of result: Variable, upstream: Tensor) -> [Tensor] {
    guard result.tape === self else { stop("gradients: the loss stands on another tape") }
    checkGeneration(result, "gradients")
    var gradients: [Tensor?] = Array(repeating: nil, count: nodes.count)
    if let position = result.position { gradients[position] = upstream }

    for position in nodes.indices.reversed() {
      guard let node = nodes[position] else { continue }
      nodes[position] = nil
      guard let upstream = gradients[position].take() else { continue }
      let contributions = node.backward(upstream)
      for (input, contribution) in zip(node.inputs, contributions) where input >= 0 {
        guard let contribution else { continue }
        // A variable that was used several times receives the sum of what its uses send back.
        if gradients[input] == nil { gradients[input] = contribution } else { gradients[input]? += contribution }
      }
    }
    // A parameter on which the loss does not depend has a gradient of zeros.
    let result = parameters.map { gradients[$0.position] ?? .zeros($0.shape) }
    nodes = []
    parameters = []
    penalty = nil
    generation += 1
    return result
  }

  private func checkGeneration(_ variable: Variable, _ operation: String) {
    guard variable.position == nil || variable.generation == generation else {
      stop("\(operation): the tape has been read since this variable was made. A tape serves one step; make a new one.")
    }
  }
}

/// A tensor whose history is on a tape.
public struct Variable {
  /// The tape on which it was recorded.
  public let tape: Tape
  /// What was computed.
  public let value: Tensor
  /// The place on the tape, or `nil` for a constant.
  let position: Int?
  /// Number of times the tape had been read when the variable was made.
  let generation: Int

  /// Whether a gradient will be computed for this variable.
  public var needsGradient: Bool { position != nil }
  /// The shape of the value.
  public var shape: Shape { value.shape }
}
