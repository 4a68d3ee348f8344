// SPDX-License-Identifier: Apache-2.0
//
// ProtectedFiles: what a command reads, and so never overwrites.
//
// A model stands for more than its folder: a page that is written over the data that it was trained on, or over the list of
// runs beside it, destroys what cannot be made again.
//
// Before    OutputFile.swift     After    Interruption.swift

import Foundation
import SwiftletFormats
import SwiftletTracking

/// The files and folders that belong to what a command is asked about.
enum ProtectedFiles {
  /// A model's folder, the data that it was trained on, and the list of runs beside it.
  static func ofModel(_ path: String) -> [String] {
    let parent = URL(fileURLWithPath: path).standardized.deletingLastPathComponent().path
    return [path] + [trainingData(of: path)].compactMap { $0 } + ofList(parent + "/" + RunsDatabase.fileName)
  }

  /// A search's folder, and the data that it searches on.
  static func ofStudy(_ path: String) -> [String] {
    [path] + [parsed(path + "/study.json")?["recipe"]?["data"]?.string].compactMap { $0 }
  }

  /// A list of runs: SQLite keeps the latest of it in files beside it.
  static func ofList(_ path: String) -> [String] { ["", "-wal", "-shm"].map { path + $0 } }

  /// A run in a list: its data, and what belongs to its model.
  static func of(_ run: RunDetails) -> [String] {
    run.settings.filter { $0.key == "data" }.map(\.value) + (run.run.bundle.map(ofModel) ?? [])
  }

  /// Refuses to replace a folder that holds the data it would be made of.
  ///
  /// - Throws: ``OutputError``.
  static func refuse(replacing folder: String, trainedOn data: String) throws {
    guard let place = real(folder), let rows = real(data), rows.hasPrefix(place + "/") else { return }
    throw OutputError(
      message: "\(data) is in \(folder), which the model would replace, so it is not overwritten. Choose another "
        + "--output.")
  }

  private static func real(_ path: String) -> String? {
    guard let place = realpath(path, nil) else { return nil }
    defer { free(place) }
    return String(cString: place)
  }

  private static func trainingData(of model: String) -> String? {
    parsed(model + "/model.json")?["training"]?["recipe"]?["data"]?.string
  }

  /// A file that says nothing about data protects nothing more: whether it can be read is for the command to say.
  private static func parsed(_ path: String) -> JSONValue? {
    (try? ByteSource.file(path).readAll()).flatMap { try? JSONValue.parse($0[...], name: path) }
  }
}
