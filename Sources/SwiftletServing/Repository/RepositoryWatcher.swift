// SPDX-License-Identifier: Apache-2.0
//
// RepositoryWatcher: looking at the models' folders on threads that may wait.
//
// A disk of a network may not answer for minutes. Whoever looks at it then waits, so each path has a thread of its own,
// and each model another one to be loaded on: neither the other models nor the signals wait with it.
//
// Before    ModelRepository.swift     After    ModelProbe.swift

import Dispatch
import Synchronization

/// Has a repository look at its folders.
final class RepositoryWatcher: Sendable {
  private let repository: ModelRepository
  /// What is being looked at or loaded. A path may be a bundle itself, so the two are told apart.
  private let busy = Mutex<Set<String>>([])

  init(_ repository: ModelRepository) { self.repository = repository }

  /// Starts a look at every path at which none is under way, and returns.
  ///
  /// - Parameter isPatient: Whether a change is left alone until the next look.
  func look(isPatient: Bool) {
    for path in repository.paths {
      aside("look at " + path) { [self] in
        for location in repository.due(at: path, isPatient: isPatient) {
          aside("load " + location.path) { [self] in repository.reload(location) }
        }
      }
    }
  }

  private func aside(_ key: String, _ body: @escaping @Sendable () -> Void) {
    guard busy.withLock({ $0.insert(key).inserted }) else { return }
    // A queue of its own is a thread of its own where others wait.
    DispatchQueue(label: "swiftlet.models").async { [self] in
      body()
      busy.withLock { _ = $0.remove(key) }
    }
  }
}
