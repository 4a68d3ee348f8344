// SPDX-License-Identifier: Apache-2.0
//
// Pages for people, and the document that describes the interface.
//
// Before    Protocols/Operations/Operations.swift     After    Security/RequestGate.swift

import SwiftletFormats

/// Routes for browsers.
enum Pages {
  static let family = RouteFamily("page", title: "Pages")

  static let routes: [Route] = [
    .get("/", family, isOpen: true, schema: .hidden) { call in
      // A browser gets the playground; KServe's client and Azure's probe get a sign of life.
      let accepted = call.request.accepted
      let wantsPage = !accepted.isEmpty && accepted.best(of: ["application/json", "text/html"]) == "text/html"
      var response = wantsPage ? page(.playground) : .json(["status": "alive"])
      response.headers.append(("Vary", "Accept"))
      return response
    },
    .get("/docs", family, isOpen: true, schema: .hidden) { _ in page(.docs) },
    .get("/assets/{asset}", family, isOpen: true, schema: .hidden) { call in
      guard let asset = StaticAsset.byName[call.path["asset"] ?? ""] else { throw RequestError.notFound("Not Found") }
      return page(asset)
    },
    .get("/openapi.json", family, schema: .hidden) { .json(OpenAPIDocument($0.server).json) },
    .get("/playground/models/{model}", family, schema: .hidden) {
      .json(playgroundDescription(of: try $0.model().signature))
    },
    .post("/playground/models/{model}/saliency", family, schema: .hidden) {
      try $0.server.saliency(try $0.model(), $0)
    },
  ]

  private static func page(_ asset: StaticAsset) -> ServerResponse {
    var response = ServerResponse(mediaType: asset.mediaType, body: asset.bytes)
    response.headers = PageHeaders.all
    return response
  }
}
