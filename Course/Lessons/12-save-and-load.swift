// SPDX-License-Identifier: Apache-2.0
//
// 12 · Save, look into the file byte by byte, load: the same answers
//
// You will learn   what a saved model is: a few names, a few shapes, and numbers.
// It prints        Course/Expected/12-save-and-load.txt
// Try changing     the first byte of the file before it is loaded, and read what the error says.

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors
import SwiftletTraining

var recipe = Recipe()
recipe.data = "Datasets/iris"
recipe.model.kind = "logistic"
let bundle = try Experiment(DataLoader(recipe.data), recipe).run(recipe, name: "iris").bundle

let folder = FileManager.default.temporaryDirectory.appendingPathComponent("iris-\(UUID())").path
try bundle.save(to: folder)
print(try FileManager.default.contentsOfDirectory(atPath: folder).sorted().joined(separator: "  "))
print()

// The parameters are in the format safetensors: a length, that many bytes of JSON, then the numbers as they are in
// memory. There is nothing in it that could be run, so a file from a stranger can be wrong and not dangerous.
let bytes = try ByteSource.file(folder + "/model.safetensors").readAll()
let length = bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }  // 8 bytes, the least significant first
print("\(bytes.count) bytes: 8 for the length, \(length) of header, \(bytes.count - 8 - length) of numbers")
print(String(decoding: bytes[8..<8 + length], as: UTF8.self).trimmingCharacters(in: .whitespaces))

// Four bytes are one Float. The first of the weight says how the first measurement speaks for the first species.
let first = bytes[(8 + length)...].prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
print("the first number, read by hand: \(Tensor(Float(bitPattern: first)).rounded(decimals: 2))")
let weight = try Safetensors.decode(bytes, name: "model.safetensors")["0.weight"] ?? Tensor(0)  // [C, D]
print("and by the library: \(weight.rounded(decimals: 2)[0, 0]), in a weight of shape \(weight.shape)")
print()

let loaded = try ModelBundle.load(from: folder)
let flowers = try DataLoader(recipe.data).load().table.selecting(rows: [0, 60, 140])
let (before, after) = (try answer(bundle), try answer(loaded))
print("three flowers are \(after.names.joined(separator: ", ")); the same before and after: \(before == after)")

func answer(_ bundle: ModelBundle) throws -> (names: [String], probabilities: [Double]) {
  let answers = try Predictor(bundle).predict(flowers).answers
  let names = (0..<answers.count).map { bundle.labels[bundle.head.label(of: answers.row($0))] }
  return (names, answers.values)
}
try FileManager.default.removeItem(atPath: folder)
// Exercises: 1. Print the pipeline of `model.json`. 2. Cut the last byte off the parameters and load.
// Solutions/solutions-12.swift
