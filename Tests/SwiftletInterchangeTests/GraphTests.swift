// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import Testing

@testable import SwiftletInterchange

@Suite struct GraphTests {
  /// A graph of nodes that are written as `operation inputs -> outputs`, with an input x of two columns.
  private func model(_ nodes: [String], constants: [String: GraphValue] = [:], output: String = "y") throws
    -> ModelMessage
  {
    var model = ModelMessage()
    model.version = 8
    var set = OperatorSetMessage()
    set.version = 15
    model.operatorSets = [set]
    for text in nodes {
      let words = text.split(separator: " ").map(String.init)
      let arrow = try #require(words.firstIndex(of: "->"))
      var node = NodeMessage()
      node.operation = words[0]
      node.name = "the " + words[0]
      node.inputs = Array(words[1..<arrow])
      node.outputs = Array(words[(arrow + 1)...])
      model.graph.nodes.append(node)
    }
    for (name, value) in constants {
      var tensor = TensorMessage()
      tensor.name = name
      tensor.type = value.type.rawValue
      tensor.sizes = value.shape.map { Int64($0) }
      tensor.floats = value.floats ?? []
      tensor.integers = value.integers ?? []
      if value.type != .float { tensor.floats = [] }
      model.graph.initializers.append(tensor)
    }
    var x = ValueMessage()
    x.name = "x"
    var type = TensorTypeMessage()
    type.element = ElementType.float.rawValue
    var rows = AxisMessage()
    rows.name = "batch"
    var columns = AxisMessage()
    columns.size = 2
    type.shape = ShapeMessage()
    type.shape?.axes = [rows, columns]
    x.type.tensor = type
    model.graph.inputs = [x]
    var y = ValueMessage()
    y.name = output
    model.graph.outputs = [y]
    return model
  }

  private func runner(_ model: ModelMessage, elementLimit: Int = 1 << 20) throws -> GraphRunner {
    var setting = GraphRunner.Setting(model)
    setting.elementLimit = elementLimit
    return try GraphRunner(model, setting)
  }

  private let rows = GraphValue([2, 2], [Float(1), 2, 3, 4])

  @Test func `values flow along their names`() throws {
    // y = (x + 1) * x, by hand: 1·2, 2·3, 3·4, 4·5.
    let graph = try model(["Add x one -> a", "Mul a x -> y"], constants: ["one": GraphValue([], [Float(1)])])
    let runner = try runner(graph)
    #expect(try runner.run([rows]) == [GraphValue([2, 2], [Float(2), 6, 12, 20])])
    // What no later node reads is let go, and the constant is not.
    #expect(runner.steps.map(\.freed.count) == [0, 2])
  }

  @Test func `what depends on constants alone is computed once`() throws {
    let one = GraphValue([], [Float(1)])
    let runner = try runner(
      model(["Add one one -> two", "Mul two two -> four", "Add x four -> y"], constants: ["one": one]))
    #expect(runner.steps.map(\.name) == ["Add \"the Add\""])
    #expect(try runner.run([rows]) == [GraphValue([2, 2], [Float(5), 6, 7, 8])])
  }

  @Test func `a graph may give its input or a constant back`() throws {
    #expect(try runner(model([], output: "x")).run([rows]) == [rows])
    let one = GraphValue([], [Float(1)])
    #expect(try runner(model([], constants: ["one": one], output: "one")).run([rows]) == [one])
  }

  @Test(
    arguments: [
      (
        ["Add x later -> y", "Relu x -> later"],
        "Add \"the Add\": it takes \"later\", which no input, constant or earlier node has as its name"
      ),
      (["Relu y -> y"], "Relu \"the Relu\": it takes \"y\", which no input, constant or earlier node has as its name"),
      (["Relu x -> x"], "Relu \"the Relu\": the name \"x\" is given to two values"),
      (["Relu x -> z"], "it takes \"y\", which no input, constant or earlier node has as its name"),
      (["Dream x -> y"], "Dream \"the Dream\": the operator Dream is not supported"),
      (
        ["Gelu x -> y"],
        "Gelu \"the Gelu\": Gelu of operator set 15 is not supported; write the model with operator set 20 or later"
      ),
      (["MatMul x x -> y"], nil),
      (["Concat x x -> y"], "Concat \"the Concat\": the attribute axis is missing"),
    ] as [([String], String?)])
  func `a graph that cannot be run is refused with its node`(nodes: [String], reason: String?) throws {
    let model = try model(nodes)
    do {
      _ = try runner(model)
      #expect(reason == nil)
    } catch let error as GraphError { #expect(error.description == reason) }
  }

  @Test func `an error while running names the node`() throws {
    let runner = try runner(model(["MatMul x x -> y"]))
    #expect(
      throws: GraphError(
        "the inner sizes must agree, and the shapes are [1, 2] and [1, 2]", node: "MatMul \"the MatMul\"")
    ) {
      try runner.run([GraphValue([1, 2], [Float(1), 2])])
    }
    #expect(throws: GraphError("there are 0 values for 1 inputs")) { try runner.run([]) }
  }

  @Test func `nothing becomes larger than the limit`() throws {
    let shape = GraphValue([3], [Int64(1000), 1000, 1000])
    let reason =
      "Expand \"the Expand\": the shape [1000, 1000, 1000] has more than 262144 elements, which is the limit"
    let runner = try runner(model(["Expand x shape -> y"], constants: ["shape": shape]), elementLimit: 1 << 18)
    #expect { try runner.run([GraphValue([1, 1], [Float(1)])]) } throws: { "\($0)" == reason }
    // Before any row has come, where everything is known.
    let constants = ["shape": shape, "one": GraphValue([], [Float(1)])]
    #expect {
      try self.runner(model(["Expand one shape -> y"], constants: constants), elementLimit: 1 << 18)
    } throws: { "\($0)" == reason }
  }

  @Test func `whole numbers are not divided by zero, and wrap`() throws {
    let zero = GraphValue([1], [Int64(0)])
    let text = "Div \"the Div\": a whole number is divided by 0"
    #expect { try self.runner(model(["Div zero zero -> y"], constants: ["zero": zero])) } throws: { "\($0)" == text }
    let largest = GraphValue([1], [Int64.max])
    let runner = try runner(model(["Add largest largest -> y"], constants: ["largest": largest]))
    #expect(try runner.run([rows]) == [GraphValue([1], [Int64(-2)])])
  }

  @Test func `a constant has as many numbers as its shape says`() throws {
    let reader = ConstantReader(folder: nil, limit: 1 << 10)
    func read(_ sizes: [Int64], _ floats: [Float], raw: [UInt8]? = nil, type: Int64 = 1) throws -> GraphValue {
      var tensor = TensorMessage()
      tensor.name = "w"
      tensor.sizes = sizes
      tensor.type = type
      tensor.floats = floats
      tensor.raw = raw
      return try reader.value(of: tensor)
    }
    #expect(try read([2], [1, 2]) == GraphValue([2], [Float(1), 2]))
    #expect(try read([1], [], raw: [0, 0, 0xC0, 0x3F]) == GraphValue([1], [Float(1.5)]))
    #expect(throws: GraphError("the constant \"w\" has 1 elements, and its shape [2] needs 2")) { try read([2], [1]) }
    #expect(throws: GraphError("the shape [-1] has a negative size")) { try read([-1], []) }
    #expect(throws: GraphError("the constant \"w\" has 3 bytes, which is not a whole number of float values")) {
      try read([1], [], raw: [1, 2, 3])
    }
    #expect(throws: GraphError("elements of the type complex64 are not supported")) { try read([], [], type: 14) }
    // Products that would overflow, also behind a zero.
    for sizes in [[Int64(1) << 40, 1 << 40], [1 << 62, 4], [0, 1 << 40, 1 << 40]] {
      #expect(throws: GraphError.self) { try read(sizes, []) }
    }
  }

  @Test func `weights in another file stay in the folder of the model`() throws {
    func place(_ location: String) -> TensorMessage {
      var tensor = TensorMessage()
      tensor.type = 1
      tensor.sizes = [1]
      var entry = EntryMessage()
      entry.key = "location"
      entry.value = location
      tensor.external = [entry]
      return tensor
    }
    for location in ["../secret", "/etc/passwd", "a/../../secret", "", "weights.bin"] {
      #expect(throws: GraphError.self) { try ConstantReader(folder: nil, limit: 8).value(of: place(location)) }
      #expect(throws: GraphError.self) { try ConstantReader(folder: "/nowhere", limit: 8).value(of: place(location)) }
    }
  }

  @Test func `an axis is cut once, and every cut stays inside`() throws {
    let cuts: [String: GraphValue] = [
      "starts": GraphValue([2], [Int64(0), 0]), "ends": GraphValue([2], [Int64(2), 2]),
      "axes": GraphValue([2], [Int64(0), 0]),
      "steps": GraphValue([2], [Int64(2), 2]),
    ]
    let runner = try runner(model(["Slice x starts ends axes steps -> y"], constants: cuts))
    #expect(throws: GraphError("it cuts an axis twice: [0, 0]", node: "Slice \"the Slice\"")) { try runner.run([rows]) }
  }

  /// Every beginning of a file and many damaged copies of it are read or refused, and never stop the program.
  @Test(arguments: [Float.nan, .infinity, -1e30])
  func `a region or a scale that is not a part of a picture is refused`(end: Float) throws {
    func attribute(_ name: String, _ text: String) -> AttributeMessage {
      var attribute = AttributeMessage()
      attribute.name = name
      attribute.text = text
      return attribute
    }
    let constants = [
      "region": GraphValue([4], [0, 0, 1, end]), "none": GraphValue([0], [Float]()),
      "sizes": GraphValue([2], [Int64(1), 3]), "tiny": GraphValue([2], [1, 1e-30] as [Float]),
      "wide": GraphValue([4], [0, 0, 1, 3e30] as [Float]),
    ]
    for inputs in ["x region none sizes", "x wide tiny"] {
      var model = try model(["Resize \(inputs) -> y"], constants: constants)
      model.graph.nodes[0].attributes = [
        attribute("mode", "linear"), attribute("coordinate_transformation_mode", "tf_crop_and_resize"),
      ]
      let runner = try runner(model)
      #expect(throws: GraphError.self) { try runner.run([GraphValue([1, 2], [1, 2] as [Float])]) }
    }
  }

  @Test func `a block is as long as the file says, whatever that is`() throws {
    var model = try model(
      ["DequantizeLinear x scale -> y"], constants: ["scale": GraphValue([1, 2], [1, 2] as [Float])])
    var block = AttributeMessage()
    block.name = "block_size"
    block.integer = .max
    model.graph.nodes[0].attributes = [block]
    let runner = try runner(model)
    #expect(throws: GraphError.self) { try runner.run([GraphValue([1, 2], [1, 2] as [Float])]) }
  }

  @Test func `whole numbers of 64 bits hold what is too large as their largest`() throws {
    var model = try model(["QuantizeLinear x scale -> y"], constants: ["scale": GraphValue([], [1e-30] as [Float])])
    var type = AttributeMessage()
    type.name = "output_dtype"
    type.integer = ElementType.int64.rawValue
    model.graph.nodes[0].attributes = [type]
    let result = try runner(model).run([GraphValue([1, 3], [1, -1, .nan] as [Float])])
    #expect(result[0].integers == [.max, .min, 0])
  }

  @Test func `constants are computed at once only as far as they fit together`() throws {
    let nodes = ["a", "b", "c"].map { "Expand one sizes -> \($0)" } + ["Add x one -> y"]
    let model = try model(
      nodes, constants: ["one": GraphValue([1, 1], [1] as [Float]), "sizes": GraphValue([2], [Int64(400), 1000])])
    #expect(try runner(model, elementLimit: 1 << 23).steps.count == 2)
  }

  @Test func `a small file takes little memory while it is loaded, whatever it asks for`() throws {
    let one = GraphValue([1, 1], [1] as [Float])
    let sizes = GraphValue([2], [Int64(1 << 14), 1 << 14])
    func reason(_ nodes: [String]) throws -> String? {
      let model = try model(nodes, constants: ["one": one, "sizes": sizes])
      do { _ = try GraphModel(model, GraphDescription([]), GraphRunner.Setting(model), name: "large") } catch {
        return "\(error)"
      }
      return nil
    }
    // 268 million elements at once: of constants alone, and in the rows that a model is asked for when it is loaded.
    // 16 MiB are room for half a million.
    let constants = ["Expand one sizes -> a", "ReduceSum a -> b", "Add x b -> y"]
    let rows = ["ReduceSum x -> a", "Expand a sizes -> b", "ReduceSum b -> c", "Add x c -> y"]
    for nodes in [constants, rows] {
      let reason = try #require(try reason(nodes))
      #expect(reason.hasPrefix("Expand \"the Expand\": the shape [16384, 16384] has more than 524"), "\(reason)")
      #expect(reason.hasSuffix(" elements, which is the limit"), "\(reason)")
    }
  }

  @Test func `values that are held together share the memory of a run`() throws {
    // Each value has 512 KiB, and four are needed at the end.
    let sizes = GraphValue([2], [Int64(1 << 16), 2])
    let nodes = ["Expand x sizes -> a", "Neg a -> b", "Neg b -> c", "Neg c -> d", "Sum a b c d -> y"]
    let model = try model(nodes, constants: ["sizes": sizes])
    let runner = try runner(model)
    let row = GraphValue([1, 2], [1, 2] as [Float])
    var memory = RunMemory(room: 16 << 20)
    _ = try runner.run([row], in: &memory)
    // The result is left, and what else was there is let go.
    #expect(memory.held == 1 << 19)
    #expect(memory.peak == 4 << 19 + RunMemory.elementCost << 17)
    var little = RunMemory(room: 5 << 20)
    #expect(throws: GraphError.self) { try runner.run([row], in: &little) }
  }

  @Test func `a graph of many nodes is made ready in one walk`() throws {
    let names = ["x"] + (0..<50_000).map { "n\($0)" }
    let model = try model(zip(names, names.dropFirst()).map { "Identity \($0) -> \($1)" }, output: "n49999")
    let row = GraphValue([1, 2], [1, 2] as [Float])
    #expect(try runner(model).run([row]) == [row])
  }

  @Test func `more nodes, or more attributes of a node, than a file may have are refused while it is read`() throws {
    func reason(nodes: Int, attributes: Int) -> String? {
      var file = ProtobufWriter()
      file.message(7) { graph in
        for _ in 0..<nodes {
          graph.message(1) { node in for _ in 0..<attributes { node.message(5) { _ in } } }
        }
        graph.message(12) { $0.write(1, string: "y") }
      }
      file.message(8) { $0.write(2, signed: 15) }
      do { _ = try ModelMessage.decode(file.bytes, name: "many.onnx") } catch { return "\(error)" }
      return nil
    }
    #expect(reason(nodes: 60_000, attributes: 0) == nil && reason(nodes: 2, attributes: 256) == nil)
    #expect(
      reason(nodes: 60_001, attributes: 0)
        == "many.onnx is not a valid ONNX file: a graph has more than 60000 nodes, which is the limit. Is the file whole?"
    )
    #expect(reason(nodes: 1, attributes: 257)?.contains("a node has more than 256 attributes") == true)
  }

  @Test func `damaged files are refused`() throws {
    let file = try #require(GoldenCase.committed("files.pb.gz").first { $0.name == "sklearn/tree" }).model
    for length in stride(from: 0, to: file.count, by: max(1, file.count / 400)) {
      _ = try? ModelMessage.decode(Array(file[..<length]), name: "cut.onnx")
    }
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      var bytes = file
      for _ in 0..<3 { bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255) }
      guard let message = try? ModelMessage.decode(bytes, name: "damaged.onnx") else { continue }
      var setting = GraphRunner.Setting(message)
      setting.elementLimit = 1 << 12
      guard let model = try? GraphModel(message, GraphDescription(message.metadata), setting, name: "damaged") else {
        continue
      }
      _ = try? model.answers(for: Array(repeating: 1, count: model.signature.featureCount))
    }
    #expect(throws: FormatError.self) { try ModelMessage.decode([], name: "empty.onnx") }
    #expect { try ModelMessage.decode(Array("PK".utf8), name: "zip.onnx") } throws: {
      "\($0)".hasPrefix("zip.onnx is not a valid ONNX file: ")
    }
  }
}
