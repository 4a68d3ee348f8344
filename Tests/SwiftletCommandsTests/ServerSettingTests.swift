// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import SwiftletFormats
import SwiftletServing
import Testing

@testable import SwiftletCommands

/// The settings of a server: from a flag, the environment and a file, each of them to the options.
@Suite("The settings of a server")
struct ServerSettingTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-serve-\(UUID())").path

  /// The options, as text that shows all their properties.
  private func options(_ flags: [String] = [], _ environment: [String: String] = [:], file: String? = nil) throws
    -> String
  {
    var arguments = flags
    if let file {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try file.write(toFile: folder + "/serve.yaml", atomically: true, encoding: .utf8)
      arguments += ["--config", folder + "/serve.yaml"]
    }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return "\(try ServeCommand.parse(arguments).options(environment).options)"
  }

  @Test("has a row for each property of the options")
  func complete() {
    let groups = Mirror(reflecting: ServerOptions()).children
    let properties = groups.map { Mirror(reflecting: $0.value).children.count }.reduce(0, +)
    #expect(properties > groups.count && ServerOptions.settings.settings.count == properties)
  }

  @Test(
    "each is set by its flag, its variable and its key, and the first of them wins",
    arguments: ServerOptions.settings.settings.map(\.key))
  func places(key: String) throws {
    let setting = try #require(ServerOptions.settings[key])
    let isTruth = setting.kind == .truth
    let flag = ["--" + (setting.flag ?? "")] + (isTruth ? [] : [setting.example])
    let variable = try #require(setting.environment.first)
    let standard = try options()
    let set = try options(flag)
    if key != "threads" { #expect(set != standard) }  // a machine may have as many cores as the example says
    #expect(try options([], [variable: setting.example]) == set)
    #expect(try options(file: "\(key): \(setting.example)\n") == set)
    // Another value that can be told from both: what it would be without the winner.
    let value = ServerOptions.settings.value(of: key, in: ServerOptions()) ?? .null
    let isEmpty = value == [] || value == "none"
    let other = isEmpty ? setting.example : value.string ?? value.encoded()
    if !isEmpty {
      #expect(try options([], [variable: other], file: "\(key): \(setting.example)\n") == standard)
    }
    #expect(try options(flag, [variable: isTruth ? "false" : other]) == set)
  }

  @Test("every flag is in the help, with its sentence and its default")
  func help() {
    let help = ServeCommand.helpMessage(columns: 10_000).replacing(/\s+/, with: " ")
    for setting in ServerOptions.settings.settings {
      let flag = setting.flag ?? ""
      let isThere = help.contains("--\(flag) <\(flag)> \(setting.help)") || help.contains("--\(flag) \(setting.help)")
      #expect(isThere, "\(setting.key)")
      let value = ServerOptions.settings.value(of: setting.key, in: ServerOptions()) ?? .null
      if ["none", false, []].contains(value) { continue }  // without the flag there is none
      let shown = value.string ?? value.encoded()
      #expect(help.contains("\(setting.help) (default \(shown))"), "\(setting.key)")
    }
    #expect(help.contains("one more gets 503. (default 1024)"))
  }

  @Test(
    "what may not be is refused with a sentence",
    arguments: [
      (["--port", "70000"], [:], "--port must be a whole number from 0 to 65535, not 70000."),
      (["--max-queue", "many"], [:], "--max-queue must be a whole number from 1 to 1000000, not \"many\"."),
      (["--threads", "300"], [:], "--threads must be"),
      (["--api-key", ""], [:], "--api-key must be a key that is not empty"),
      (["--host", ""], [:], "--host must be an address"),
      (
        ["--cors-origin", "example.com"], [:], "--cors-origin must be a scheme and a host, such as https://example.com"
      ),
      (["--metrics-compat", "triton,datadog"], [:], "--metrics-compat must be a list of triton, mlserver and kserve"),
      (["--log-format", "xml"], [:], "--log-format must be one of json, text"),
      ([], ["SWIFTLET_MAX_QUEUE": "0"], "$SWIFTLET_MAX_QUEUE must be a whole number from 1 to 1000000, not 0."),
      ([], ["PORT": "http"], "$PORT must be a whole number from 0 to 65535, not \"http\"."),
      ([], ["SWIFTLET_ALLOW_LOAD": "yes"], "$SWIFTLET_ALLOW_LOAD must be true or false"),
    ] as [([String], [String: String], String)])
  func refusals(flags: [String], environment: [String: String], sentence: String) {
    #expect { try options(flags, environment) } throws: { "\($0)".hasPrefix(sentence) }
  }

  @Test(
    "a file is refused at its line",
    arguments: [
      (
        "max_queue: 100\nmax_queus: 3\n",
        "serve.yaml, line 2: there is no key \"max_queus\". Did you mean \"max_queue\"?"
      ),
      ("max_queue: 0\n", "serve.yaml, line 1: \"max_queue\" must be a whole number from 1 to 1000000, not 0."),
      ("- 8080\n", "serve.yaml: \"the configuration\" must be a mapping of keys to values, not a list."),
    ])
  func files(text: String, sentence: String) {
    #expect { try options(file: text) } throws: { "\($0)" == sentence }
  }

  @Test("other names for the port are asked in their order, and what Kubernetes puts there is ignored with a note")
  func ports() throws {
    func port(_ environment: [String: String]) throws -> (Int, [String]) {
      let (options, notes) = try ServeCommand.parse([]).options(environment)
      return (options.address.port, notes)
    }
    #expect(
      try port(["PORT": "1", "SAGEMAKER_BIND_TO_PORT": "2", "AIP_HTTP_PORT": "3", "SWIFTLET_PORT": "4"]) == (4, []))
    #expect(try port(["PORT": "1", "SAGEMAKER_BIND_TO_PORT": "2", "SWIFTLET_PORT": ""]) == (2, []))
    let (chosen, notes) = try port(["SWIFTLET_PORT": "tcp://10.0.0.11:8080", "PORT": "9"])
    #expect(chosen == 9)
    #expect(
      notes == [
        "$SWIFTLET_PORT is tcp://10.0.0.11:8080, which Kubernetes sets for a service of that name; it is ignored."
      ])
  }

  @Test("several origins are one setting")
  func origins() throws {
    let command = try ServeCommand.parse(["--cors-origin", "https://a.org", "--cors-origin", "http://b.org"])
    #expect(try command.options([:]).options.access.corsOrigins == ["https://a.org", "http://b.org"])
  }

  @Test("the page is the one that the table gives")
  func page() throws {
    let path = Program.project + "/Sources/SwiftletServing/SwiftletServing.docc/ServerSettings.md"
    let committed = try String(contentsOfFile: path, encoding: .utf8)
    #expect(
      try SettingsCommand.parse(["--serve", "--page"]).text() + "\n" == committed,
      "swiftlet settings --serve --page >\(path)")
  }
}
