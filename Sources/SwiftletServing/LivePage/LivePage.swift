// SPDX-License-Identifier: Apache-2.0
//
// A model as one page: the playground, with the model in it instead of a server behind it.
//
// Browsers load no modules from a file on disk, so the playground's modules are joined into one script. In it, api.js
// is here.js, which answers from the model that the page holds.
//
// Before    PageScript.swift     After    Server/ServerSettings.swift

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables

/// A page that answers as the model does, without a server.
///
/// - Parameter bundle: A model of columns or pictures.
/// - Returns: HTML that needs no other file and nothing from a network.
/// - Throws: `FormatError` for a model that answers with lists: a page shows no lists.
package func livePage(of bundle: ModelBundle) throws -> String {
  let answering = TabularModel(bundle)
  guard try bundle.head.recommender(of: answering) == nil else {
    throw FormatError(bundle.name, "recommends items, and a page answers for rows and pictures only.")
  }
  let parameters = Safetensors(tensors: bundle.network.parameters.map { ($0.name, $0.value) })
  let description = playgroundDescription(of: answering.signature)
  let model: JSONValue = [
    "description": description,
    "pipeline": beyond(description["inputs"] ?? .null, bundle.pipeline.json),
    "truths": .array(TruthWords.pairs.map { JSONValue($0) }),
    "network": .array(Blueprint(bundle.network).layers),
    "weights": .string(Data(parameters.encoded()).base64EncodedString()),
  ]
  let script = try PageScript(root: "app.js", modules: StaticAsset.pageModules).text
  let style = String(decoding: PackageResources.style_css, as: UTF8.self)
  // Only this script may run, named by the hash of all that stands between its tags.
  let policy =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-\(hash(of: "\n\(script)  "))'"
  let page = String(decoding: PackageResources.live_html, as: UTF8.self)
  return filled(
    page,
    [
      "POLICY": policy, "NAME": escaped(bundle.name), "STYLE": style, "CARD": escaped(bundle.card),
      // Between the tags of a script only "</script" and "<!--" mean something, and neither is left.
      "MODEL": model.encoded().replacingOccurrences(of: "<", with: "\\u003c"),
      "SCRIPT": script,
    ])
}

/// What the steps of a pipeline say beyond the descriptions of their inputs: a page holds nothing twice.
private func beyond(_ inputs: JSONValue, _ pipeline: JSONValue) -> JSONValue {
  .array(
    zip(inputs.array ?? [], pipeline.array ?? []).map { input, step in
      .object((step.members ?? []).filter { input[$0.name] != $0.value })
    })
}

/// The page with its marks replaced, each once: what is put in is not searched for marks.
private func filled(_ page: String, _ parts: [String: String]) -> String {
  let pieces = page.components(separatedBy: "__")
  return pieces.enumerated().map { $0 % 2 == 1 ? parts[$1] ?? "" : $1 }.joined()
}

private func escaped(_ text: String) -> String {
  text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
}

/// The hash of a text as a Content-Security-Policy names it: W3C CSP Level 3, section 2.3.1.
private func hash(of text: String) -> String {
  var hash = SHA256()
  hash.update(Array(text.utf8)[...])
  return Data(hash.digest()).base64EncodedString()
}
