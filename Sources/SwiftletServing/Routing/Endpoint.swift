// SPDX-License-Identifier: Apache-2.0
//
// Endpoint: everything that can be asked, with its methods and the protocol that it belongs to.
//
// Before    Repository/ModelProbe.swift     After    Route.swift

import NIOHTTP1

/// What can be asked. The raw value is the path as metrics, logs and the OpenAPI document name it.
package enum Endpoint: String, Sendable, CaseIterable {
  // Pages.
  case root = "/"
  case docs = "/docs"
  case asset = "/assets/{asset}"
  case openAPI = "/openapi.json"
  case description = "/playground/models/{model}"

  // Probes and metrics.
  case metrics = "/metrics"
  case health = "/health"
  case healthz = "/healthz"
  case livez = "/livez"
  case readyz = "/readyz"
  case version = "/version"

  // The Open Inference Protocol, version 2.
  case serverMetadata = "/v2"
  case live = "/v2/health/live"
  case ready = "/v2/health/ready"
  case modelList = "/v2/models"
  case modelMetadata = "/v2/models/{model}"
  case modelReady = "/v2/models/{model}/ready"
  case infer = "/v2/models/{model}/infer"
  case allStatistics = "/v2/models/stats"
  case modelStatistics = "/v2/models/{model}/stats"
  case modelConfiguration = "/v2/models/{model}/config"
  case repositoryIndex = "/v2/repository/index"
  case repositoryLoad = "/v2/repository/models/{model}/load"
  case repositoryUnload = "/v2/repository/models/{model}/unload"

  // TensorFlow Serving, and version 1 of KServe.
  case v1List = "/v1/models"
  case v1Status = "/v1/models/{model}"
  case v1Metadata = "/v1/models/{model}/metadata"
  case v1Predict = "/v1/models/{model}:predict"
  case v1Classify = "/v1/models/{model}:classify"
  case v1Regress = "/v1/models/{model}:regress"

  // The clouds.
  case ping = "/ping"
  case invocations = "/invocations"
  case endpointInvocations = "/endpoints/{model}/invocations"
  case vertexHealth = "AIP_HEALTH_ROUTE"
  case vertexPredict = "AIP_PREDICT_ROUTE"
  case score = "/score"

  /// The methods with which it is asked.
  package var methods: [HTTPMethod] {
    switch self {
    case .infer, .repositoryIndex, .repositoryLoad, .repositoryUnload, .v1Predict, .v1Classify, .v1Regress,
      .invocations,
      .endpointInvocations, .vertexPredict, .score:
      [.POST]
    default: [.GET, .HEAD]
    }
  }

  package var protocolName: ProtocolName {
    switch self {
    case .root, .docs, .asset, .openAPI, .description: .page
    case .metrics, .health, .healthz, .livez, .readyz, .version: .operations
    case .serverMetadata, .live, .ready, .modelList, .modelMetadata, .modelReady, .infer, .allStatistics,
      .modelStatistics, .modelConfiguration, .repositoryIndex, .repositoryLoad, .repositoryUnload:
      .v2
    case .v1List, .v1Status, .v1Metadata, .v1Predict, .v1Classify, .v1Regress: .v1
    case .ping, .invocations, .endpointInvocations: .sagemaker
    case .vertexHealth, .vertexPredict: .vertex
    case .score: .azure
    }
  }

  /// Whether it is asked by probes, which know no key.
  var isOpen: Bool {
    switch self {
    case .live, .ready, .health, .healthz, .livez, .readyz, .ping, .vertexHealth, .root, .docs, .asset: true
    default: false
    }
  }
}
