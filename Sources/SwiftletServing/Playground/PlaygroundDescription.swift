// SPDX-License-Identifier: Apache-2.0
//
// What the playground needs to know about a model.
//
// Before    StaticAssets.swift     After    -

import SwiftletFormats
import SwiftletModels

/// Describes a model for the playground.
package func playgroundDescription(of bundle: ModelBundle) -> JSONValue {
  ["name": .string(bundle.name)]
}
