// SPDX-License-Identifier: Apache-2.0
//
// Pages for people, and the document that describes the interface.
//
// Before    Operations.swift     After    Security/RequestGate.swift

import NIOCore
import SwiftletFormats

extension Responder {
  func page(_ request: ServerRequest, _ route: Route) throws -> ServerResponse {
    switch route.endpoint {
    case .root:
      // A browser wants the playground; KServe's client and Azure's probe want to hear that somebody is there.
      var response = request.accepts("text/html") ? page(.playground) : .json(["status": "alive"])
      response.headers.append(("Vary", "Accept"))
      return response
    case .docs: return page(.docs)
    case .asset:
      guard let asset = StaticAsset.byName[route.model ?? ""] else { throw RequestError.notFound("Not Found") }
      return page(asset)
    case .openAPI: return .json(OpenAPIDocument(self).json)
    case .description: return .json(playgroundDescription(of: try model(route).bundle))
    default: throw RequestError.notFound("Not Found")
    }
  }

  private func page(_ asset: StaticAsset) -> ServerResponse {
    var response = ServerResponse(mediaType: asset.mediaType, body: asset.bytes)
    response.headers = PageHeaders.all
    return response
  }
}
