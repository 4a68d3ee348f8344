// SPDX-License-Identifier: Apache-2.0
//
// ModelSnapshot: the models that answer at one moment.
//
// A request looks its model up once, in one snapshot; a reload makes another snapshot and puts it in this one's
// place. No request waits, and none sees half of a change.
//
// Before    ModelLocation.swift     After    ModelRepository.swift

/// The ready versions of every model.
struct ModelSnapshot: Sendable {
  struct Versions: Sendable {
    /// By number, ascending.
    var all: [ServedModel]
    var latest: ServedModel? { all.last }
  }

  private(set) var models: [String: Versions] = [:]
  /// Every name there is, whether ready or not.
  var knownNames: Set<String> = []

  /// The names of the models that are ready, in order.
  var names: [String] { models.keys.sorted() }

  /// All versions of all models, by name and number.
  var all: [ServedModel] { names.flatMap { models[$0]?.all ?? [] } }

  /// The latest version of every model, by name.
  var latest: [ServedModel] { names.compactMap { models[$0]?.latest } }

  /// The versions of a model that answer.
  func versions(of model: ServedModel) -> [String] { models[model.name]?.all.map(\.version) ?? [model.version] }

  mutating func insert(_ model: ServedModel) {
    var all = models[model.name]?.all ?? []
    all.removeAll { $0.version == model.version }
    all.append(model)
    models[model.name] = Versions(all: all.sorted { (Int($0.version) ?? 0) < (Int($1.version) ?? 0) })
    knownNames.insert(model.name)
  }

  mutating func remove(_ name: String) { models[name] = nil }

  /// Takes one version away; with its last one the model is forgotten.
  mutating func forget(_ name: String, version: String) {
    let left = models[name]?.all.filter { $0.version != version } ?? []
    models[name] = left.isEmpty ? nil : Versions(all: left)
    if left.isEmpty { knownNames.remove(name) }
  }

  /// A version of a model, the latest by default.
  ///
  /// - Throws: ``RequestError`` 404 for a version that does not exist, 503 for one that is not loaded.
  func model(_ name: String, version: String? = nil) throws -> ServedModel {
    guard let versions = models[name], let latest = versions.latest else {
      guard knownNames.contains(name) else {
        throw RequestError.notFound("Request for unknown model: '\(name)' is not found")
      }
      throw RequestError(.serviceUnavailable, "The model '\(name)' is not loaded.")
    }
    guard let version else { return latest }
    guard let model = versions.all.first(where: { $0.version == version }) else {
      throw RequestError.notFound("Request for unknown model: '\(name)' version \(version) is not found")
    }
    return model
  }
}
