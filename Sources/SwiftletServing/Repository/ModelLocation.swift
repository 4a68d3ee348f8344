// SPDX-License-Identifier: Apache-2.0
//
// ModelLocation: where models are on disk.
//
//     Models/iris/model.json             a bundle: the model iris, version 1
//     Models/iris/3/model.json           a folder of versions: the model iris, versions by their numbers
//     churn.onnx                         a graph of ONNX: the model churn, version 1
//     churn/model.onnx                   the same in a folder, perhaps with a model.json of names
//     Models/…                           a folder of any of these
//
// Before    Observability/CompatibleMetrics.swift     After    ModelSnapshot.swift

import Foundation
import SwiftletFormats
import SwiftletInterchange

/// One version of a model on disk.
struct ModelLocation: Sendable, Hashable {
  /// The folder whose name it has, if it has no other.
  let folderName: String
  let version: String
  let path: String

  /// The folders of models without an argument: those where the clouds put them.
  static func defaultPaths(_ environment: [String: String]) -> [String] {
    let candidates = [
      environment["SWIFTLET_MODEL_DIR"], "/opt/ml/model", environment["AZUREML_MODEL_DIR"], "/mnt/models", "./model",
    ]
    return candidates.compactMap { $0 }.filter { !$0.isEmpty && !locations(at: $0).isEmpty }.prefix(1).map { $0 }
  }

  /// The models at a path, and in its folders.
  static func locations(at path: String) -> [ModelLocation] { modelFolders(at: path).flatMap(versions) }

  /// The folders at a path that may each be one model's: the path itself, or those in it.
  static func modelFolders(at path: String) -> [String] {
    versions(at: path).isEmpty ? folders(in: path).map { path + "/" + $0 } : [path]
  }

  /// The versions of the model whose folder this is.
  static func versions(at path: String) -> [ModelLocation] {
    let url = URL(fileURLWithPath: path).standardizedFileURL
    let name = (url.pathExtension == "onnx" ? url.deletingPathExtension() : url).lastPathComponent
    if ModelFormats.holdsModel(path) { return [ModelLocation(folderName: name, version: "1", path: path)] }
    return folders(in: path).compactMap { folder in
      guard let number = Int(folder), number > 0, String(number) == folder, ModelFormats.holdsModel(path + "/" + folder)
      else {
        return nil
      }
      return ModelLocation(folderName: name, version: folder, path: path + "/" + folder)
    }
  }

  private static func folders(in path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }

  /// Changes whenever the bundle does: times, sizes and numbers of its files.
  var fingerprint: [Int] {
    ModelFormats.files.filter { !$0.isEmpty || path.hasSuffix(".onnx") }.flatMap { file -> [Int] in
      var status = stat()
      guard stat(path + file, &status) == 0 else { return [0] }
      #if os(Linux)
        let time = status.st_mtim
      #else
        let time = status.st_mtimespec
      #endif
      return [Int(time.tv_sec), Int(time.tv_nsec), Int(truncatingIfNeeded: status.st_ino), Int(status.st_size)]
    }
  }
}
