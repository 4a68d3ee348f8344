// SPDX-License-Identifier: Apache-2.0
//
// A model's signature as TensorFlow Serving describes it.
//
// The client of OpenVINO reads the same object with its names in camel case, so every name is there twice.
//
// Before    Protocols/ListResponses.swift     After    Protocols/Clouds/Vertex.swift

import SwiftletFormats

extension ServedModel {
  var signatureMetadata: JSONValue {
    let specification: JSONValue = ["name": .string(name), "signature_name": "", "version": .string(version)]
    let signature: JSONValue = [
      "inputs": .object(inputs.map { .init($0.name, $0.signatureJSON) }),
      "outputs": .object(outputs.map { .init($0.name, $0.signatureJSON) }),
      "method_name": "tensorflow/serving/predict", "methodName": "tensorflow/serving/predict",
    ]
    let signatures: JSONValue = ["serving_default": signature]
    return [
      "model_spec": specification, "modelSpec": specification,
      "metadata": ["signature_def": ["signature_def": signatures, "signatureDef": signatures]],
    ]
  }
}

extension TensorDescription {
  fileprivate var signatureJSON: JSONValue {
    let type: JSONValue =
      switch datatype {
      case .bytes: "DT_STRING"
      case .bool: "DT_BOOL"
      default: "DT_FLOAT"
      }
    let sizes = shape.map { JSONValue.object([.init("size", .string(String($0))), .init("name", "")]) }
    let shape: JSONValue = ["dim": .array(sizes), "unknown_rank": false, "unknownRank": false]
    return ["dtype": type, "tensor_shape": shape, "tensorShape": shape, "name": .string(name)]
  }
}
