// SPDX-License-Identifier: Apache-2.0
//
// WeightFile: named tensors that another toolkit has saved.
//
// Before    PMML/PMMLExport.swift     After    PickleOpcode.swift

import Foundation
import SwiftletFormats
import SwiftletTensors

/// A form in which parameters alone lie on disk.
protocol WeightFormat: Sendable {
  /// What such a file is called, for a sentence.
  static var name: String { get }
  /// Whether bytes begin as such a file does.
  static func holds(_ bytes: [UInt8]) -> Bool
  /// Reads a file's bytes.
  ///
  /// - Throws: `FormatError` for a file that is damaged, or that holds something else.
  static func decode(_ bytes: [UInt8], file: String) throws -> [(name: String, tensor: Tensor)]
}

/// The parameters of a network, without the network.
///
///     let weights = try WeightFile(path: "weights.pt")
public struct WeightFile: Sendable {
  /// The tensors by their names, in the order of the file.
  public let tensors: [(name: String, tensor: Tensor)]
  /// The SHA-256 of the file.
  public let sha256: String

  /// The forms that there are, in the order in which they are asked.
  private static let all: [any WeightFormat.Type] = [StateDict.self, SafetensorsFormat.self]

  /// Reads a state_dict of PyTorch or a file of safetensors. Nothing in it is run.
  ///
  /// - Parameter path: The file.
  /// - Throws: `FormatError` for a file that is neither, that is damaged, or that holds more than tensors of 32-bit numbers.
  public init(path: String) throws {
    let source = ByteSource.file(path)
    // What comes out of a gzipped file could be much longer than the file.
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let bytes = try source.readAll(limit: (attributes?[.size] as? NSNumber)?.intValue ?? 1 << 32)
    guard let format = Self.all.first(where: { $0.holds(bytes) }) else {
      throw FormatError(path, Self.description(of: bytes))
    }
    tensors = try format.decode(bytes, file: source.name)
    sha256 = try source.sha256()
  }

  /// What a file that is not read may be.
  private static func description(of bytes: [UInt8]) -> String {
    let known = all.map { $0.name }.joined(separator: " or ")
    // Before 1.6, PyTorch wrote one pickle behind the other.
    guard bytes.first == 0x80 else { return "is not \(known)." }
    return
      "is a bare pickle, as pickle, joblib or PyTorch before 1.6 writes it, and \(known) is read. With a PyTorch of "
      + "today: torch.save(model.state_dict(), \"weights.pt\")."
  }
}

/// Tensors behind a header of JSON.
private enum SafetensorsFormat: WeightFormat {
  static let name = "a file of safetensors"

  static func holds(_ bytes: [UInt8]) -> Bool { bytes.count > 8 && bytes[8] == UInt8(ascii: "{") }

  static func decode(_ bytes: [UInt8], file: String) throws -> [(name: String, tensor: Tensor)] {
    try Safetensors.decode(bytes, name: file).tensors
  }
}
