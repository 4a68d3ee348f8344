// SPDX-License-Identifier: Apache-2.0
//
// The files of the playground, which are compiled into the program.
//
// A server that reads its pages from a folder can be asked for other files of that folder; this one has
// a list of names and no folder.
//
// Before    OpenAPI/OpenAPIInputSchemas.swift     After    PlaygroundDescription.swift

import NIOCore

/// A file that is served as it is.
struct StaticAsset: Sendable {
  let mediaType: String
  let bytes: ByteBuffer

  private init(_ mediaType: String, _ bytes: [UInt8]) {
    (self.mediaType, self.bytes) = (mediaType, ByteBuffer(bytes: bytes))
  }

  private static func script(_ bytes: [UInt8]) -> StaticAsset { StaticAsset("text/javascript; charset=utf-8", bytes) }

  static let playground = StaticAsset("text/html; charset=utf-8", PackageResources.index_html)
  static let docs = StaticAsset("text/html; charset=utf-8", PackageResources.docs_html)

  /// What `/assets/NAME` serves.
  static let byName: [String: StaticAsset] = [
    "style.css": StaticAsset("text/css; charset=utf-8", PackageResources.style_css),
    "docs.css": StaticAsset("text/css; charset=utf-8", PackageResources.docs_css),
    "swiftlet.svg": StaticAsset("image/svg+xml", PackageResources.swiftlet_svg),
    "answer.js": script(PackageResources.answer_js),
    "api.js": script(PackageResources.api_js),
    "app.js": script(PackageResources.app_js),
    "contributions.js": script(PackageResources.contributions_js),
    "docs.js": script(PackageResources.docs_js),
    "dom.js": script(PackageResources.dom_js),
    "form.js": script(PackageResources.form_js),
    "ink.js": script(PackageResources.ink_js),
    "key.js": script(PackageResources.key_js),
    "markdown.js": script(PackageResources.markdown_js),
    "pad.js": script(PackageResources.pad_js),
    "payload.js": script(PackageResources.payload_js),
    "picture.js": script(PackageResources.picture_js),
    "recommend.js": script(PackageResources.recommend_js),
    "schema.js": script(PackageResources.schema_js),
    "snippets.js": script(PackageResources.snippets_js),
    "trial.js": script(PackageResources.trial_js),
  ]

  /// The modules of a page that holds its model: in the place of those that are for a server stand some that need none.
  static var pageModules: [String: String] {
    var modules = byName.filter { $0.key.hasSuffix(".js") }.mapValues { String(buffer: $0.bytes) }
    modules["api.js"] = String(decoding: PackageResources.here_js, as: UTF8.self)
    modules["model.js"] = String(decoding: PackageResources.model_js, as: UTF8.self)
    for name in ["key.js", "snippets.js", "recommend.js"] {
      modules[name] = String(decoding: PackageResources.absent_js, as: UTF8.self)
    }
    return modules
  }
}
