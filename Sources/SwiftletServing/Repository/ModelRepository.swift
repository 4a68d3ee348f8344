// SPDX-License-Identifier: Apache-2.0
//
// The models that are served.
//
// Before    ServedModel.swift     After    -

import SwiftletModels

package final class ServedModel: Sendable {
  package let bundle: ModelBundle
  init(_ bundle: ModelBundle) { self.bundle = bundle }
}

package final class ModelRepository: Sendable {
  private let models: [String: ServedModel]
  package init(paths: [String]) throws {
    var models: [String: ServedModel] = [:]
    for path in paths {
      let bundle = try ModelBundle.load(from: path)
      models[bundle.name] = ServedModel(bundle)
    }
    self.models = models
  }
  package func model(_ name: String) -> ServedModel? { models[name] }
}
