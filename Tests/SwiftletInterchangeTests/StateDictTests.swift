// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletTensors
import Testing

@testable import SwiftletInterchange

/// Files that Golden/make_state_dicts.py writes with PyTorch, and what is made of them.
@Suite("State dicts of PyTorch")
struct StateDictTests {
  private static let folder =
    #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Golden/PyTorch/"

  /// A file, and the shapes of its tensors by their names.
  struct Case: Sendable, CustomStringConvertible {
    let file: String
    let shapes: [(name: String, shape: Shape)]
    var description: String { file }
  }

  static let cases = [
    Case(
      file: "sequential", shapes: [("0.weight", [16, 4]), ("0.bias", [16]), ("2.weight", [3, 16]), ("2.bias", [3])]),
    Case(
      file: "named", shapes: [("fc1.weight", [5, 4]), ("fc1.bias", [5]), ("fc2.weight", [3, 5]), ("fc2.bias", [3])]),
    Case(
      file: "pictures",
      shapes: [
        ("1.weight", [4, 3, 3, 3]), ("1.bias", [4]), ("2.weight", [4]), ("2.bias", [4]), ("6.weight", [2, 64]),
        ("6.bias", [2]),
      ]),
    Case(file: "dictionary", shapes: [("weight", [1, 3]), ("bias", [1])]),
    Case(file: "offsets", shapes: [("weight", [1, 8]), ("bias", [4])]),
  ]

  @Test("names, shapes and every number are those of PyTorch", arguments: cases)
  func equal(read: Case) throws {
    let tensors = try WeightFile(path: Self.folder + read.file + ".pt").tensors
    #expect(tensors.map(\.name) == read.shapes.map(\.name))
    for (k, pair) in zip(tensors, read.shapes).enumerated() {
      #expect(pair.0.tensor.shape == pair.1.shape)
      #expect(pair.0.tensor.scalars == (0..<pair.1.shape.elementCount).map { Float(k) + Float($0) / 8 })
    }
  }

  @Test(
    "what is more than tensors of 32-bit numbers is refused by its name, with what to do",
    arguments: [
      ("system", "names \"posix.system\": it is not a part of a state_dict, and nothing in a file is run here."),
      ("eval", "names \"__builtin__.eval\""), ("exec", "names \"__builtin__.exec\""),
      ("getattr", "names \"__builtin__.getattr\""), ("device", "names \"torch.device\""),
      ("model", "names \"torch.nn.modules.container.Sequential\": a whole model"),
      ("own", "names \"__main__.Net\": a whole model"),
      ("double", "names \"torch.DoubleStorage\": numbers of another width"),
      ("half", "names \"torch.HalfStorage\""), ("bfloat16", "names \"torch.BFloat16Storage\""),
      ("batch_norm", "names \"torch.LongStorage\": whole numbers"), ("complex", "names \"torch.ComplexFloatStorage\""),
      ("parameter", "names \"torch._utils._rebuild_parameter\": a Parameter"),
      ("sparse", "names \"torch._utils._rebuild_sparse_tensor\""),
      ("numpy", "names \"numpy._core.multiarray.scalar\": numbers of numpy"),
      ("array", "names \"numpy._core.multiarray._reconstruct\""),
      ("checkpoint", "\"model\" is not a tensor. If the state_dict is a part of a checkpoint"),
      ("list", "the instruction EMPTY_LIST"), ("fraction", "the instruction BINFLOAT"),
      ("protocol", "another protocol than 2. Save it without pickle_protocol."),
      ("legacy", "is a bare pickle"), ("tensor", "it holds one value"), ("script", "is a program of TorchScript"),
      ("transposed", "\"weight\" does not lie in one piece: its strides are [1, 4]. Save"),
      ("expanded", "\"weight\" has more numbers than there are"), ("tied", "\"b\" has its numbers with \"a\""),
      ("big", "the byte order \"big\""), ("short", "among 12 numbers, and their file has 8 bytes"),
      ("absent", "has no numbers for \"bias\": \"whole/data/1\" is missing"),
      ("huge", "\"weight\" has the sizes [1073741824, 4], and a tensor has"),
      ("deflated", "compressed or encrypted"),
    ])
  func refusals(file: String, sentence: String) throws {
    let error = try #require(throws: FormatError.self) { try WeightFile(path: Self.folder + file + ".pt") }
    #expect(error.message.contains(sentence), "\(error)")
  }

  @Test("every truncation is refused, and bytes that are changed are read or refused")
  func damage() throws {
    let bytes = try ByteSource.file(Self.folder + "named.pt").readAll()
    for length in 0..<bytes.count {
      #expect(throws: FormatError.self) { try StateDict.decode(Array(bytes[..<length]), file: "t") }
    }
    for position in bytes.indices {
      for value in [0, 0x28, 0x63, 0x7F, 0xFF] as [UInt8] {
        var damaged = bytes
        damaged[position] = value
        _ = try? StateDict.decode(damaged, file: "t")
      }
    }
  }

  @Test("a pickle whose bytes are changed is read or refused, and never stops the process")
  func pickles() throws {
    let bytes = try ByteSource.file(Self.folder + "named.pt").readAll()
    let archive = try ZipArchive(bytes, name: "t")
    let pickle = try archive.contents(of: #require(archive.entries.first { $0.name.hasSuffix("data.pkl") }))
    #expect(try Unpickler.tensors(of: pickle, file: "t").count == 4)
    for length in 0..<pickle.count {
      #expect(throws: FormatError.self) { try Unpickler.tensors(of: pickle.prefix(length), file: "t") }
    }
    for position in pickle.indices {
      for value in UInt8.min...UInt8.max {
        var damaged = pickle
        damaged[position] = value
        _ = try? Unpickler.tensors(of: damaged, file: "t")
      }
    }
  }

  @Test("a tensor has eight axes at most, so that a short pickle cannot list a long shape many times")
  func axes() {
    func pickle(axes: Int) -> [UInt8] {
      let sizes = [0x28] + Array(repeating: [0x4B, 1] as [UInt8], count: axes).joined() + [0x74] as [UInt8]
      let storage =
        [0x28, 0x58, 7, 0, 0, 0] as [UInt8] + Array("storage".utf8) + Array("ctorch\nFloatStorage\n".utf8)
        + [0x58, 1, 0, 0, 0, 0x30, 0x4E, 0x4B, 1, 0x74, 0x51]
      let tensor =
        Array("ctorch._utils\n_rebuild_tensor_v2\n".utf8) + [0x28] + storage + [0x4B, 0] + sizes + sizes
        + [0x89, 0x4E, 0x74, 0x52]
      return [0x80, 2, 0x7D, 0x58, 1, 0, 0, 0, 0x77] + tensor + [0x73, 0x2E]
    }
    #expect((try? Unpickler.tensors(of: pickle(axes: 8)[...], file: "t"))?.first?.tensor.sizes.count == 8)
    #expect(throws: FormatError.self) { try Unpickler.tensors(of: pickle(axes: 9)[...], file: "t") }
  }

  @Test("a nest as deep as the instructions allow is let go")
  func nest() {
    let deep: [UInt8] = [0x80, 2, 0x29] + Array(repeating: 0x85, count: 200_000) + [0x2E]
    #expect(throws: FormatError.self) { try Unpickler.tensors(of: deep[...], file: "t") }
    let endless: [UInt8] = [0x80, 2] + Array(repeating: 0x29, count: 1 << 19)
    let error = #expect(throws: FormatError.self) { try Unpickler.tensors(of: endless[...], file: "t") }
    #expect(error?.message.contains("more than 262144 instructions") == true)
  }
}
