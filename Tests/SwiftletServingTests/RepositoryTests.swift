// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOHTTP1
import NIOPosix
import SwiftletFormats
import SwiftletModels
import Testing

@testable import SwiftletServing

@Suite("The models that are served, and changing them")
struct RepositoryTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func repository(_ paths: [String]? = nil, name: String? = nil) throws -> ModelRepository {
    try ModelRepository(paths: paths ?? [folder.path], name: name, limits: BatchLimits(), logger: silent)
  }

  @Test("a bundle, a folder of bundles and a folder of versions are found; the highest version answers")
  func finding() throws {
    try TestModels.numbers(name: "one").save(to: folder.path + "/one")
    for version in ["1", "2", "10", "01", "x"] {
      try TestModels.numbers(seed: UInt64(version.count), name: "many").save(to: folder.path + "/many/" + version)
    }
    try FileManager.default.createDirectory(atPath: folder.path + "/empty", withIntermediateDirectories: true)
    let all = try repository()
    #expect(all.current.names == ["many", "one"])
    #expect(try all.model("many").version == "10")
    #expect(try all.model("many", version: "2").version == "2")
    #expect(all.current.models["many"]?.all.map(\.version) == ["1", "2", "10"])
    #expect(try repository([folder.path + "/one"], name: "other").current.names == ["other"])
    #expect(throws: RequestError.self) { try all.model("many", version: "3") }
    #expect(throws: FormatError.self) { try repository([folder.path + "/empty"]) }
    #expect(throws: FormatError.self) { try repository(name: "several") }
  }

  @Test("where containers have their models")
  func defaults() throws {
    try TestModels.numbers().save(to: folder.path + "/flowers")
    #expect(ModelLocation.defaultPaths(["AZUREML_MODEL_DIR": folder.path]).last == folder.path)
    #expect(
      ModelLocation.defaultPaths(["SWIFTLET_MODEL_DIR": folder.path, "AZUREML_MODEL_DIR": "/none"]) == [folder.path])
  }

  @Test("names that cannot stand in a URL are not served under them", arguments: ["a/b", "..", "", "-x", "a b", "é"])
  func names(name: String) throws {
    #expect(!isServable(name: name))
    #expect(isServable(name: "a.B-9_" + String(repeating: "x", count: 122)))
    #expect(!isServable(name: String(repeating: "x", count: 129)))
    try TestModels.numbers(name: name).save(to: folder.path + "/good")
    #expect(try repository().current.names == ["good"])
  }

  @Test("a new bundle takes the old one's place, after it has been still for a look")
  func reloading() throws {
    let path = folder.path + "/flowers"
    try TestModels.numbers(seed: 1).save(to: path)
    let models = try repository()
    let old = try models.model("flowers")
    models.reload(isPatient: true)
    #expect(try models.model("flowers") === old)
    try TestModels.numbers(seed: 2).save(to: path)
    models.reload(isPatient: true)
    #expect(try models.model("flowers") === old)
    models.reload(isPatient: true)
    #expect(try models.model("flowers") !== old)
    try TestModels.numbers(seed: 3).save(to: path)
    let second = try models.model("flowers")
    models.reload(isPatient: false)
    #expect(try models.model("flowers") !== second)
  }

  @Test("a broken bundle is refused and the old one stays; a good one after it is taken")
  func refusing() throws {
    let path = folder.path + "/flowers"
    try TestModels.numbers(seed: 1).save(to: path)
    let models = try repository()
    let old = try models.model("flowers")
    for broken in ["{", "{}", ""] {
      try Data(broken.utf8).write(to: URL(fileURLWithPath: path + "/model.json"))
      models.reload(isPatient: false)
      #expect(try models.model("flowers") === old)
    }
    try FileManager.default.removeItem(atPath: path + "/model.json")  // half a bundle is a broken one
    models.reload(isPatient: false)
    #expect(try models.model("flowers") === old)
    try FileManager.default.removeItem(atPath: path)  // what has no model.json is not a model, and is not replaced
    try TestModels.numbers(seed: 2).save(to: path)
    models.reload(isPatient: false)
    #expect(try models.model("flowers") !== old)
  }

  @Test("a model that comes, and a version that comes, are served")
  func arriving() throws {
    try TestModels.numbers(name: "one").save(to: folder.path + "/one/1")
    let models = try repository()
    try TestModels.numbers(name: "two").save(to: folder.path + "/two")
    try TestModels.numbers(name: "one").save(to: folder.path + "/one/2")
    models.reload(isPatient: false)
    #expect(models.current.names == ["one", "two"])
    #expect(try models.model("one").version == "2")
  }

  @Test("a model that is taken out of a served folder is gone at the second look, and back when it is")
  func removing() throws {
    let files = FileManager.default
    for version in ["1", "2"] { try TestModels.numbers(name: "many").save(to: folder.path + "/models/many/" + version) }
    try TestModels.numbers(name: "named").save(to: folder.path + "/named")
    let models = try repository([folder.path + "/models", folder.path + "/named"])
    try files.removeItem(atPath: folder.path + "/models/many/2")
    try files.removeItem(atPath: folder.path + "/named")
    models.reload(isPatient: true)
    #expect(try models.model("many").version == "2")  // somebody may be copying
    models.reload(isPatient: true)
    #expect(try models.model("many").version == "1")
    #expect(try models.model("named").name == "named")  // it was asked for by its own path
    try files.removeItem(atPath: folder.path + "/models/many")
    models.reload(isPatient: false)
    #expect { try models.model("many") } throws: { ($0 as? RequestError)?.status == .notFound }
    #expect(!models.index.contains { $0.name == "many" })
    try TestModels.numbers(name: "many").save(to: folder.path + "/models/many/3")
    models.reload(isPatient: false)
    #expect(try models.model("many").version == "3")
    try files.moveItem(atPath: folder.path + "/models", toPath: folder.path + "/away")  // the disk is away
    for _ in 0..<3 { models.reload(isPatient: true) }
    #expect(try models.model("many").version == "3")
  }

  @Test("the index, loading and unloading by request, where the server allows it")
  func changing() async throws {
    var options = ServerOptions.patient
    options.access.allowsLoading = true
    let server = try TestServer([TestModels.numbers()], options: options)
    let index = try await server.post("/v2/repository/index", "")
    #expect(index.json == [["name": "flowers", "version": "1", "state": "READY", "reason": ""]])
    #expect(try await server.post("/v2/repository/models/flowers/unload", "").status == .ok)
    #expect(try await server.get("/v2/models/flowers/ready").status == .serviceUnavailable)
    #expect(try await server.get("/v1/models/flowers").status == .serviceUnavailable)
    #expect(try await server.get("/v2/health/ready").status == .serviceUnavailable)
    #expect(try await server.post("/v2/repository/index", #"{"ready":true}"#).json == [])
    #expect(try await server.post("/v2/repository/models/flowers/load", "{}").status == .ok)
    #expect(try await server.get("/v2/models/flowers/ready").status == .ok)
    #expect(try await server.post("/v2/repository/models/nope/load", "").status == .notFound)
  }

  @Test("a request can bring no model, and without the flag it changes nothing")
  func restricted() async throws {
    let closed = try TestServer([TestModels.numbers()])
    for body in ["", #"{"parameters":{"url":"http://evil.test/model"}}"#] {
      let response = try await closed.post("/v2/repository/models/flowers/load", body)
      #expect(response.status == .forbidden)
      #expect(response.error?.contains("This API is restricted") == true)
    }
    var options = ServerOptions.patient
    options.access.allowsLoading = true
    let open = try TestServer([TestModels.numbers()], options: options)
    for name in ["config", "file:1/model.json"] {
      let body = #"{"parameters":{"\#(name)":"AAAA"}}"#
      #expect(try await open.post("/v2/repository/models/flowers/load", body).status == .forbidden)
    }
  }
}
