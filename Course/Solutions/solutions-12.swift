// SPDX-License-Identifier: Apache-2.0
//
// Solutions to 12 · Save and load

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTensors

// 1. What the pipeline learned: for each column how to fill and how to scale.
let json = try JSONValue.parse(try ByteSource.file("Models/iris/model.json").readAll()[...], name: "model.json")
for step in json["pipeline"]?.array ?? [] {
  let (offset, factor) = (step["offset"]?.number ?? 0, step["factor"]?.number ?? 1)
  let numbers = Tensor([Float(offset), Float(factor)], shape: [2]).rounded(decimals: 2)
  print("\(step["name"]?.string ?? ""): a missing value is \(step["fill"]?.number ?? 0); offset and factor \(numbers)")
}

// 2. A file from somewhere else can be wrong, and never dangerous: it is refused with a sentence.
let folder = FileManager.default.temporaryDirectory.appendingPathComponent("iris-\(UUID())")
try FileManager.default.copyItem(atPath: "Models/iris", toPath: folder.path)
let file = folder.appendingPathComponent("model.safetensors")
try Data(contentsOf: file).dropLast().write(to: file)
do {
  _ = try ModelBundle.load(from: folder.path)
} catch let error as FormatError {
  print("refused: \(error.message)")
}
try FileManager.default.removeItem(at: folder)
