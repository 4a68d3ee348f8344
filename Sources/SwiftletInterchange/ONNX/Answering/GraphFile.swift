// SPDX-License-Identifier: Apache-2.0
//
// GraphFile: where a graph is.
//
//     churn.onnx            a file: the model churn
//     churn/model.onnx      a folder, perhaps with a model.json that names columns and labels
//     churn/2/model.onnx    a version of it
//
// Before    ONNX/Operators/Vectors.swift     After    GraphDescription.swift

import Foundation

/// The files of a graph.
struct GraphFile {
  /// The graph itself.
  let graph: String
  /// The folder that it is in, where files of its weights may lie.
  let folder: String
  /// The model.json beside it; `nil` if there is none, and for a file that was named itself.
  let description: String?
  /// What the model is called: the folder's name, or the file's.
  let name: String

  /// The files at a path.
  init(_ path: String) {
    let url = URL(fileURLWithPath: path).standardizedFileURL
    let isFolder = FileManager.default.fileExists(atPath: path + "/model.onnx")
    graph = isFolder ? path + "/model.onnx" : path
    folder = isFolder ? url.path : url.deletingLastPathComponent().path
    let told = path + "/model.json"
    description = isFolder && FileManager.default.fileExists(atPath: told) ? told : nil
    // A folder whose name is a number is a version of what the folder around it holds.
    let home = Int(url.lastPathComponent) == nil ? url : url.deletingLastPathComponent()
    name = isFolder ? home.lastPathComponent : url.deletingPathExtension().lastPathComponent
  }
}
