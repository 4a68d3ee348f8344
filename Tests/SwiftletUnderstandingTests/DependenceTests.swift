// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors
import SwiftletTraining
import Synchronization
import Testing

@testable import SwiftletUnderstanding

@Suite("Partial dependence")
struct DependenceTests {
  private let golden = ExplanationGolden.self

  private func goldenRows() throws -> AnsweredRows {
    let all = try table(golden.csv)
    let head = NumberHead(targets: [TargetScale(name: "weight")])
    let bundle = try linearModel(
      all.selecting(columns: ["length", "width", "color"]), head, weights: [golden.ridgeWeights],
      biases: [golden.ridgeBias])
    return try answered(bundle, all, Truth(numbers: [Array(try #require(all["weight"]?.numbers))]))
  }

  @Test("it is scikit-learn's at the same values")
  func scikitLearn() throws {
    let rows = try goldenRows()
    let lengths = try #require(rows.judged.table["length"]?.numbers)
    let positions = (0..<Int32(rows.count)).map { $0 }
    let places = try golden.dependenceGrid.map { value in try #require(lengths.firstIndex(of: value)) }
    let dependence = try PartialDependence(
      rows, of: "length", FeatureRows(rows, positions: positions), positions, at: places)
    for (mean, expected) in zip(dependence.means[0], golden.dependence) { #expect(abs(mean - expected) < 1e-4) }
  }

  @Test("of a linear model the slope is weight · factor, of every row")
  func slope() throws {
    let rows = try goldenRows()
    let dependence = try PartialDependence(rows, of: "length")
    let affine = try #require(rows.judged.bundle.pipeline.encoders[0].affine)
    let slope = Double(golden.ridgeWeights[0]) * affine.factor
    let x = dependence.places.compactMap(\.number)
    #expect(x == x.sorted() && x.count == 20)
    #expect(x.first == 5.9 && x.last == 36.6)
    for curve in dependence.means + dependence.curves {
      for place in 1..<x.count {
        #expect(abs((curve[place] - curve[0]) / (x[place] - x[0]) - slope) < 1e-5)
      }
    }
    // The mean is that of the curves, and centered curves begin where it does.
    for place in x.indices {
      let mean = dependence.curves.reduce(0) { $0 + $1[place] } / Double(rows.count)
      #expect(abs(mean - dependence.means[0][place]) < 1e-9)
    }
    #expect(dependence.centeredCurves.allSatisfy { abs($0[0] - dependence.means[0][0]) < 1e-12 })
  }

  @Test(
    "words are places by their number of rows; one output of two labels, all of more, none of pictures or strangers")
  func words() throws {
    let all = try table("word,x\nb,1\na,2\nb,3\n,4\nb,1\na,0\nc,2\n")
    func rows(_ labels: [String], weights: [[Float]]) throws -> AnsweredRows {
      let bundle = try linearModel(
        all, ClassHead(labels: labels), weights: weights, biases: weights.map { _ in 0 })
      return try answered(bundle, all, Truth(labels: [0, 1, 0, 1, 0, 1, 0]))
    }
    let width = try Pipeline.fit(all).0.width
    let row: [Float] = [0.5, -0.5] + Array(repeating: 0.1, count: width - 2)
    let two = try PartialDependence(rows(["no", "yes"], weights: [row]), of: "word")
    #expect(two.places.map(\.text) == ["b", "a", "c"])
    #expect(two.outputs == ["yes"] && !two.isNumeric && two.isProbability)
    let three = try PartialDependence(rows(["x", "y", "z"], weights: [row, row, row]), of: "x")
    #expect(three.outputs == ["x", "y", "z"] && three.curves.isEmpty)
    #expect(three.means.allSatisfy { $0.allSatisfy { abs($0 - 1.0 / 3) < 1e-6 } })
    #expect(three.range < 1e-6)
    let error = #expect(throws: DataError.self) {
      try PartialDependence(rows(["no", "yes"], weights: [row]), of: "wort")
    }
    #expect(error?.description.contains("Did you mean \"word\"?") == true)
  }
}

@Suite("The loss by the number of rows")
struct RowsCurveTests {
  private func points(_ generator: inout Generator, a: Double, b: Double, c: Double, noise: Double) -> [RowsCurve.Point]
  {
    [50, 100, 200, 400, 800].map { n in
      RowsCurve.Point(
        rowCount: n, losses: (0..<3).map { _ in a + b * pow(Double(n), -c) + noise * generator.normal() })
    }
  }

  @Test("a law is found again: c within 20 %, what twice the rows bring within 30 %")
  func law() throws {
    var generator = Generator(seed: 1)
    for (a, b, c) in [(0.3, 5.0, 0.7), (0.1, 2.0, 0.5), (1.0, 40.0, 1.0)] {
      let points = points(&generator, a: a, b: b, c: c, noise: 0.0005)
      let curve = RowsCurve(metric: "log_loss", split: .test, judgedCount: 100, points: points)
      let law = try #require(curve.law)
      #expect(abs(law.c - c) < 0.2 * c, "\(law)")
      let truth = b * pow(800, -c) - b * pow(1600, -c)
      #expect(abs(try #require(curve.gainOfTwice) - truth) < 0.3 * truth)
      #expect(try #require(curve.limit).low <= a + 0.01 && #require(curve.limit).high >= a - 0.01)
    }
  }

  @Test("a law that misses the loss that is reached promises nothing")
  func unlawful() throws {
    // Flat, and then a fall: no power of n does that.
    let points = zip([50, 100, 200, 400, 800], [8.0, 8.0, 8.0, 8.0, 4.0]).map {
      RowsCurve.Point(rowCount: $0, losses: [$1, $1 + 0.01])
    }
    let curve = RowsCurve(metric: "rmse", split: .test, judgedCount: 9, points: points)
    #expect(curve.law != nil && !curve.isLawful && curve.gainOfTwice == nil)
  }

  @Test("nothing is said where the loss has arrived, rises, or was measured at three sizes")
  func silence() {
    var generator = Generator(seed: 2)
    let flat = points(&generator, a: 0.5, b: 0, c: 1, noise: 0.01)
    #expect(RowsCurve(metric: "rmse", split: .test, judgedCount: 9, points: flat).gainOfTwice == nil)
    let rising = flat.enumerated().map {
      RowsCurve.Point(rowCount: $1.rowCount, losses: [Double($0), Double($0) + 0.1])
    }
    let curve = RowsCurve(metric: "rmse", split: .test, judgedCount: 9, points: rising)
    #expect(curve.law == nil && curve.gainOfTwice == nil)
    #expect(RowsCurve(metric: "rmse", split: .test, judgedCount: 9, points: Array(flat.prefix(3))).law == nil)
    #expect(RowsCurve(metric: "rmse", split: .test, judgedCount: 9, points: []).gainOfTwice == nil)
    #expect(PowerLaw(sizes: [1, 2, 3, 4], losses: [1, .nan, 1, 1]) == nil)
  }

  @Test("what seeds alone could have made, and a law at the end of what is tried, promise nothing")
  func noise() throws {
    var generator = Generator(seed: 3)
    var promises = 0
    for _ in 0..<40 {  // the loss does not depend on the rows
      let points = points(&generator, a: 0.5, b: 0, c: 1, noise: 0.02)
      let curve = RowsCurve(metric: "log_loss", split: .test, judgedCount: 9, points: points)
      if curve.gainOfTwice != nil { promises += 1 }
    }
    #expect(promises <= 2)
    // Faster than any power of n, towards less than nothing: a is held at 0.
    let ending = points(&generator, a: -0.02, b: 3, c: 0.5, noise: 0)
    let curve = RowsCurve(metric: "log_loss", split: .test, judgedCount: 9, points: ending)
    #expect(try #require(curve.law).a == 0 && !#require(curve.law).isInside && curve.gainOfTwice == nil)
    #expect(PowerLaw(a: 0.1, b: 1, c: 2.5).isInside == false && PowerLaw(a: 0.1, b: 1, c: 0.05).isInside == false)
    #expect(PowerLaw(a: 0.1, b: 1, c: 0.5).isInside)
  }

  @Test("a law that promises more of the next doubling than the last one brought promises nothing")
  func flattening() {
    // Measured on a sine of two columns: the last doubling brought 0.0085, and the law has 0.038 for the next.
    let points = zip([20, 40, 80, 160, 320], [0.6807, 0.6642, 0.6365, 0.5325, 0.5240]).map {
      RowsCurve.Point(rowCount: $0, losses: [$1 - 0.001, $1, $1 + 0.001])
    }
    let curve = RowsCurve(metric: "rmse", split: .test, judgedCount: 400, points: points)
    #expect((curve.promise ?? 0) > (curve.gainOfLast ?? 0) && curve.gainOfTwice == nil)
    #expect(abs((curve.gainOfLast ?? 0) - 0.0085) < 1e-9)
  }

  @Test("a gain is counted from the loss that is reached, and lies in its interval")
  func gain() throws {
    var generator = Generator(seed: 4)
    let points = points(&generator, a: 0.3, b: 5, c: 0.7, noise: 0.001)
    let curve = RowsCurve(metric: "log_loss", split: .test, judgedCount: 9, points: points)
    let law = try #require(curve.law)
    let interval = try #require(curve.promiseInterval)
    let gain = try #require(curve.gainOfTwice)
    #expect(abs(gain - (try #require(points.last).mean - law.loss(1600))) < 1e-12)
    #expect(interval.low <= gain && gain <= interval.high && interval.low > 0)
  }

  @Test("few rows take as many steps as all of them: with no gain by rows, few rows are not merely trained less")
  func steps() throws {
    // 96 rows of one kind: 24 of them tell all that there is, if they get their steps.
    let (run, _) = try run([
      ("data", .string(datasets + "iris")), ("training.epochs", 4), ("training.batch_size", 27),
      ("training.early_stopping", "none"),
    ])
    let steps = StepCounter()
    _ = try RowsCurve(run.data.experiment, run.recipe, seeds: 1, observer: steps)
    // 108 rows are 4 steps of 27 in each of 4 epochs; 27 rows need 16 epochs for 16 steps, and 54 rows 8.
    #expect(steps.epochs == [16, 8, 4])
  }

  @Test("trainings on parts of the rows: the sizes, the rows that judge, and the same every time")
  func trainings() throws {
    let (run, outcome) = try run([("data", .string(datasets + "iris"))])
    let curve = try RowsCurve(run.data.experiment, run.recipe, seeds: 2)
    #expect(curve.points.map(\.rowCount) == [27, 54, 108])
    #expect(curve.split == .test && curve.judgedCount == 30)
    #expect(curve.metric == "log_loss")
    #expect(curve.points.allSatisfy { $0.losses.count == 2 } && curve.law == nil)
    // All rows and the first seed: the run itself, whose rows come in the same order.
    let own = try #require(outcome.figures[.test]?["log_loss"])
    #expect(abs(try #require(curve.points.last).losses[0] - own) < 1e-4)
    #expect(try RowsCurve(run.data.experiment, run.recipe, seeds: 2) == curve)
  }

  @Test("too few rows, and none that judge, are refused with a sentence")
  func refusals() throws {
    let (run, _) = try run([
      ("data", .string(datasets + "iris")), ("split.column", "none"), ("split.test", 0.9), ("split.validation", 0.2),
    ])
    let few = #expect(throws: DataError.self) { try RowsCurve(run.data.experiment, run.recipe) }
    #expect(few?.description.contains("too few to be made fewer") == true)
  }
}

/// The number of epochs of each fit that it saw.
private final class StepCounter: RunObserver {
  private let counts = Mutex<[Int]>([])
  var epochs: [Int] { counts.withLock { $0 } }

  func saw(_ event: RunEvent) {
    guard case .epochEnded(let figures) = event else { return }
    counts.withLock { counts in
      if figures.epoch == 1 { counts.append(1) } else { counts[counts.count - 1] = figures.epoch }
    }
  }
}
