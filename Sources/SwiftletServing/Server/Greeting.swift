// SPDX-License-Identifier: Apache-2.0
//
// What the server prints when it starts: what it serves, where, and a command for each model that works when pasted.
//
// Before    ListenError.swift     After    Wire/ServerRequest.swift

import Foundation
import SwiftletFormats
import SwiftletTables

struct Greeting {
  private let responder: Responder
  private let port: Int
  private let grpcPort: Int?

  init(_ responder: Responder, port: Int, grpcPort: Int? = nil) {
    self.responder = responder
    self.port = port
    self.grpcPort = grpcPort
  }

  var text: String {
    let models = responder.repository.current.latest
    let address = "http://\(host):\(port)"
    var text =
      "Serving \(models.map(\.name).joined(separator: ", ")) at \(address)/ (the playground; /docs lists every path)\n"
    if let grpcPort { text += "gRPC at \(host):\(grpcPort), the Open Inference Protocol and health checks\n" }
    for model in models { text += "\n" + command(model, address) + "\n" }
    return text
  }

  /// A name by which this machine reaches the server.
  private var host: String {
    switch responder.options.address.host {
    case "0.0.0.0", "::": "localhost"
    case let host where host.contains(":"): "[\(host)]"
    case let host: host
    }
  }

  private func command(_ model: ServedModel, _ address: String) -> String {
    let key = responder.options.access.apiKey == nil ? "" : " -H \"Authorization: Bearer $SWIFTLET_API_KEY\""
    // Names help, but not in a long line: many numbers come without names, in the order of the columns.
    let isWide = model.signature.isNumeric && model.exampleRow.count > 8
    let row = isWide ? JSONValue.array(model.exampleRow.map(\.value)) : .object(picture(model) ?? model.exampleRow)
    let body = JSONValue.object([.init("instances", .array([row]))]).encoded()
    // A single quote in a name would end the argument of the shell.
    let quoted = body.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
    let ask = "curl\(key) \(address)/v1/models/\(model.name):predict"
    let file = picture(model) == nil ? "" : "\n\(ask) -F \(model.inputs[0].name)=@FILE  # a PNG or a JPEG"
    return "\(ask) -d '\(quoted)'\(file)"
  }

  /// A black picture as a file, which is shorter than its pixels; `nil` for a model that takes no pictures as files.
  private func picture(_ model: ServedModel) -> [JSONValue.Member]? {
    guard let reading = PictureReading(for: model.signature.inputs), let size = reading.size,
      let channels = reading.channels
    else { return nil }
    let bytes = Array(repeating: UInt8(0), count: size.height * size.width * channels)
    let black = Picture(width: size.width, height: size.height, channels: channels, bytes: bytes)
    return [.init(model.inputs[0].name, ["b64": .string(Data(black.png()).base64EncodedString())])]
  }
}
