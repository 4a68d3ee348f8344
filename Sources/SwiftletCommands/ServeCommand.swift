// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet serve`: a model that answers over HTTP.
//
// Before    PredictCommand.swift     After    ServeOptions.swift

import ArgumentParser
import Foundation
import SwiftletFormats
import SwiftletServing

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer over HTTP, to clients that were written for other servers too.",
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

      A model that is replaced on disk is loaded and checked beside the old one, then takes its place; SIGHUP looks \
      at once. SIGTERM stops in order: not ready, still answering for --drain-seconds, then the end.
      """)

  @Argument(help: "Models' folders, or folders of models.") var models: [String] = []
  @Option(help: "What the model is called in paths; for one model.") var name: String?
  @OptionGroup(title: "Address") var address: AddressOptions
  @OptionGroup(title: "Batches and queues") var batching: BatchOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Access") var access: AccessOptions
  @OptionGroup(title: "Operation") var operation: OperationOptions

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    var options = ServerOptions()
    try address.apply(to: &options, environment)
    batching.apply(to: &options)
    limits.apply(to: &options)
    try access.apply(to: &options, environment)
    operation.apply(to: &options, environment)
    let server = try reportingErrors { () -> ModelServer in
      let paths = models.isEmpty ? ModelServer.defaultPaths(environment) : models
      guard !paths.isEmpty else {
        throw FormatError(
          "serve", "no model was given, and none is where containers have them. Try: \(programPath) serve Models/iris",
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
      printError("swiftlet: \(options.host):\(options.port) cannot be opened: \(error)")
      throw ExitStatus.cannotListen
    }
  }
}
