// SPDX-License-Identifier: Apache-2.0
//
// Responder: from a request to its answer.
//
// There is no socket here: a test hands in a request and looks at the response.
//
// Before    Route.swift     After    Protocols

import NIOCore
import NIOHTTP1
import SwiftletFormats

/// Answers requests.
package final class Responder: Sendable {
  package let options: ServerOptions
  package let state: ServerState
  package let repository: ModelRepository
  let metrics = ServerMetrics()
  let clock = ResponseClock()

  package init(_ repository: ModelRepository, options: ServerOptions, state: ServerState = ServerState()) {
    (self.options, self.state, self.repository) = (options, state, repository)
  }

  /// Answers a request, at once or later.
  package func respond(to request: ServerRequest, on loop: any EventLoop) -> Reply {
    do {
      return try reply(to: request, on: loop)
    } catch let error as RequestError {
      return .now(error.response)
    } catch {
      return .now(RequestError(.internalServerError, "The request could not be answered.").response)
    }
  }

  private func reply(to request: ServerRequest, on loop: any EventLoop) throws -> Reply {
    guard let route = Route(target: request.target) else { throw RequestError.notFound("Not Found") }
    guard route.endpoint.methods.contains(request.method) else {
      let allowed = route.endpoint.methods.map(\.rawValue).joined(separator: ", ")
      throw RequestError(
        .methodNotAllowed, "\(route.endpoint.rawValue) is asked with \(allowed), not with \(request.method.rawValue).",
        headers: ["Allow": allowed])
    }
    switch route.endpoint {
    case .root: return .now(page(.playground))
    case .docs: return .now(page(.docs))
    case .asset:
      guard let asset = StaticAsset.byName[route.model ?? ""] else { throw RequestError.notFound("Not Found") }
      return .now(page(asset))
    case .description:
      guard let model = repository.model(route.model ?? "") else { throw RequestError.notFound("Not Found") }
      return .now(.json(playgroundDescription(of: model.bundle)))
    case .live: return .now(.json(["live": true]))
    case .ready: return .now(.json(["ready": true]))
    case .openAPI, .metrics: throw RequestError.notFound("Not Found")
    }
  }

  private func page(_ asset: StaticAsset) -> ServerResponse {
    var response = ServerResponse(mediaType: asset.mediaType, body: asset.bytes)
    response.headers = PageHeaders.all
    return response
  }
}
