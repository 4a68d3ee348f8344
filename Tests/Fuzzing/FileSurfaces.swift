// SPDX-License-Identifier: Apache-2.0
//
// Files: every format that is read, and what is made of it.

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import SwiftletTraining

@testable import SwiftletInterchange

/// Readers of files, by name.
nonisolated(unsafe) let fileSurfaces: [String: ([UInt8]) -> Void] = [
  "csv": { bytes in
    guard let table = try? TableReader().readCSV(.memory(bytes, name: "fuzz.csv")), table.rowCount > 0 else { return }
    _ = try? Pipeline.fit(table)
  },
  "jsonl": { _ = try? TableReader().readJSONLines(.memory($0, name: "fuzz.jsonl")) },
  "json": { bytes in
    guard let value = try? JSONValue.parse(bytes[...], name: "fuzz.json") else { return }
    let text = value.encoded()
    guard (try? JSONValue.parse(text, name: "again")) == value else { fatalError("what was written reads otherwise") }
  },
  "picture": { bytes in
    guard let picture = try? Picture.decode(bytes, name: "fuzz.png", limit: 1 << 16) else { return }
    guard picture.bytes.count == picture.width * picture.height * picture.channels else {
      fatalError("a picture of other bytes than its size")
    }
    _ = picture.resized(width: 5, height: 3).converted(channels: 1).planes
  },
  "yaml": { bytes in
    guard let document = try? YAML.parse(String(decoding: bytes, as: UTF8.self), name: "fuzz.yaml") else { return }
    _ = try? DatasetDescription(document)
    _ = try? Recipe(document)
  },
  "safetensors": { _ = try? Safetensors.decode($0, name: "fuzz.safetensors") },
  "pt": { bytes in
    // A whole file, or the pickle in one: the checksum of an archive hides what is behind it.
    if let tensors = try? StateDict.decode(bytes, file: "fuzz.pt") {
      guard tensors.reduce(0, { $0 + $1.tensor.count }) * 4 <= bytes.count else {
        fatalError("more numbers than bytes")
      }
    }
    _ = try? Unpickler.tensors(of: bytes[...], file: "fuzz.pt")
  },
  "idx": { _ = try? IDX.read(.memory($0, name: "fuzz-ubyte")) },
  "onnx": { bytes in
    guard let message = try? ModelMessage.decode(bytes, name: "fuzz.onnx") else { return }
    var setting = GraphRunner.Setting(message)
    setting.elementLimit = 1 << 12
    setting.nodeLimit = 64
    let description = GraphDescription(message.metadata)
    guard let model = try? GraphModel(message, description, setting, name: "fuzz") else { return }
    let features = Array(repeating: Float(1), count: 3 * model.signature.featureCount)
    guard let answers = try? model.answers(for: features) else { return }
    guard answers.count == 3 else { fatalError("other answers than rows") }
  },
  "npy": { _ = try? NPY.decode($0, name: "fuzz.npy", limit: 1 << 20) },
  "gzip": { _ = try? ByteSource.memory([0x1F, 0x8B] + $0, name: "fuzz.gz").readAll(limit: 1 << 24) },
  "bundle": { bytes in
    try? Data(bytes).write(to: URL(fileURLWithPath: bundleFolder + "/model.json"))
    guard let bundle = try? ModelBundle.load(from: bundleFolder) else { return }
    _ = bundle.card
    _ = Predictor(bundle)
  },
  "network": { bytes in
    guard let layers = (try? JSONValue.parse(bytes[...], name: "fuzz.json"))?.array,
      let network = try? Blueprint(layers).build(from: FewParameters(), inputSize: 48),
      network.multiplicationCount(for: [1, 48]) < 1e6,
      (try? network.outputShape(for: [1, 48]).elementCount) ?? 0 < 1 << 16
    else { return }
    let row = Tensor.ones([1, 48])
    guard network(row).shape == (try? network.outputShape(for: [1, 48])) else {
      fatalError("a shape that was not said")
    }
  },
]

/// Fresh parameters as long as they are few.
private final class FewParameters: ParameterSource {
  private let fresh = FreshParameters(using: Generator(seed: 1))
  private var left = 1 << 16

  func parameter(_ name: String, _ shape: Shape, _ initializer: Initializer) throws -> Tensor {
    left -= min(shape.elementCount, left + 1)
    guard left >= 0 else { throw LayerError("these are more than a fuzzer has time for.") }
    return try fresh.parameter(name, shape, initializer)
  }

  func finish() {}
}

/// A bundle whose model.json is written anew for each input.
private let bundleFolder: String = {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-fuzz-\(UUID())").path
  do { try FileManager.default.copyItem(atPath: "Models/iris", toPath: folder) } catch {
    fatalError("the fuzzer is run in the project's folder: \(error)")
  }
  return folder
}()
