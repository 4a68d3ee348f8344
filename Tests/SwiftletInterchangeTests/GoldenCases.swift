// SPDX-License-Identifier: Apache-2.0
//
// Cases that Golden/make_golden.py writes: a graph, its inputs, and what comes of them elsewhere.

import Foundation
import SwiftletFormats

@testable import SwiftletInterchange

/// A graph with inputs and outputs.
struct GoldenCase: ProtobufMessage, CustomStringConvertible, Sendable {
  var name = ""
  var model: [UInt8] = []
  var inputs: [TensorMessage] = []
  var outputs: [TensorMessage] = []
  var relative: Float = 0
  var absolute: Float = 0

  mutating func take(_ field: ProtobufField) throws {
    switch field.number {
    case 1: name = try field.text
    case 2: model = Array(try field.bytes)
    case 3: inputs.append(try field.message())
    case 4: outputs.append(try field.message())
    case 5: relative = try field.float
    case 6: absolute = try field.float
    default: break
    }
  }

  var description: String { name }

  /// The cases of a file, packed or not.
  static func read(_ path: String) throws -> [GoldenCase] {
    struct List: ProtobufMessage {
      var cases: [GoldenCase] = []
      mutating func take(_ field: ProtobufField) throws { cases.append(try field.message()) }
    }
    let bytes = try ByteSource.file(path).readAll()
    return try bytes.withUnsafeBytes { try List(reading: ProtobufReader($0)).cases }
  }

  /// The cases beside the script that writes them.
  static func committed(_ name: String) -> [GoldenCase] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    do { return try read(folder + "/Golden/" + name) } catch { fatalError("\(name): \(error)") }
  }

  /// Runs the graph and compares each output with the one it should be.
  ///
  /// - Returns: What is wrong; `nil` if nothing is.
  func difference() throws -> String? {
    let message = try ModelMessage.decode(model, name: name)
    let runner = try GraphRunner(message, GraphRunner.Setting(message))
    let reader = ConstantReader(folder: nil, limit: 1 << 28)
    let results = try runner.run(try inputs.map(reader.value))
    let expected = try outputs.map(reader.value)
    guard results.count == expected.count else { return "\(results.count) outputs, not \(expected.count)" }
    for (position, pair) in zip(results, expected).enumerated() {
      if let text = GoldenCase.difference(pair.0, pair.1, relative: Double(relative), absolute: Double(absolute)) {
        return "output \(position): \(text)"
      }
    }
    return nil
  }

  /// What is different between a value and the one it should be, element by element; `nil` if nothing is.
  static func difference(_ value: GraphValue, _ expected: GraphValue, relative: Double, absolute: Double) -> String? {
    guard value.type == expected.type else { return "\(value.type), not \(expected.type)" }
    guard value.shape == expected.shape else { return "shape \(value.shape), not \(expected.shape)" }
    guard let found = value.doubles, let wanted = expected.doubles else {
      return value.texts == expected.texts ? nil : "\(value.texts ?? []), not \(expected.texts ?? [])"
    }
    for (place, (a, b)) in zip(found, wanted).enumerated() {
      let isClose = a == b || (a.isNaN && b.isNaN) || (a - b).magnitude <= absolute + relative * b.magnitude
      if !isClose { return "\(a) at \(place), not \(b)" }
    }
    return nil
  }
}
