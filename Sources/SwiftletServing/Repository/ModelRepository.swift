// SPDX-License-Identifier: Apache-2.0
//
// ModelRepository: loading models, and loading them again when they change.
//
// A new bundle is loaded beside the old one and asked for one answer; only then it takes the old one's place.
// A broken one is refused with a line in the log, and the old one stays. A folder that was just written to is left alone
// until it has not changed from one look to the next: it may be a copy in progress. A model that was taken out of a
// served folder is gone at the second look; one that was named itself, or whose disk is away, stays.
//
// Before    ModelSnapshot.swift     After    RepositoryWatcher.swift

import Dispatch
import Foundation
import Logging
import SwiftletFormats
import SwiftletInterchange
import SwiftletModels
import Synchronization

/// The models of a server.
package final class ModelRepository: Sendable {
  /// One version on disk.
  private struct Entry {
    var name: String
    /// The fingerprint that was last loaded, or last refused.
    var tried: [Int]
    /// The fingerprint at the last look.
    var seen: [Int]
    var state: State
    /// Number of looks in a row that did not find it.
    var absences = 0
  }

  /// Its state in the repository index.
  package enum State: Sendable, Equatable {
    case ready
    case unavailable(reason: String)
    case unloaded
  }

  let paths: [String]
  private let nameOverride: String?
  private let limits: BatchLimits
  private let logger: Logger
  private let snapshot = Mutex(ModelSnapshot())
  private let entries = Mutex<[ModelLocation: Entry]>([:])
  /// Where disks are waited for.
  let threads = WaitingThreads()

  /// Serves models that are not in a folder: those of another toolkit, or of a program.
  ///
  /// - Throws: `FormatError` if one cannot answer its own example.
  package init(models: [any Model], limits: BatchLimits, logger: Logger) throws {
    paths = []
    nameOverride = nil
    self.limits = limits
    self.logger = logger
    for model in models {
      let served = ServedModel(name: model.signature.name, version: "1", model: model, limits: limits)
      try served.probe()
      snapshot.withLock { $0.insert(served) }
    }
  }

  /// Loads the models at the paths.
  ///
  /// - Parameters:
  ///   - name: The model's name, if there is only one.
  ///   - patience: How long one model may keep the others waiting.
  /// - Throws: ``FormatError`` if no model is found, or none can be loaded.
  package init(
    paths: [String], name: String? = nil, limits: BatchLimits, logger: Logger,
    patience: DispatchTimeInterval = .seconds(10)
  ) throws {
    self.paths = paths
    nameOverride = name
    self.limits = limits
    self.logger = logger
    for path in paths where ModelLocation.locations(at: path).isEmpty {
      throw FormatError(
        path, "holds no model: neither it nor a folder in it has a model.json or a model.onnx.", isMissingInput: true)
    }
    let locations = paths.flatMap(ModelLocation.locations)
    if name != nil, Set(locations.map(\.folderName)).count > 1 {
      throw FormatError(paths[0], "holds several models, and --name is for one.")
    }
    let firstError = begin(locations, patience: patience)
    if current.names.isEmpty {
      throw firstError ?? FormatError(paths.first ?? ".", "holds no model.", isMissingInput: true)
    }
  }

  /// Loads models one after the other. One whose disk does not answer is served once it does; the others do not wait.
  ///
  /// - Returns: What is wrong with the first one that could not be loaded.
  private func begin(_ locations: [ModelLocation], patience: DispatchTimeInterval) -> (any Error)? {
    let firstError = Mutex<(any Error)?>(nil)
    var late: [DispatchGroup] = []
    for location in locations {
      let loading = DispatchGroup()
      loading.enter()
      threads.start("load " + location.path) { [self] in
        do { try load(location) } catch { firstError.withLock { $0 = $0 ?? error } }
        loading.leave()
      }
      guard loading.wait(timeout: .now() + patience) == .timedOut else { continue }
      late.append(loading)
      let metadata: Logger.Metadata = ["path": "\(location.path)"]
      logger.warning("the model's disk does not answer; it is served once it does", metadata: metadata)
    }
    for loading in late where current.names.isEmpty { loading.wait() }
    return firstError.withLock { $0 }
  }

  /// The models that answer now.
  var current: ModelSnapshot { snapshot.withLock { $0 } }

  /// A model by its name, the latest version by default.
  package func model(_ name: String, version: String? = nil) throws -> ServedModel {
    try current.model(name, version: version)
  }

  /// Every version on disk and its state.
  package var index: [(name: String, version: String, state: State)] {
    entries.withLock { entries in
      entries.map { ($1.name, $0.version, $1.state) }.sorted { ($0.0, Int($0.1) ?? 0) < ($1.0, Int($1.1) ?? 0) }
    }
  }

  // MARK: Changes

  /// Looks at the folders, and loads what has changed.
  ///
  /// - Parameter isPatient: Whether a change is left alone until the next look.
  package func reload(isPatient: Bool) {
    for path in paths {
      for folder in modelFolders(at: path, isPatient: isPatient) {
        for location in due(in: folder, isPatient: isPatient) { reload(location) }
      }
    }
  }

  /// Loads a version that has changed; what is wrong with it is in the log.
  func reload(_ location: ModelLocation) { try? load(location) }

  /// The folders at a path that may each be one model's. The models of those that are gone are forgotten.
  func modelFolders(at path: String, isPatient: Bool) -> [String] {
    let folders = ModelLocation.modelFolders(at: path)
    if folders == [path] { return folders }  // a look at it finds what is gone
    let found = Set(folders)
    forgetAbsent(from: path, isPatient: isPatient) { location in
      !found.contains(path + "/" + location.path.dropFirst(path.count + 1).prefix { $0 != "/" })
    }
    return folders
  }

  /// The versions in a model's folder that have changed. Those that are gone are forgotten.
  func due(in folder: String, isPatient: Bool) -> [ModelLocation] {
    let locations = ModelLocation.versions(at: folder)
    let found = Set(locations)
    forgetAbsent(from: folder, isPatient: isPatient) { !found.contains($0) }
    return locations.filter { location in
      let fingerprint = location.fingerprint
      return entries.withLock { entries -> Bool in
        guard var entry = entries[location] else { return true }
        defer { entries[location] = entry }
        let isStill = entry.seen == fingerprint
        entry.seen = fingerprint
        entry.absences = 0
        return entry.state != .unloaded && entry.tried != fingerprint && (isStill || !isPatient)
      }
    }
  }
  /// Forgets the versions below a folder that were not found and whose own folder is gone.
  private func forgetAbsent(from folder: String, isPatient: Bool, where isAbsent: (ModelLocation) -> Bool) {
    let known = entries.withLock { Array($0.keys) }
    let absent = known.filter { location in
      location.path.hasPrefix(folder + "/") && isAbsent(location)
        && !FileManager.default.fileExists(atPath: location.path)  // a half-written bundle is broken
    }
    guard !absent.isEmpty, FileManager.default.fileExists(atPath: folder) else { return }
    let gone = entries.withLock { entries in
      var gone: [(name: String, version: String)] = []
      for location in absent {
        guard let entry = entries[location] else { continue }
        entries[location]?.absences += 1
        guard entry.absences > 0 || !isPatient else { continue }
        entries[location] = nil
        gone.append((entry.name, location.version))
      }
      return gone
    }
    for (name, version) in gone {
      snapshot.withLock { $0.forget(name, version: version) }
      logger.info("removed: its folder is gone", metadata: ["model": "\(name)", "version": "\(version)"])
    }
  }

  /// Loads all versions of a model, whether they have changed or not.
  package func load(named name: String) throws {
    let locations = entries.withLock { entries in entries.filter { $0.value.name == name }.map(\.key) }
    guard !locations.isEmpty else { throw RequestError.notFound("Request for unknown model: '\(name)' is not found") }
    for location in locations {
      do { try load(location) } catch {
        throw RequestError.bad("The model '\(name)' could not be loaded; see the server's log.")
      }
    }
  }

  /// Takes a model out of service.
  package func unload(named name: String) throws {
    let isKnown = entries.withLock { entries in
      let own = entries.filter { $0.value.name == name }.map(\.key)
      for location in own { entries[location]?.state = .unloaded }
      return !own.isEmpty
    }
    guard isKnown else { throw RequestError.notFound("Request for unknown model: '\(name)' is not found") }
    snapshot.withLock { $0.remove(name) }
    logger.info("unloaded", metadata: ["model": "\(name)"])
  }

  /// Loads one version beside what is there, asks it for an answer, and puts it in place.
  private func load(_ location: ModelLocation) throws {
    let fingerprint = location.fingerprint
    let known = entries.withLock { $0[location] }
    var name = known?.name ?? nameOverride ?? location.folderName
    do {
      let opened = try ModelFormats.open(location.path, threads: limits.maxConcurrent)
      if known == nil, nameOverride == nil { name = try servableName(opened.signature.name, location) }
      let model = ServedModel(
        name: name, version: location.version, model: opened, limits: limits)
      try model.probe()
      snapshot.withLock { $0.insert(model) }
      remember(location, Entry(name: name, tried: fingerprint, seen: fingerprint, state: .ready))
      logger.info(
        known == nil ? "loaded" : "reloaded", metadata: ["model": "\(name)", "version": "\(location.version)"])
    } catch {
      let isServed = snapshot.withLock { snapshot in
        snapshot.knownNames.insert(name)
        return (try? snapshot.model(name, version: location.version)) != nil
      }
      let reason =
        isServed ? "the bundle on disk was refused; the old one keeps answering" : "the bundle was refused"
      let state: State = isServed ? .ready : .unavailable(reason: reason)
      remember(location, Entry(name: name, tried: fingerprint, seen: fingerprint, state: state))
      logger.error(
        "\(reason)", metadata: ["model": "\(name)", "version": "\(location.version)", "error": "\(error)"])
      throw error
    }
  }

  private func remember(_ location: ModelLocation, _ entry: Entry) { entries.withLock { $0[location] = entry } }

  /// The name of a model: that of its bundle, or that of its folder, if it can be part of a URL.
  private func servableName(_ name: String, _ location: ModelLocation) throws -> String {
    let taken = entries.withLock { entries in
      Set(entries.filter { $0.key.version == location.version }.map(\.value.name))
    }
    let names = [name, location.folderName].filter { isServable(name: $0) }
    guard let servable = names.first(where: { !taken.contains($0) }) else {
      throw FormatError(
        location.path,
        names.isEmpty
          ? "has the name \(quoted(name)), which cannot be part of a URL: use letters, digits, - . _, or --name."
          : "has the name \(quoted(name)), like another model here; give one of them another name.")
    }
    return servable
  }
}
