// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletTables
import SwiftletTensors
import SwiftletTestSupport
import Testing

/// Numbers, categories and booleans, some of them missing.
private func randomTable(_ rows: Int, _ generator: inout Generator) throws -> Table {
  func isMissing() -> Bool { generator.below(6) == 0 }
  let numbers = (0..<rows).map { _ in isMissing() ? Double.nan : (generator.normal() * 40).rounded() / 4 }
  let colors = (0..<rows).map { _ in isMissing() ? Int32(-1) : Int32(generator.below(4)) }
  let truths = (0..<rows).map { _ in isMissing() ? Int32(-1) : Int32(generator.below(2)) }
  return try Table([
    Column(name: "x", type: .number, values: .numbers(Numbers(numbers))),
    Column(name: "c", type: .category, values: .codes(colors, categories: ["blue", "gold", "pink", "red"])),
    Column(name: "b", type: .boolean, values: .codes(truths, categories: ["no", "yes"])),
  ])
}

/// The default pipeline in the plainest way, cell by cell as text: median, population standard deviation,
/// a feature for each category and for the missing, the commoner truth value (false in a draw).
private func naiveFeatures(_ table: Table, fittedOn training: Table) throws -> Tensor {
  func texts(_ table: Table, _ name: String) -> [String?] { (0..<table.rowCount).map { table[name]?.text(at: $0) } }
  func numbers(_ table: Table) -> [Double?] { texts(table, "x").map { $0.flatMap(Double.init) } }
  let present = numbers(training).compactMap { $0 }.sorted()
  let median = (present[(present.count - 1) / 2] + present[present.count / 2]) / 2
  let filled = numbers(training).map { $0 ?? median }
  let mean = filled.reduce(0, +) / Double(filled.count)
  let deviation = (filled.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(filled.count)).squareRoot()
  let colors = texts(training, "c").map { $0 ?? "missing" }
  let known = Set(colors).subtracting(["missing"]).sorted() + (colors.contains("missing") ? ["missing"] : [])
  let truths = texts(training, "b").compactMap { $0 }
  let common = truths.count { $0 == "yes" } > truths.count { $0 == "no" } ? "yes" : "no"
  let (xs, cs, bs) = (numbers(table), texts(table, "c"), texts(table, "b"))
  return Tensor(
    (0..<table.rowCount).map { row in
      [Float(((xs[row] ?? median) - mean) / deviation)] + known.map { (cs[row] ?? "missing") == $0 ? 1 : 0 }
        + [(bs[row] ?? common) == "yes" ? 1 : 0]
    })
}

@Suite("Laws of the pipeline")
struct PipelineLawTests {
  @Test("agrees with the plainest preprocessing, on rows that it was not fitted on", arguments: UInt64(0)..<20)
  func naiveTwin(seed: UInt64) throws {
    var generator = Generator(seed: seed)
    let (training, other) = (try randomTable(60, &generator), try randomTable(25, &generator))
    let pipeline = try Pipeline.fit(training).0
    guard case .dense(let features) = try pipeline.transform(other).features else {
      Issue.record("not dense")
      return
    }
    expectClose(features, try naiveFeatures(other, fittedOn: training))
    #expect(features.shape == [25, pipeline.featureNames.count])
  }

  @Test("the naive twin would notice a wrong fill")
  func plantedFault() throws {
    var generator = Generator(seed: 3)
    let training = try randomTable(60, &generator)
    var options = PipelineOptions()
    options.numericImpute = .constant(1000)
    let pipeline = try Pipeline.fit(training, options).0
    guard case .dense(let features) = try pipeline.transform(training).features else { return }
    try withKnownIssue { expectClose(features, try naiveFeatures(training, fittedOn: training)) }
  }

  @Test("the columns' order, and columns that no model asked for, change nothing")
  func columnOrder() throws {
    var generator = Generator(seed: 8)
    let table = try randomTable(40, &generator)
    let pipeline = try Pipeline.fit(table).0
    let extra = Column(name: "extra", type: .number, values: .numbers(Numbers(repeatElement(.nan, count: 40))))
    let shuffled = try Table(table.columns.reversed() + [extra])
    guard case .dense(let a) = try pipeline.transform(table).features,
      case .dense(let b) = try pipeline.transform(shuffled).features
    else { return }
    #expect(a == b)
  }

  @Test("rows in another order give the same features in that order")
  func rowOrder() throws {
    var generator = Generator(seed: 9)
    let table = try randomTable(40, &generator)
    let pipeline = try Pipeline.fit(table).0
    let order = generator.permutation(of: 40)
    guard case .dense(let a) = try pipeline.transform(table).features,
      case .dense(let b) = try pipeline.transform(table.selecting(rows: order)).features
    else { return }
    #expect(a.gathered(order) == b)
  }

  @Test("a timestamp keeps its seconds until it is standardized")
  func timestamps() throws {
    // As Float32, 1700000000 and 1700000001 are one number; their mean is …000.5 and their deviation 0.5.
    let t = try Table([Column(name: "t", type: .number, values: .numbers([1_700_000_000, 1_700_000_001]))])
    guard case .dense(let features) = try Pipeline.fit(t).0.transform(t).features else { return }
    expectClose(features, Tensor([[-1], [1]]))
  }

  @Test("only whole rows are prepared, and no more than there is room for")
  func wholeRows() throws {
    let t = try Table((0..<2).map { Column(name: "c\($0)", type: .number, values: .numbers([0, 2])) })
    let bareRows = try #require(BareRows(Pipeline.fit(t).0))
    var short: [Float] = [7, 7, 7]
    [Double](repeating: 1, count: 8).withUnsafeBufferPointer { rows in
      short.withUnsafeMutableBufferPointer { bareRows.transform(rows, into: $0) }
    }
    #expect(short == [0, 0, 7])
  }

  @Test("what the training rows held is told: range and mean")
  func statistics() throws {
    let t = try Table([Column(name: "x", type: .number, values: .numbers([1, .nan, 4, 7]))])
    let profile = try #require(try Pipeline.fit(t).0.inputs[0].profile)
    #expect(profile.minimum == 1 && profile.maximum == 7 && profile.mean == 4)
  }
}
