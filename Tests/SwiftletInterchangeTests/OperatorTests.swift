// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import SwiftletInterchange

@Suite struct OperatorTests {
  @Test func `the comparison sees a planted difference`() {
    let value = GraphValue([2], [Float(1), 2])
    let compare: (GraphValue, GraphValue) -> String? = { GoldenCase.difference($0, $1, relative: 1e-4, absolute: 0) }
    #expect(compare(value, GraphValue([2], [Float(1), 2.0001])) == nil)
    #expect(compare(value, GraphValue([2], [Float(1), 2.001])) != nil)
    #expect(compare(value, GraphValue([2], [Float(1), .nan])) != nil)
    #expect(compare(value, GraphValue([2, 1], [Float(1), 2])) != nil)
    #expect(compare(value, GraphValue([2], [Int64(1), 2])) != nil)
    #expect(compare(GraphValue([1], ["a"]), GraphValue([1], ["b"])) != nil)
  }

  /// ONNX's own cases of the operators that there are, a few for each.
  @Test(arguments: GoldenCase.committed("nodes.pb.gz"))
  func `an operator does what its standard says`(golden: GoldenCase) throws {
    #expect(try golden.difference() == nil)
  }

  /// What scikit-learn, PyTorch and Keras write, with onnxruntime's answers.
  @Test(arguments: GoldenCase.committed("files.pb.gz"))
  func `a converter's file answers as in onnxruntime`(golden: GoldenCase) throws {
    #expect(try golden.difference() == nil)
  }

  /// All of ONNX's cases, if SWIFTLET_NODE_CASES names the file that the script writes of them.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["SWIFTLET_NODE_CASES"] != nil))
  func `enough of the standard's cases pass`() throws {
    let path = ProcessInfo.processInfo.environment["SWIFTLET_NODE_CASES"] ?? ""
    var lines: [String] = []
    var passed = 0
    for golden in try GoldenCase.read(path) {
      do {
        let difference = try golden.difference()
        passed += difference == nil ? 1 : 0
        lines.append(golden.name + "\t" + (difference.map { "WRONG " + $0 } ?? "passed"))
      } catch { lines.append(golden.name + "\t\(error)") }
    }
    try (lines.joined(separator: "\n") + "\n").write(toFile: path + ".txt", atomically: true, encoding: .utf8)
    print("\(passed) of \(lines.count) cases pass; each is in \(path).txt")
    #expect(passed >= 1430)
  }
}
