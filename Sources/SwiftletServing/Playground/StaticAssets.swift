// SPDX-License-Identifier: Apache-2.0
//
// The files of the playground, which are compiled into the program.
//
// A server that reads its pages from a folder can be asked for other files of that folder; this one has
// a list of five names and no folder.
//
// Before    Wire/ServerResponse.swift     After    PlaygroundDescription.swift

import NIOCore

/// A file that is served as it is.
struct StaticAsset: Sendable {
  let mediaType: String
  let bytes: ByteBuffer

  private init(_ mediaType: String, _ bytes: [UInt8]) {
    (self.mediaType, self.bytes) = (mediaType, ByteBuffer(bytes: bytes))
  }

  static let playground = StaticAsset("text/html; charset=utf-8", PackageResources.index_html)
  static let docs = StaticAsset("text/html; charset=utf-8", PackageResources.docs_html)

  /// What `/assets/NAME` serves.
  static let byName: [String: StaticAsset] = [
    "app.js": StaticAsset("text/javascript; charset=utf-8", PackageResources.app_js),
    "docs.js": StaticAsset("text/javascript; charset=utf-8", PackageResources.docs_js),
    "style.css": StaticAsset("text/css; charset=utf-8", PackageResources.style_css),
  ]
}
