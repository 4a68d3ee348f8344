// SPDX-License-Identifier: Apache-2.0
//
// GraphError: why a graph cannot be run, and at which node.
//
// Before    ONNX/Messages/ValueMessage.swift     After    ElementType.swift

/// A graph that is not valid, needs what is not supported, or was given values that do not fit it.
public struct GraphError: Error, Equatable, CustomStringConvertible {
  /// The node where it happened, such as `Gemm "/fc1/Gemm"`; `nil` if it is about the whole graph.
  public var node: String?
  /// What is wrong.
  public var message: String

  /// An error in the words of its message.
  ///
  /// - Parameters:
  ///   - message: What is wrong, as a sentence.
  ///   - node: The node where it happened.
  public init(_ message: String, node: String? = nil) {
    self.message = message
    self.node = node
  }

  public var description: String { (node.map { "\($0): " } ?? "") + message }

  /// The error with the node where it happened, unless a node within that one has been named already.
  func at(_ node: String) -> GraphError { GraphError(message, node: self.node ?? node) }
}
