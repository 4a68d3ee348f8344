// SPDX-License-Identifier: Apache-2.0
//
// Checkpoints: the state of a fit on disk, from which another process can resume it.
//
// A run that was killed in its last hour is not lost: `train --resume` ends with the bytes of an undisturbed run.
// So the state is kept whole, and it is refused if the recipe, the data or the arithmetic differ.
//
//     checkpoint.json      what the run is, the epoch, the generators, the history, the best so far
//     state.safetensors    network.NAME, best.NAME, optimizer.MEMORY.POSITION
//
// Before    Watch.swift     After    CheckpointReader.swift

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTensors

/// Where the state of a fit is kept between epochs, as often as the recipe says.
public struct Checkpoints: Sendable {
  /// The folder of the checkpoint. It is replaced as a whole, so that a crash leaves an older one or a newer one.
  public let path: String
  /// Whether the fit resumes from the checkpoint, if there is one.
  public let resumes: Bool
  /// Number of epochs from one checkpoint to the next; 0 for none.
  private var every = 0
  /// What must be the same in the run that resumes.
  var identity: RunIdentity?

  /// A place for checkpoints.
  ///
  /// - Parameters:
  ///   - path: A folder beside the model's, such as `Models/iris.checkpoint`.
  ///   - resumes: Whether a run resumes from the checkpoint that is there.
  public init(_ path: String, resumes: Bool = false) {
    self.path = path
    self.resumes = resumes
  }

  /// The same place, for one run.
  func of(_ recipe: Recipe, dataSHA256: String) throws -> Checkpoints {
    var checkpoints = self
    checkpoints.every = recipe.training.checkpoint
    checkpoints.identity = try RunIdentity(recipe, dataSHA256: dataSHA256)
    return checkpoints
  }

  /// Whether there is a checkpoint.
  public var exists: Bool { FileManager.default.fileExists(atPath: path + "/checkpoint.json") }

  /// Removes the checkpoint of a run whose model is saved.
  public func remove() { if exists { OutputFolder.checkpoint.remove(path) } }

  /// Saves the state after an epoch, if it is time to.
  func write(_ training: TrainingState, seconds: Double) throws {
    guard let identity, every > 0, training.epoch % every == 0 else { return }
    var tensors = training.network.parameters.map { ("network." + $0.name, $0.value) }
    tensors += (training.best.network?.parameters ?? []).map { ("best." + $0.name, $0.value) }
    let memory = training.optimizer.state
    for (name, values) in memory.memories.sorted(by: { $0.key < $1.key }) {
      tensors += values.enumerated().map { ("optimizer.\(name).\($0)", $1) }
    }
    let state = Safetensors(tensors: tensors, metadata: []).encoded()
    let json: JSONValue = [
      "format": .string(Self.format), "run": identity.json, "epoch": JSONValue(training.epoch),
      "step": JSONValue(training.step), "seconds": .number(seconds), "order": .string(training.order.text),
      "dropout": JSONValue(training.dropout.map(\.text)), "optimizer_steps": JSONValue(memory.stepCount),
      "best": ["epoch": JSONValue(training.best.epoch), "loss": .exact(training.best.loss)],
      "history": .array(training.history.epochs.map(\.json)),
    ]
    let signed: JSONValue = .object(
      (json.members ?? []) + [.init("digest", .string(try Self.digest(of: json, state)))])
    let text = signed.encoded(pretty: true) + "\n"
    try OutputFolder.checkpoint.write([("checkpoint.json", Array(text.utf8)), ("state.safetensors", state)], to: path)
  }

  /// The SHA-256 of both files, but for the digest itself: a byte that is wrong would end in a wrong model.
  static func digest(of json: JSONValue, _ state: [UInt8]) throws -> String {
    let members = (json.members ?? []).filter { $0.name != "digest" }
    return try ByteSource.memory(Array(JSONValue.object(members).encoded().utf8) + state, name: "state").sha256()
  }

  static let format = "swiftlet-checkpoint/1"
}

/// What a run is, as far as its bytes depend on it.
struct RunIdentity: Equatable, Sendable {
  let recipe: String
  let data: String
  let threads: Int
  let openBLAS: String

  init(_ recipe: Recipe, dataSHA256: String) throws {
    var recipe = recipe
    recipe.training.checkpoint = 0  // the interval does not change the state itself
    recipe.data = ""  // nor does the path of the data, as long as they are the same
    self.recipe = try ByteSource.memory(Array(recipe.json.encoded().utf8), name: "recipe").sha256()
    data = dataSHA256
    threads = recipe.training.threadCount
    openBLAS = OpenBLAS.version + " " + OpenBLAS.coreName
  }

  init?(_ json: JSONValue) {
    guard let recipe = json["recipe"]?.string, let data = json["data"]?.string,
      let threads = json["threads"]?.integer, let openBLAS = json["openblas"]?.string
    else { return nil }
    self.recipe = recipe
    self.data = data
    self.threads = threads
    self.openBLAS = openBLAS
  }

  var json: JSONValue {
    [
      "recipe": .string(recipe), "data": .string(data), "threads": JSONValue(threads), "openblas": .string(openBLAS),
    ]
  }

  /// What differs from another run, or `nil` if its state can be resumed.
  func difference(from other: RunIdentity) -> String? {
    if recipe != other.recipe { return "the recipe differs" }
    if data != other.data { return "the data differ" }
    if threads != other.threads { return "it was trained on \(other.threads) threads, and now there are \(threads)" }
    if openBLAS != other.openBLAS { return "it was trained with OpenBLAS \(other.openBLAS), and this is \(openBLAS)" }
    return nil
  }
}

extension Generator {
  /// The state in hexadecimal digits.
  var text: String { String(state, radix: 16) }
}

extension JSONValue {
  /// A number that reads as exactly the same one, NaN and infinity included.
  static func exact(_ value: Double) -> JSONValue { value.isFinite ? .number(value) : .string("\(value)") }

  /// The number that `exact` wrote.
  var exactNumber: Double? { number ?? string.flatMap { ["nan", "inf", "-inf"].contains($0) ? Double($0) : nil } }
}

extension EpochFigures {
  /// The figures as a list: epoch, losses, measure, learning rate.
  fileprivate var json: JSONValue {
    let numbers = [validationLoss, validationMetric?.value, learningRate.map { Double($0) }]
    return .array([JSONValue(epoch), .exact(trainLoss)] + numbers.map { $0.map { .exact($0) } ?? .null })
  }
}
