// SPDX-License-Identifier: Apache-2.0
//
// ModelFormat: in which forms models lie on disk.
//
// The server and the commands ask here, so that one more form is a file and a line in the table.
//
// Before    ONNX/Answering/GraphSummary.swift     After    Export/Spellings.swift

import Foundation
import SwiftletFormats
import SwiftletModels

/// A form in which a model lies on disk.
public protocol ModelFormat: Sendable {
  /// The names of its files below a model's folder, by whose changes a new model is noticed.
  static var files: [String] { get }
  /// Whether a path is a model of this form.
  ///
  /// - Parameter path: A file or a folder, which need not exist.
  static func holds(_ path: String) -> Bool
  /// Opens the model at a path.
  ///
  /// - Parameters:
  ///   - path: A path that ``holds(_:)`` has accepted.
  ///   - threads: The number of threads that may share out the rows of one large call.
  /// - Throws: `FormatError` for a model that cannot be used.
  static func open(_ path: String, threads: Int) throws -> any Model
}

/// The forms that there are.
public enum ModelFormats {
  /// Each form, in the order in which they are asked.
  static let all: [any ModelFormat.Type] = [BundleFormat.self, GraphFormat.self]

  /// The names of files whose changes mean a new model.
  package static var files: [String] { all.flatMap { $0.files } }

  /// Whether a path is a model.
  ///
  /// - Parameter path: A file or a folder, which need not exist.
  public static func holdsModel(_ path: String) -> Bool { all.contains { $0.holds(path) } }

  /// Opens the model at a path.
  ///
  /// - Parameters:
  ///   - path: A bundle's folder, a file of ONNX, or a folder with a `model.onnx`.
  ///   - threads: The number of threads that may share out the rows of one large call.
  /// - Throws: `FormatError` if there is no model, or one that cannot be used.
  public static func open(_ path: String, threads: Int = 1) throws -> any Model {
    guard let format = all.first(where: { $0.holds(path) }) else {
      throw FormatError(path, "is not a model: it has no model.json and no model.onnx.", isMissingInput: true)
    }
    return try format.open(path, threads: threads)
  }
}

/// A folder that Swiftlet has written.
enum BundleFormat: ModelFormat {
  static let files = ["/model.json", "/model.safetensors"]

  static func holds(_ path: String) -> Bool {
    func has(_ file: String) -> Bool { FileManager.default.fileExists(atPath: path + file) }
    // A model.json beside a graph holds its names; it does not make a bundle of it.
    return has(files[0]) && (has(files[1]) || !has(GraphFormat.files[0]))
  }

  static func open(_ path: String, threads: Int) throws -> any Model {
    TabularModel(try ModelBundle.load(from: path), threads: threads)
  }
}

/// A graph of ONNX.
enum GraphFormat: ModelFormat {
  static let files = ["/model.onnx", ""]

  static func holds(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return false }
    return isFolder.boolValue
      ? FileManager.default.fileExists(atPath: path + files[0]) : path.hasSuffix(".onnx")
  }

  static func open(_ path: String, threads: Int) throws -> any Model { try GraphModel(path: path) }
}
