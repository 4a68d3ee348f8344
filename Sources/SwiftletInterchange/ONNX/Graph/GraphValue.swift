// SPDX-License-Identifier: Apache-2.0
//
// GraphValue: what flows along the edges of a graph.
//
// Row-major elements, and the sizes of the axes. A value is made by `init(_:_:)` alone, which holds that there are as many
// elements as the sizes say: every loop over elements stands on it.
//
// Before    ElementType.swift     After    Shapes.swift

import SwiftletTensors

/// The elements of a value, in row-major order.
enum Elements: Sendable, Equatable {
  case single([Float])
  case double([Double])
  case integer([Int64])
  case bool([Bool])
  case text([String])

  var count: Int {
    switch self {
    case .single(let values): values.count
    case .double(let values): values.count
    case .integer(let values): values.count
    case .bool(let values): values.count
    case .text(let values): values.count
    }
  }
}

/// Elements with a shape and a type.
struct GraphValue: Sendable, Equatable {
  let type: ElementType
  let shape: [Int]
  let elements: Elements

  /// A value.
  ///
  /// - Parameter type: Of the same kind as the elements; by default the widest one of it.
  init(_ shape: [Int], _ elements: Elements, as type: ElementType? = nil) {
    guard shape.reduce(1, *) == elements.count else {
      stop("GraphValue: \(elements.count) elements do not fill the shape \(shape)")
    }
    self.shape = shape
    self.elements = elements
    self.type =
      type
      ?? {
        switch elements {
        case .single: .float
        case .double: .double
        case .integer: .int64
        case .bool: .bool
        case .text: .text
        }
      }()
  }

  init(_ shape: [Int], _ values: [Float]) { self.init(shape, .single(values)) }
  init(_ shape: [Int], _ values: [Int64]) { self.init(shape, .integer(values)) }
  init(_ shape: [Int], _ values: [Bool]) { self.init(shape, .bool(values)) }
  init(_ shape: [Int], _ values: [String]) { self.init(shape, .text(values)) }

  /// The number of axes.
  var rank: Int { shape.count }
  /// The number of elements.
  var count: Int { elements.count }

  /// The same elements in another shape, which has as many.
  func reshaped(_ shape: [Int]) -> GraphValue { GraphValue(shape, elements, as: type) }

  /// The elements at some positions, in another shape. A negative position is an empty element: 0, false, "".
  func picking(_ positions: [Int], shape: [Int]) -> GraphValue {
    func pick<T>(_ values: [T], _ empty: T) -> [T] { positions.map { $0 < 0 ? empty : values[$0] } }
    let picked: Elements =
      switch elements {
      case .single(let values): .single(pick(values, 0))
      case .double(let values): .double(pick(values, 0))
      case .integer(let values): .integer(pick(values, 0))
      case .bool(let values): .bool(pick(values, false))
      case .text(let values): .text(pick(values, ""))
      }
    return GraphValue(shape, picked, as: type)
  }

  /// A value whose elements are new numbers of the same type.
  func replacing(_ values: [Float]) -> GraphValue {
    GraphValue(shape, .single(type == .float ? values : values.map(type.rounded)), as: type)
  }
}

// MARK: - Elements of a kind

extension GraphValue {
  /// The numbers in 32 bits, whatever their type is; texts have none.
  var floats: [Float]? {
    switch elements {
    case .single(let values): values
    case .double(let values): values.map { Float($0) }
    case .integer(let values): values.map { type == .uint64 ? Float(UInt64(bitPattern: $0)) : Float($0) }
    case .bool(let values): values.map { $0 ? 1 : 0 }
    case .text: nil
    }
  }

  /// The numbers in 64 bits, whatever their type is; texts have none.
  var doubles: [Double]? {
    switch elements {
    case .single(let values): values.map { Double($0) }
    case .double(let values): values
    case .integer(let values): values.map { type == .uint64 ? Double(UInt64(bitPattern: $0)) : Double($0) }
    case .bool(let values): values.map { $0 ? 1 : 0 }
    case .text: nil
    }
  }

  /// The whole numbers; numbers with a fraction and texts are none.
  var integers: [Int64]? {
    switch elements {
    case .integer(let values): values
    case .bool(let values): values.map { $0 ? 1 : 0 }
    default: nil
    }
  }

  var texts: [String]? {
    guard case .text(let values) = elements else { return nil }
    return values
  }
}
