// SPDX-License-Identifier: Apache-2.0
//
// Disks that do not answer, as those of a network now and then: a terminal at which nothing is typed stands for them.

import Dispatch
import Foundation
import NIOPosix
import SwiftletModels
import SwiftletTestSupport
import Testing

@testable import SwiftletServing

@Suite("Models on disks that do not answer", .serialized, .endsWhenStuck)
struct DiskTests {
  @Test("a disk that does not answer keeps neither the other models nor the one who looks waiting")
  func hangingDisk() async throws {
    let server = try TestServer([TestModels.numbers(seed: 1)])
    let folder = server.folder + "/stuck"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let terminal = try SilentTerminal(at: folder + "/model.json")
    defer { terminal.close() }
    let before = try server.responder.repository.model("flowers")
    let watcher = RepositoryWatcher(server.responder.repository)
    watcher.look(isPatient: false)
    try TestModels.numbers(seed: 2).save(to: server.folder + "/flowers")
    while try server.responder.repository.model("flowers") === before {
      watcher.look(isPatient: false)
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  @Test("a model whose folder does not answer keeps no other folder waiting")
  func hangingFolder() async throws {
    let server = try TestServer([TestModels.numbers(seed: 1), TestModels.numbers(seed: 1, name: "stuck")])
    let before = try server.responder.repository.model("flowers")
    let answer = DispatchSemaphore(value: 0)
    let watcher = RepositoryWatcher(server.responder.repository) { folder in
      if folder.hasSuffix("/stuck") { answer.wait() }
    }
    defer { answer.signal() }
    try TestModels.numbers(seed: 2).save(to: server.folder + "/flowers")
    while try server.responder.repository.model("flowers") === before {
      watcher.look(isPatient: false)
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  @Test("a request to load what hangs gets 504 in time; other models are loaded meanwhile")
  func hangingLoad() async throws {
    var options = ServerOptions()
    options.access.allowsLoading = true
    options.batching.requestTimeoutMilliseconds = 200
    let server = try TestServer([TestModels.numbers(), TestModels.numbers(name: "others")], options: options)
    let file = server.folder + "/flowers/model.json"
    try FileManager.default.removeItem(atPath: file)
    let terminal = try SilentTerminal(at: file)
    defer { terminal.close() }
    #expect(try await server.post("/v2/repository/models/flowers/load", "").status == .gatewayTimeout)
    let second = try await server.post("/v2/repository/models/flowers/load", "")
    #expect(second.status == .serviceUnavailable && second.header("Retry-After") == "1")
    #expect(try await server.post("/v2/repository/models/others/load", "").status == .ok)
    #expect(try await server.post("/v1/models/flowers:predict", #"{"instances":[[1,5,2]]}"#).status == .ok)
  }

  @Test("a server starts without a model whose disk does not answer, and takes it when it can be read")
  func hangingStart() async throws {
    let folder = try TemporaryFolder()
    for name in ["flowers", "late"] { try TestModels.numbers(name: name).save(to: "\(folder.path)/\(name)") }
    let file = folder.path + "/late/model.json"
    let text = try Data(contentsOf: URL(fileURLWithPath: file))
    try FileManager.default.removeItem(atPath: file)
    let terminal = try SilentTerminal(at: file)
    defer { terminal.close() }
    let models = try ModelRepository(
      paths: [folder.path], limits: BatchLimits(pool: .singleton), logger: silent, patience: .milliseconds(100))
    #expect(models.current.names == ["flowers"])
    try text.write(to: URL(fileURLWithPath: file + ".new"))
    try #require(rename(file + ".new", file) == 0)  // takes the place of the link, not of what it leads to
    while models.current.names.count < 2 {
      models.reload(isPatient: false)
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  @Test("a bundle that is served by its own path is loaded again when it changes")
  func watchedBundle() async throws {
    let server = try TestServer([TestModels.numbers(seed: 1)])
    let path = server.folder + "/flowers"
    let repository = try ModelRepository(paths: [path], limits: BatchLimits(pool: .singleton), logger: silent)
    let before = try repository.model("flowers")
    let watcher = RepositoryWatcher(repository)
    try TestModels.numbers(seed: 2).save(to: path)
    while try repository.model("flowers") === before {
      watcher.look(isPatient: false)
      try await Task.sleep(for: .milliseconds(10))
    }
  }
}

/// A link to a terminal at which nothing is typed: who reads it waits until the terminal is closed.
private struct SilentTerminal {
  private let master: Int32

  init(at path: String) throws {
    master = posix_openpt(O_RDWR | O_NOCTTY)
    try #require(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0)
    let name = try #require(ptsname(master))
    try #require(symlink(name, path) == 0)
  }

  func close() { _ = Foundation.close(master) }
}

// Of POSIX, but glibc's module leaves them out.
@_silgen_name("posix_openpt") private func posix_openpt(_ flags: Int32) -> Int32
@_silgen_name("grantpt") private func grantpt(_ master: Int32) -> Int32
@_silgen_name("unlockpt") private func unlockpt(_ master: Int32) -> Int32
@_silgen_name("ptsname") private func ptsname(_ master: Int32) -> UnsafePointer<CChar>?
