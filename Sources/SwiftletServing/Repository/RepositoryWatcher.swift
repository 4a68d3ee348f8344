// SPDX-License-Identifier: Apache-2.0
//
// RepositoryWatcher: looking at the models' folders on threads that may wait.
//
// A disk of a network may not answer for minutes, and whoever looks at it then waits. So each model is looked at and
// loaded on a thread of its own: neither the other models nor the signals wait with it, and nobody waits for it twice.
//
// Before    ModelRepository.swift     After    Watching/LiveEvents.swift

import Dispatch
import Synchronization

/// Threads that may wait, each for what its name says.
final class WaitingThreads: Sendable {
  private let busy = Mutex<Set<String>>([])

  /// Does something on a thread of its own, and returns.
  ///
  /// - Returns: Whether it was begun: nothing under the same name may be on its way.
  @discardableResult
  func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
    guard busy.withLock({ $0.insert(name).inserted }) else { return false }
    // A queue of its own is a thread of its own where others wait.
    DispatchQueue(label: "swiftlet.models").async { [self] in
      body()
      busy.withLock { _ = $0.remove(name) }
    }
    return true
  }
}

/// Lets a repository look at its folders.
final class RepositoryWatcher: Sendable {
  private let repository: ModelRepository
  private let willLook: @Sendable (String) -> Void

  /// - Parameter willLook: Called on the thread that is about to look at a model's folder.
  init(_ repository: ModelRepository, willLook: @escaping @Sendable (String) -> Void = { _ in }) {
    self.repository = repository
    self.willLook = willLook
  }

  /// Starts a look at every model at which none is under way, and returns.
  ///
  /// - Parameter isPatient: Whether a change is left alone until the next look.
  func look(isPatient: Bool) {
    for path in repository.paths {
      // A path may be a model's folder itself, so the two are told apart.
      repository.threads.start("look at all of " + path) { [self] in
        for folder in repository.modelFolders(at: path, isPatient: isPatient) {
          repository.threads.start("look at " + folder) { [self] in look(at: folder, isPatient: isPatient) }
        }
      }
    }
  }

  private func look(at folder: String, isPatient: Bool) {
    willLook(folder)
    for location in repository.due(in: folder, isPatient: isPatient) {
      repository.threads.start("load " + location.path) { [self] in repository.reload(location) }
    }
  }
}
