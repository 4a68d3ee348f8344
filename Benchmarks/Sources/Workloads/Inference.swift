// SPDX-License-Identifier: Apache-2.0
//
// Answers: what `serve` asks of a model for the rows of a request, 784-256-128-10, one batch a call.
//
// The model is made as `serve` makes it, with as many threads for a large call as the server has, and OpenBLAS on one.
// A call answers for rows that are prepared, or prepares them first from the 64-bit numbers of a request. The time of a
// call is the median of many. Beside it stand the network's three products, called bare; OpenBLAS shares them out. The
// model is written as a bundle on request, so that a peer answers with the same weights. Peer: inference_onnx.py.
//
// With net=cnn the model is the network that CNNTraining trains, of pictures, and nothing stands beside it.
//
// Options   net=mlp (or cnn), batch=1, calls=2000/√batch, threads=2, from=features (or numbers: 64 bits, to be prepared), model=PATH,
//           data=fashion (or random)
// Before    ConvexIteration.swift     After    Products.swift

import Foundation
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors

public struct Inference: Workload {
  private let model: TabularModel
  private let floor: GEMMFloor?
  private let features: [Float]  // [B, 784]
  private let numbers: [Double]  // the same
  private let preparesRows: Bool
  private let batch: Int
  private let calls: Int
  private let threads: Int

  public init(_ options: Options) throws {
    threads = try options.count("threads", default: 2)
    batch = try options.count("batch", default: 1)
    calls = try options.count("calls", default: max(20, Int(2000 / Double(batch).squareRoot())))
    preparesRows = options.text("from", default: "features") == "numbers"
    features = try FashionMNIST(options, rows: batch).numbers.scalars
    numbers = features.map { Double($0) }
    let isPictures = options.text("net", default: "mlp") == "cnn"
    let bundle = try isPictures ? Inference.pictureBundle() : Inference.bundle()
    if case let path = options.text("model", default: ""), path != "" { try bundle.save(to: path) }
    model = TabularModel(bundle, threads: threads)
    floor = isPictures ? nil : .answering(sizes: MLPTraining.sizes, batchSize: batch)
  }

  /// A model of 784 columns of numbers, which its pipeline leaves as they are, with random weights.
  private static func bundle() throws -> ModelBundle {
    // Two rows teach the pipeline that every column varies; it scales nothing.
    let table = try Table(
      (0..<784).map { Column(name: "pixel\($0)", type: .number, values: .numbers([0, 1])) })
    var pipelineOptions = PipelineOptions()
    pipelineOptions.numericScale = .none
    var generator = Generator(seed: 7)
    let sizes = MLPTraining.sizes
    let network = Sequential(
      Linear(inputSize: sizes[0], outputSize: sizes[1], using: &generator), ReLU(),
      Linear(inputSize: sizes[1], outputSize: sizes[2], using: &generator), ReLU(),
      Linear(inputSize: sizes[2], outputSize: sizes[3], using: &generator))
    return try ModelBundle(
      name: "benchmark", target: "class", head: ClassHead(labels: (0..<10).map { "\($0)" }),
      pipeline: try Pipeline.fit(table, pipelineOptions).0, kind: "mlp",
      network: network, training: .null, history: "", card: "")
  }

  /// A model of pictures of 28 by 28 pixels, 16 and 32 channels and 64 units, with random weights.
  private static func pictureBundle() throws -> ModelBundle {
    let images = ImageColumn(height: 28, width: 28, bytes: Array(repeating: 0, count: 784))
    let table = try Table([Column(name: "image", type: .image, values: .images(images))])
    let network = try CNNTraining.blueprint.build(
      from: FreshParameters(using: Generator(seed: 7)), inputSize: 784)
    return try ModelBundle(
      name: "benchmark", target: "class", head: FashionMNIST.head, pipeline: try Pipeline.fit(table).0, kind: "cnn",
      network: network, training: .null, history: "", card: "")
  }

  public func measure() throws -> Measurement {
    setThreadCount(1)
    var prepared = features
    var answers = Array(repeating: 0.0, count: batch * model.signature.head.answerWidth)
    let times = prepared.withUnsafeMutableBufferPointer { prepared in
      answers.withUnsafeMutableBufferPointer { answers in
        (0..<calls).map { _ in seconds { call(prepared, answers) } }
      }
    }
    setThreadCount(threads)
    let bareTimes = floor.map { floor in (0..<calls).map { _ in seconds { floor.run(times: 1) } } }
    // The mean over rows of the sum of class · probability: any exchanged or wrong answer changes it.
    let sum = answers.enumerated().reduce(0.0) { $0 + Double($1.offset % 10) * Double($1.element) }
    return Measurement(
      seconds: median(times), bareSeconds: bareTimes.map(median), count: 1, unit: "calls", check: sum / Double(batch))
  }

  /// One call, as a request makes it.
  private func call(_ prepared: UnsafeMutableBufferPointer<Float>, _ answers: UnsafeMutableBufferPointer<Double>) {
    if preparesRows { numbers.withUnsafeBufferPointer { model.prepare($0, into: prepared) } }
    model.answer(features: UnsafeBufferPointer(prepared), into: answers)
  }
}
