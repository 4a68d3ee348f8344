// SPDX-License-Identifier: Apache-2.0
//
// StateDict: the file that `torch.save(model.state_dict(), "weights.pt")` writes.
//
//     weights/data.pkl    names, and for each where its numbers are
//     weights/data/0      numbers, one behind the other
//     weights/byteorder   "little" or "big"
//
// Only numbers that lie in one piece are read, and each of them belongs to one tensor: so the tensors are never larger than the
// file, whatever its sizes say.
//
// Before    Unpickler.swift     After    -
// Source    PyTorch 2.13, torch/serialization.py, _save

import SwiftletFormats
import SwiftletTensors

/// A state_dict of PyTorch.
enum StateDict: WeightFormat {
  static let name = "a state_dict of PyTorch"

  static func holds(_ bytes: [UInt8]) -> Bool { bytes.starts(with: ZipArchive.magic) }

  /// The largest number of elements of a tensor.
  private static let elementLimit = 1 << 28
  /// The largest pickle. That of a state_dict has some 150 bytes for a tensor.
  private static let pickleLimit = 4 << 20

  static func decode(_ bytes: [UInt8], file: String) throws -> [(name: String, tensor: Tensor)] {
    let archive = try ZipArchive(bytes, name: file)
    guard let pickle = archive.entries.first(where: { $0.name.hasSuffix("/data.pkl") }) else {
      throw FormatError(file, "is a zip archive without a data.pkl, and no file of torch.save.")
    }
    let folder = String(pickle.name.dropLast("data.pkl".count))
    let entries = Dictionary(archive.entries.map { ($0.name, $0) }) { first, _ in first }
    guard entries[folder + "constants.pkl"] == nil else {
      throw FormatError(
        file, "is a program of TorchScript. Save torch.save(torch.jit.load(…).state_dict(), \"weights.pt\").")
    }
    if let order = try entries[folder + "byteorder"].map({ try archive.contents(of: $0) }),
      !order.elementsEqual("little".utf8)
    {
      throw FormatError(
        file,
        "has numbers in the byte order \(quoted(String(decoding: order.prefix(60), as: UTF8.self))), and little is read. "
          + "Load and save it on a computer of today.")
    }
    guard pickle.range.count <= pickleLimit else {
      throw FormatError(file, "has a data.pkl of \(pickle.range.count) bytes, and \(pickleLimit) are allowed.")
    }
    let listed = try Unpickler.tensors(of: archive.contents(of: pickle), file: file)
    try checkOwners(listed, file)
    return try listed.map { name, tensor in
      guard let entry = entries[folder + "data/" + tensor.storage] else {
        throw FormatError(
          file, "has no numbers for \(quoted(name)): \(quoted(folder + "data/" + tensor.storage)) is missing.")
      }
      return (name, try read(tensor, name, entry, archive, file))
    }
  }

  /// Refuses names that stand twice, and numbers that belong to two tensors.
  private static func checkOwners(_ listed: [(name: String, tensor: PickledTensor)], _ file: String) throws {
    var names: Set<String> = []
    var owners: [String: (name: String, count: Int)] = [:]
    for (name, tensor) in listed {
      guard names.insert(name).inserted else { throw FormatError(file, "has two tensors called \(quoted(name)).") }
      guard let count = Shape.elementCount(of: tensor.sizes), count <= elementLimit else {
        throw FormatError(
          file,
          "\(quoted(name)) has the sizes \(tensor.sizes.prefix(9)), and a tensor has \(elementLimit) numbers at most."
        )
      }
      let owner = owners[tensor.storage] ?? (name, 0)
      guard owner.count + count <= tensor.storageCount else {
        let shared = owner.count == 0 ? "more numbers than there are" : "its numbers with \(quoted(owner.name))"
        throw FormatError(
          file,
          "\(quoted(name)) has \(shared). Save copies: torch.save({name: t.clone() for name, t in "
            + "model.state_dict().items()}, \"weights.pt\").")
      }
      owners[tensor.storage] = (owner.name, owner.count + count)
    }
  }

  private static func read(
    _ tensor: PickledTensor, _ name: String, _ entry: ZipArchive.Entry, _ archive: ZipArchive, _ file: String
  ) throws -> Tensor {
    func wrong(_ message: String) -> FormatError { FormatError(file, "\(quoted(name)) \(message)") }
    let (needed, overflow) = tensor.storageCount.multipliedReportingOverflow(by: MemoryLayout<Float>.size)
    guard !overflow, needed == entry.range.count else {
      throw wrong("is said to be among \(tensor.storageCount) numbers, and their file has \(entry.range.count) bytes.")
    }
    guard isContiguous(tensor) else {
      throw wrong(
        "does not lie in one piece: its strides are \(tensor.strides.prefix(9)). Save "
          + "{name: t.contiguous() for name, t in model.state_dict().items()}.")
    }
    let shape = Shape(tensor.sizes)
    guard tensor.offset >= 0, tensor.offset <= tensor.storageCount - shape.elementCount else {
      throw wrong("begins at the number \(tensor.offset), and its file ends before its last one.")
    }
    let contents = try archive.contents(of: entry)
    return Tensor(uninitialized: shape) { target in
      contents.withUnsafeBytes { bytes in
        // In bounds: the bytes are as many as the numbers say, and offset and count were compared with them.
        for place in target.indices {
          let bits = bytes.loadUnaligned(fromByteOffset: 4 * (tensor.offset + place), as: UInt32.self)
          target[place] = Float(bitPattern: UInt32(littleEndian: bits))
        }
      }
    }
  }

  /// Whether each stride is the number of elements behind its axis. That of an axis of one element is never used.
  private static func isContiguous(_ tensor: PickledTensor) -> Bool {
    guard tensor.strides.count == tensor.sizes.count else { return false }
    guard !tensor.sizes.contains(0) else { return true }
    var expected = 1
    for (size, stride) in zip(tensor.sizes, tensor.strides).reversed() {
      guard size == 1 || stride == expected else { return false }
      expected *= size
    }
    return true
  }
}
