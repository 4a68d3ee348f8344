// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import Testing

@Suite("What a model looks at")
struct SaliencyTests {
  private static let classes = ["dark", "bright"]

  private func images(height: Int, width: Int, channels: Int = 1, seed: UInt64 = 1) -> ImageColumn {
    var generator = Generator(seed: seed)
    return ImageColumn(
      height: height, width: width, channels: channels,
      bytes: (0..<2 * height * width * channels).map { _ in UInt8(generator.below(256)) })
  }

  private func pipeline(_ images: ImageColumn) throws -> Pipeline {
    try Pipeline.fit(try Table([Column(name: "image", type: .image, values: .images(images))])).0
  }

  private func bundle(
    _ pipeline: Pipeline, _ network: Sequential, _ head: any Head = ClassHead(labels: classes),
    _ illustration: Illustration = Illustration()
  ) throws -> ModelBundle {
    try ModelBundle(
      name: "looker", target: "t", head: head, pipeline: pipeline, kind: "mlp", network: network, training: .null,
      history: "", card: "", illustration: illustration)
  }

  /// A layer whose weights are all zero but for those given, shape `[outputs, inputs]`.
  private func linear(_ inputs: Int, _ outputs: Int, _ weights: [Int: Float]) -> Linear {
    var generator = Generator(seed: 1)
    var layer = Linear(inputSize: inputs, outputSize: outputs, using: &generator)
    layer.updateParameters { name, value in
      var scalars = Array(repeating: Float(0), count: value.count)
      if name == "weight" { for (place, weight) in weights { scalars[place] = weight } }
      value = Tensor(scalars, shape: value.shape)
    }
    return layer
  }

  private func features(_ bundle: ModelBundle, _ images: ImageColumn) throws -> [Float] {
    let table = try Table([Column(name: "image", type: .image, values: .images(images))])
    return try bundle.pipeline.transform(table, rows: [0]).features.tensor.scalars
  }

  @Test("a net that looks at one corner shows that corner and nothing else", arguments: ["gradient", "occlusion"])
  func corner(method: String) throws {
    let images = images(height: 12, width: 9)
    // The second class is what the three pixels at the bottom right say: their places are 105, 106 and 107.
    let network = Sequential(linear(108, 1, [105: 2, 106: -1, 107: 3]))
    let bundle = try bundle(pipeline(images), network)
    let method = try #require(SaliencyMethods.named(method))
    let map = try SaliencyMap(of: TabularModel(bundle), at: features(bundle, images), subject: "bright", by: method)
    #expect(map.height == 12 && map.width == 9 && map.values.max() == 1 && map.subject == "bright")
    // Sides of one pixel: a square of twelve by nine covers no neighbor, so occlusion is as sharp.
    #expect(map.values.prefix(105).allSatisfy { $0 == 0 })
    #expect(map.ninths[8] == 1 && map.ninths.prefix(8).allSatisfy { $0 == 0 })
    if method.name == "gradient" {
      // |2|, |−1| and |3| as shares of the largest.
      for (pixel, share) in [(105, 2.0 / 3), (106, 1.0 / 3), (107, 1)] {
        #expect(abs(map.values[pixel] - share) < 1e-6)
      }
    }
  }

  @Test("the gradient through convolutions is that of finite differences")
  func differences() throws {
    let images = images(height: 6, width: 5, channels: 3)
    let blueprint = Blueprint.cnn(
      pictureShape: [3, 6, 5], channels: [4], hiddenSizes: [5], outputSize: 3, isNormalized: true, activation: .tanh)
    let network = try blueprint.build(from: FreshParameters(using: Generator(seed: 3)), inputSize: 90)
    let bundle = try bundle(pipeline(images), network, ClassHead(labels: ["a", "b", "c"]))
    let row = try features(bundle, images)
    let gradient = try #require(TabularModel(bundle).gradient(ofScore: 2, at: row))
    #expect(gradient.count == 90)
    func score(_ row: [Float]) -> Double { Double(network(Tensor(row, shape: [1, 90])).scalars[2]) }
    var largest = 0.0
    for place in row.indices {
      var (up, down) = (row, row)
      up[place] += 1e-2
      down[place] -= 1e-2
      let slope = (score(up) - score(down)) / 2e-2
      #expect(abs(slope - Double(gradient[place])) < 2e-3, "\(place)")
      largest = max(largest, abs(slope))
    }
    #expect(largest > 0.05)  // or nothing was compared
    // A pixel counts by the steepest of its three channels.
    let map = try SaliencyMap(of: TabularModel(bundle), at: row, subject: "c")
    let steepest = (0..<30).map { pixel in (0..<3).map { abs(Double(gradient[$0 * 30 + pixel])) }.max() ?? 0 }
    let top = steepest.max() ?? 1
    #expect(zip(map.values, steepest).allSatisfy { abs($0 - $1 / top) < 1e-9 })
  }

  @Test("columns that are a picture are shown in their places, by what is usual for each")
  func columns() throws {
    // "b" never changes, so it is a cell without a feature; "c" is spread ten times as wide as "a", which is usual for it.
    let table = try TableReader().readCSV(.memory(Array("a,b,c,d\n0,5,0,1\n2,5,20,4\n4,5,40,2\n".utf8), name: "t"))
    var illustration = Illustration()
    illustration.view = .init(width: 2, height: 2, maximum: 40, columns: ["c", "b", "a", "d"])
    let pipeline = try Pipeline.fit(table).0
    #expect(pipeline.columnNames == ["a", "c", "d"])
    let head = NumberHead(targets: [TargetScale(name: "z")])
    let bundle = try bundle(pipeline, Sequential(linear(3, 1, [0: 1, 1: 1])), head, illustration)
    let row = try pipeline.transform(table, rows: [0]).features.tensor.scalars
    let map = try SaliencyMap(of: TabularModel(bundle), at: row)
    #expect(map.subject == "z" && zip(map.values, [1, 0, 1, 0]).allSatisfy { abs($0 - $1) < 1e-6 })
    // Covered by its mean, "a" and "c" lose one deviation and a bit each.
    let covered = try SaliencyMap(of: TabularModel(bundle), at: row, by: OcclusionSaliency.self)
    #expect(zip(covered.values, [1, 0, 1, 0]).allSatisfy { abs($0 - $1) < 1e-6 }, "\(covered.values)")
  }

  @Test("a model that depends on nothing has an empty map")
  func nothing() throws {
    let images = images(height: 3, width: 3)
    let bundle = try bundle(pipeline(images), Sequential(linear(9, 1, [:])))
    for method in SaliencyMethods.all {
      let map = try SaliencyMap(of: TabularModel(bundle), at: features(bundle, images), by: method)
      #expect(map.values == Array(repeating: 0, count: 9) && map.ninths == Array(repeating: 0, count: 9))
    }
  }

  @Test("what cannot be shown is refused with a sentence")
  func refusals() throws {
    let table = try TableReader().readCSV(.memory(Array("a,b\n1,5\n2,7\n4,6\n".utf8), name: "t"))
    let flat = try bundle(Pipeline.fit(table).0, Sequential(linear(2, 1, [0: 1])))
    #expect { try SaliencyMap(of: TabularModel(flat), at: [1, 2]) } throws: {
      "\($0)".contains("looks at no pictures: its inputs are columns")
    }
    let images = images(height: 2, width: 2)
    let bundle = try bundle(pipeline(images), Sequential(linear(4, 1, [0: 1])))
    #expect { try SaliencyMap(of: TabularModel(bundle), at: [1, 2, 3, 4], subject: "red") } throws: {
      "\($0)".contains("does not answer \"red\", but: dark, bright.")
    }
    #expect { try SaliencyMap(of: TabularModel(bundle), at: [1, 2]) } throws: { "\($0)".contains("4 features, not 2") }
    #expect { try SaliencyMap(of: Box(inner: TabularModel(bundle)), at: [1, 2, 3, 4]) } throws: {
      "\($0)".contains("Use --method occlusion")
    }
    let map = try SaliencyMap(
      of: Box(inner: TabularModel(bundle)), at: [1, 2, 3, 4], subject: "dark", by: OcclusionSaliency.self)
    #expect(map.values[0] == 1 && map.values[1...] == [0, 0, 0])
    let huge = try self.bundle(pipeline(images), Sequential(linear(4, 1, [0: .infinity])))
    #expect { try SaliencyMap(of: TabularModel(huge), at: [1, 2, 3, 4], subject: "dark") } throws: {
      "\($0)".contains("not finite")
    }
  }

  @Test("the map is drawn over its picture: orange where it matters, dim gray elsewhere")
  func drawing() throws {
    let images = ImageColumn(height: 1, width: 2, bytes: [200, 100, 0, 0])
    let bundle = try bundle(pipeline(images), Sequential(linear(2, 1, [1: 1])))
    let map = try SaliencyMap(of: TabularModel(bundle), at: [1, 2])
    let picture = Picture(width: 2, height: 1, channels: 1, bytes: [200, 100])
    let drawn = map.drawn(over: picture)
    #expect(drawn.bytes == [90, 90, 90, 230, 110, 0] && drawn.width == 2)  // 200 · 0.45
    #expect(map.drawn(over: Picture(width: 1, height: 1, channels: 1, bytes: [9])).bytes == [0, 0, 0, 230, 110, 0])
    let pair = try #require(Picture.row([picture, drawn], gap: 1))
    #expect(pair.bytes == [200, 200, 200, 100, 100, 100, 255, 255, 255, 90, 90, 90, 230, 110, 0])
    #expect(Picture.row([picture, Picture(width: 1, height: 2, channels: 1, bytes: [1, 2])], gap: 1) == nil)
    #expect(picture.enlarged(2).bytes == [200, 200, 100, 100, 200, 200, 100, 100])
  }
}

/// A model that says nothing of its layers.
private struct Box: Model {
  let inner: TabularModel
  var signature: Signature { inner.signature }
  var rowCost: Int { 1 }
  func features(of table: Table) throws -> (features: [Float], unseenCount: Int) { try inner.features(of: table) }
  func prepare(_ numbers: UnsafeBufferPointer<Double>, into features: UnsafeMutableBufferPointer<Float>) {}
  func answer(features: UnsafeBufferPointer<Float>, into answers: UnsafeMutableBufferPointer<Double>) {
    inner.answer(features: features, into: answers)
  }
}
