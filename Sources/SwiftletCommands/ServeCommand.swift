// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet serve`: a model that answers over HTTP.
//
// Before    PredictCommand.swift     After    InspectCommand.swift

import ArgumentParser
import Foundation
import SwiftletServing

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Answer over HTTP, for clients of many kinds.")

  @Argument(help: "Models' folders, or folders of models.") var models: [String] = []
  @Option(help: "The address to listen on.") var host: String?
  @Option(help: "The port to listen on.") var port: Int?

  func run() async throws {
    var options = ServerOptions()
    if let host { options.host = host }
    if let port { options.port = port }
    let server = try ModelServer(paths: models, options: options)
    try await server.run { port in print(server.greeting(port: port)) }
  }
}
