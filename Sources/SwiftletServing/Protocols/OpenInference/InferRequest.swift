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
  /// How many bytes of the body after the JSON belong to it.
  var binarySize: Int?
}

/// An output that a request wants.
struct RequestedOutput {
  var name = ""
  /// Whether it comes as bytes; `nil` leaves it to the request.
  var isBinary: Bool?
  /// How many of the most probable labels are wanted in place of the values.
  var classificationCount: Int?
}

/// What is asked of a model.
struct InferRequest {
  var id: String?
  var inputs: [InputTensor] = []
  var outputs: [RequestedOutput] = []
  /// Whether outputs come as bytes unless they say otherwise.
  var binaryOutput = false
  /// How long the request may wait.
  var timeout: TimeAmount?
}
