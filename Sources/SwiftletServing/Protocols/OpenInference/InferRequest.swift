// SPDX-License-Identifier: Apache-2.0
//
// A request of the Open Inference Protocol, as it is read from JSON.
//
// Before    OpenInference.swift     After    InferRequestReader.swift
// Source    Open Inference Protocol, inference_rest.md, "Inference"

import NIOCore
import SwiftletFormats

/// A tensor that a request gives.
struct InputTensor {
  var name = ""
  var datatype: Datatype = .fp32
  var shape: [Int] = []
  var values: FlatValues?
  /// The elements of a tensor of BYTES that came as bytes and begins as a picture does.
  var pictures: [[UInt8]] = []
  /// Whether a value came as `{"b64": "…"}`.
  var holdsFiles = false
  /// Number of bytes behind the JSON that belong to it.
  var binarySize: Int?
}

/// An output that a request wants.
struct RequestedOutput {
  var name = ""
  /// Whether it comes as bytes; `nil` leaves it to the request.
  var isBinary: Bool?
  /// Number of most probable labels that are wanted instead of the values.
  var classificationCount: Int?
}

/// A request to a model.
struct InferRequest {
  var id: String?
  var inputs: [InputTensor] = []
  var outputs: [RequestedOutput] = []
  /// Whether outputs come as bytes unless they say otherwise.
  var binaryOutput = false
  /// How long the request may wait.
  var timeout: TimeAmount?
  /// The length of the lists that it asks for; `nil`: as the model was trained for.
  var top: Int?
}
