// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet serve`: a model that answers over HTTP.
//
// Before    RecommendCommand.swift     After    PackageCommand.swift

import ArgumentParser
import Foundation
import SwiftletFormats
import SwiftletServing

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer over HTTP, also for clients that were written for other servers.",
    discussion: """
      Give it a model, several, or a folder of models:

        swiftlet serve Models/iris
        swiftlet serve Models

      It prints its address and, for each model, a curl command that works when pasted. Open the address in a
      browser for the playground, and /docs for every path. A folder with numbered folders (Models/iris/1, /2) \
      holds versions: the highest answers, the others by /versions/N.

      Without a model it looks where containers have them: $SWIFTLET_MODEL_DIR, /opt/ml/model, \
      $AZUREML_MODEL_DIR, /mnt/models, ./model.

      It answers the Open Inference Protocol (/v2, as KServe, Triton and MLServer do), TensorFlow Serving and \
      KServe 1 (/v1/models/NAME:predict), SageMaker and MLflow (/invocations), Vertex AI and Azure ML (/score).

        curl localhost:8080/v2/models/iris                      # what it takes and gives
        curl localhost:8080/v1/models/iris:predict -d '{"instances": [[5.1, 3.5, 1.4, 0.2]]}'
        curl localhost:8080/metrics                             # for Prometheus

      --grpc-port 8081 answers gRPC there as well: the Open Inference Protocol, for the clients of KServe and Triton, \
      and the health checks of Kubernetes. --grpc-port 8080 answers both at one port.

      Every flag is also an environment variable and a key of a YAML file: --max-queue 100 is SWIFTLET_MAX_QUEUE=100, \
      and max_queue: 100 in the file of --config. A flag wins over the environment, the environment over the file. \
      `swiftlet help settings --serve` explains each.

      A model that is replaced on disk is loaded and checked beside the old one, then takes its place; SIGHUP looks \
      at once. SIGTERM stops it in order: it is no longer ready, answers for another --drain-seconds, and ends.
      """)

  @Argument(help: "Folders of models, or folders that hold such folders.") var models: [String] = []
  @Option(help: "The model's name in paths, if there is only one.") var name: String?
  @Option(help: "A YAML file of settings, such as max_queue: 100 (default: $SWIFTLET_CONFIG).") var config: String?
  @OptionGroup(title: "Address") var address: AddressFlags
  @OptionGroup(title: "Batches and queues") var batching: BatchFlags
  @OptionGroup(title: "Limits") var limits: LimitFlags
  @OptionGroup(title: "Access") var access: AccessFlags
  @OptionGroup(title: "Operation") var operation: OperationFlags

  /// Defaults < file < environment < flags.
  ///
  /// - Returns: The options, and a sentence for each setting that was ignored.
  func options(_ environment: [String: String]) throws -> (options: ServerOptions, notes: [String]) {
    var options = ServerOptions()
    let file = config ?? environment["SWIFTLET_CONFIG"] ?? ""
    if !file.isEmpty { try ServerOptions.settings.read(YAML.read(.file(file)), into: &options) }
    let notes = try options.read(environment: environment)
    for given in address.given + batching.given + limits.given + access.given + operation.given {
      try ServerOptions.settings[given.key]?.apply(given.value, to: &options, calledAs: given.words[0])
    }
    return (options, notes)
  }

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    let (options, notes) = try reportingErrors { try self.options(environment) }
    for note in notes { printError("note: \(note)") }
    let server = try reportingErrors { () -> ModelServer in
      let paths = models.isEmpty ? ModelServer.defaultPaths(environment) : models
      guard !paths.isEmpty else {
        throw FormatError(
          "serve",
          "no model was given, and there is none in the folders that containers use. Try: \(programPath) serve Models/iris",
          isMissingInput: true)
      }
      return try ModelServer(paths: paths, name: name, options: options, environment: environment)
    }
    for warning in server.warnings { printError("warning: \(warning)") }
    do {
      try await server.run { port in
        print(server.greeting(port: port))
        fflush(nil)  // a pipe would keep it for later
      }
    } catch {
      printError("swiftlet: " + ModelServer.sentence(about: error, options))
      throw ExitStatus.cannotListen
    }
  }
}
