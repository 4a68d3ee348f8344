// SPDX-License-Identifier: Apache-2.0
//
// 08 · Digits: batches, a validation split, a confusion matrix
//
// You will learn   how a network is trained on thousands of rows, and how to see what it mistakes for what.
// It prints        Course/Expected/08-digits.txt
// Try changing     the batch size, to 8 and to 1,000, and look at the validation accuracy.

import SwiftletAutograd
import SwiftletData
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import SwiftletTraining

// 5,620 digits, drawn by hand, as 8 × 8 numbers from 0 to 16. The people of the test rows wrote none of the others.
let table = try DataLoader("Datasets/digits").load().table
let truth = try Heads.prepare([table.column("digit", for: "the target")], as: ClassHead.self).truth
let given = (0..<table.rowCount).map { Split(rawValue: table["split"]?.text(at: $0) ?? "") ?? .train }
let splits = Split.addingValidation(0.1, to: given, classes: truth.classes, seed: 34)
func rows(_ split: Split) -> [Int32] { splits.indices.filter { splits[$0] == split }.map { Int32($0) } }

// The pipeline learns means and deviations from the training rows alone, and standardizes every row by them.
let pixels = table.selecting(columns: table.columnNames.filter { $0.hasPrefix("p") })
let pipeline = try Pipeline.fit(pixels, rows: rows(.train)).0
func examples(_ split: Split) throws -> (features: Tensor, labels: [Int32]) {
  let features = try pipeline.transform(pixels, rows: rows(split)).features
  return (features.rows(0..<features.rowCount), rows(split).map { truth.classes[Int($0)] })  // [N, D], [N]
}
let train = try examples(.train)
let validation = try examples(.validation)
let test = try examples(.test)
var generator = Generator(seed: 8)
var network = Sequential(
  Linear(inputSize: pipeline.width, outputSize: 64, using: &generator), ReLU(),
  Linear(inputSize: 64, outputSize: 10, using: &generator))
var optimizer = Adam(learningRate: 0.001)
let batchSize = 32
for epoch in 1...10 {
  let order = generator.permutation(of: train.labels.count)  // another order in every epoch
  for start in stride(from: 0, to: order.count, by: batchSize) {
    let batch = Array(order[start..<min(start + batchSize, order.count)])
    let tape = Tape(training: true)
    let logits = network(tape.constant(train.features.gathered(batch)))  // [B, 10]
    let loss = crossEntropy(logits: logits, labels: batch.map { train.labels[Int($0)] })
    optimizer.step(&network, gradients: tape.gradients(of: loss))
  }
  if epoch % 5 == 0 { print("epoch \(epoch): right on \(percent(network, validation)) of the validation rows") }
}
print("on \(percent(network, test)) of the test rows. Rows of the matrix are what it was, columns what the model said:")
let said = network(test.features).argmax(axis: 1)
let matrix = confusionMatrix(labels: test.labels, predicted: said, classCount: 10)
print(Tensor(matrix.map { $0.map { Float($0) } }))
func percent(_ network: Sequential, _ part: (features: Tensor, labels: [Int32])) -> String {
  let said = network(part.features).argmax(axis: 1)
  return "\(zip(said, part.labels).count { $0 == $1 } * 100 / part.labels.count) percent"
}
// Exercises: 1. Which digit is mistaken most often, and for which? 2. Without the hidden layer, how good is it?
// Solutions/solutions-08.swift
