// SPDX-License-Identifier: Apache-2.0
//
// PickledGlobal: the names that a pickle may call, and what to do about others.
//
// A pickle is a program: `c` puts any function of Python on the stack, and `R` calls it. That is how a file takes over the
// computer that opens it. Here a name is one of three words, and nothing is looked up.
//
// Before    PickleOpcode.swift     After    Unpickler.swift

import SwiftletFormats

/// The names that stand in a state_dict of 32-bit numbers.
enum PickledGlobal: String {
  case orderedDict = "collections.OrderedDict"
  case rebuildTensor = "torch._utils._rebuild_tensor_v2"
  case floatStorage = "torch.FloatStorage"

  /// Names that are met in the files of users, by what they begin with, and what to do.
  private static let remedies: [(beginnings: [String], remedy: String)] = [
    (
      ["torch.DoubleStorage", "torch.HalfStorage", "torch.BFloat16Storage"],
      "numbers of another width than 32 bits. Save them in 32 bits: "
        + "torch.save({name: t.float() for name, t in model.state_dict().items()}, \"weights.pt\")."
    ),
    (
      [
        "torch.LongStorage", "torch.IntStorage", "torch.ShortStorage", "torch.CharStorage", "torch.ByteStorage",
        "torch.BoolStorage",
      ],
      "whole numbers or truth values, as batch normalization counts its batches. No layer here has such, so leave them "
        + "out: {name: t for name, t in model.state_dict().items() if t.is_floating_point()}."
    ),
    (
      ["torch.ComplexFloatStorage", "torch.ComplexDoubleStorage", "torch.QInt", "torch.QUInt"],
      "complex or quantized numbers, and parameters here are 32-bit floating point."
    ),
    (
      ["torch._utils._rebuild_parameter", "torch.nn.parameter.Parameter"],
      "a Parameter, which is more than its numbers. Save model.state_dict(), or t.detach() of each."
    ),
    (
      ["torch._utils._rebuild_sparse", "torch._utils._rebuild_qtensor", "torch._utils._rebuild_meta"],
      "a tensor that is sparse, quantized or without numbers. Save t.to_dense() or t.dequantize()."
    ),
    (["numpy."], "numbers of numpy. Save torch.from_numpy(x).float() in their place."),
    (
      ["torch.nn.modules.", "__main__."],
      "a whole model, which only its own Python code can open. Save torch.save(model.state_dict(), \"weights.pt\")."
    ),
  ]

  /// The word for a name.
  ///
  /// - Throws: `FormatError` for every other name, with the remedy.
  static func named(_ name: String, file: String) throws -> PickledGlobal {
    if let known = PickledGlobal(rawValue: name) { return known }
    func refused(_ remedy: String) -> FormatError { FormatError(file, "names \(quoted(name)): \(remedy)") }
    if let known = remedies.first(where: { $0.beginnings.contains(where: name.hasPrefix) }) {
      throw refused(known.remedy)
    }
    throw refused(
      "it is not a part of a state_dict, and nothing in a file is run here. If you do not know why it is there, do not open the "
        + "file elsewhere; else save torch.save(model.state_dict(), \"weights.pt\") again.")
  }
}
