// SPDX-License-Identifier: Apache-2.0
//
// Reading a checkpoint: it is used only after every name, shape and number was checked.
//
// Before    Checkpoint.swift     After    Preconditioner.swift

import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTensors

extension Checkpoints {
  /// Replaces the initial state of a fit by the one on disk.
  ///
  /// - Throws: `FormatError` if it belongs to another run, or is damaged.
  func restore(_ state: inout TrainingState) throws {
    guard resumes, exists, let identity else { return }
    let file = path + "/checkpoint.json"
    let json = try JSONValue.parse(try ByteSource.file(file).readAll(limit: 256 << 20)[...], name: file)
    guard json["format"]?.string == Self.format, let other = json["run"].flatMap(RunIdentity.init) else {
      throw damage("it has no \"format\" and \"run\" that this version writes")
    }
    if let difference = identity.difference(from: other) {
      throw FormatError(path, "is the checkpoint of another run: \(difference). Train without --resume to begin again.")
    }
    let name = path + "/state.safetensors"
    let bytes = try ByteSource.file(name).readAll(limit: 32 << 30)
    guard json["digest"]?.string == (try Self.digest(of: json, bytes)) else {
      throw damage("its bytes are not those that were written")
    }
    let tensors = try Safetensors.decode(bytes, name: name)
    guard let reader = Reader(json: json, tensors: tensors), reader.fill(&state) else {
      throw damage("its parts do not fit together")
    }
  }

  private func damage(_ what: String) -> FormatError {
    FormatError(path, "is not a whole checkpoint: \(what). Train without --resume to begin again.")
  }
}

/// The parts of a checkpoint.
private struct Reader {
  let tensors: Safetensors
  let epoch: Int
  let step: Int
  let seconds: Double
  let order: Generator
  let dropout: [Generator]
  let optimizerSteps: Int
  let bestEpoch: Int
  let bestLoss: Double
  let history: [[JSONValue]]

  init?(json: JSONValue, tensors: Safetensors) {
    guard let epoch = json["epoch"]?.integer, let step = json["step"]?.integer,
      let seconds = json["seconds"]?.number, let order = json["order"]?.string.flatMap(Generator.init(text:)),
      let dropout = json["dropout"]?.array?.map({ $0.string.flatMap(Generator.init(text:)) }),
      let optimizerSteps = json["optimizer_steps"]?.integer, let bestEpoch = json["best"]?["epoch"]?.integer,
      let bestLoss = json["best"]?["loss"]?.exactNumber,
      let history = json["history"]?.array?.compactMap(\.array),
      epoch > 0, step >= epoch, seconds >= 0, optimizerSteps >= 0, (0...epoch).contains(bestEpoch),
      history.count == epoch, history.allSatisfy({ $0.count == 5 })
    else { return nil }
    self.tensors = tensors
    self.epoch = epoch
    self.step = step
    self.seconds = seconds
    self.order = order
    self.dropout = dropout.compactMap { $0 }
    self.optimizerSteps = optimizerSteps
    self.bestEpoch = bestEpoch
    self.bestLoss = bestLoss
    self.history = history
  }

  /// Whether all of it fits the initial state of the fit, which it then replaces.
  func fill(_ state: inout TrainingState) -> Bool {
    guard dropout.count == state.dropout.count, let memories = memories(for: state), fillHistory(&state.history),
      fill(&state.network, "network.")
    else { return false }
    if bestEpoch > 0 {
      var best = state.network
      guard fill(&best, "best.") else { return false }
      state.best = Best(network: best, loss: bestLoss, epoch: bestEpoch)
    }
    state.optimizer.state = OptimizerState(stepCount: optimizerSteps, memories: memories)
    state.epoch = epoch
    state.step = step
    state.earlierSeconds = seconds
    state.order = order
    state.dropout = dropout
    return true
  }

  /// Gives a network its parameters by their names.
  private func fill(_ network: inout Sequential, _ prefix: String) -> Bool {
    var isWhole = true
    network.updateParameters { name, value in
      guard let tensor = tensors[prefix + name], tensor.shape == value.shape else { return isWhole = false }
      value = tensor
    }
    return isWhole
  }

  /// What the optimizer remembers: no tensor for a memory, or one for each parameter.
  private func memories(for state: TrainingState) -> [String: [Tensor]]? {
    var memories: [String: [Tensor]] = [:]
    let shapes = state.network.parameters.map(\.value.shape)
    for name in state.optimizer.state.memories.keys {
      let found = shapes.indices.compactMap { tensors["optimizer.\(name).\($0)"] }
      guard found.isEmpty || found.map(\.shape) == shapes else { return nil }
      memories[name] = found
    }
    return memories
  }

  private func fillHistory(_ history: inout History) -> Bool {
    for (position, row) in self.history.enumerated() {
      guard row[0].integer == position + 1, let trainLoss = row[1].exactNumber else { return false }
      var figures = EpochFigures(epoch: position + 1, trainLoss: trainLoss)
      figures.validationLoss = row[2].exactNumber
      figures.learningRate = row[4].exactNumber.map { Float($0) }
      if let metric = history.validationMetric {
        guard figures.validationLoss != nil, let value = row[3].exactNumber else { return false }
        figures.validationMetric = Metric(metric, value)
      }
      history.epochs.append(figures)
    }
    return true
  }
}

extension Generator {
  /// A generator that continues from a state in hexadecimal digits.
  fileprivate init?(text: String) {
    guard let state = UInt64(text, radix: 16) else { return nil }
    self.init(seed: 0)
    self.state = state
  }
}
