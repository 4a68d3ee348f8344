// SPDX-License-Identifier: Apache-2.0
//
// PickleOpcode: the instructions of a pickle, by their bytes.
//
// The first part is what `torch.save(model.state_dict(), …)` writes. The second is all the rest of the language, and is here
// so that a refusal can say the name.
//
// Before    WeightFile.swift     After    PickledGlobal.swift
// Source    Python 3.11, Lib/pickletools.py

/// The instructions of a pickle that are followed.
enum PickleOpcode: UInt8 {
  // The frame
  case proto = 0x80
  case stop = 0x2E

  // Values
  case none = 0x4E
  case newTrue = 0x88
  case newFalse = 0x89
  case binInt = 0x4A
  case binInt1 = 0x4B
  case binInt2 = 0x4D
  case long1 = 0x8A
  case binUnicode = 0x58

  // Collections
  case mark = 0x28
  case emptyTuple = 0x29
  case tuple = 0x74
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case emptyDict = 0x7D
  case setItem = 0x73
  case setItems = 0x75

  // The memory
  case binPut = 0x71
  case longBinPut = 0x72
  case binGet = 0x68
  case longBinGet = 0x6A

  // Names, and calls of them
  case global = 0x63
  case reduce = 0x52
  case build = 0x62
  case binPersid = 0x51

  /// The instructions that are refused, by their names.
  private static let refused: [UInt8: String] = [
    0x30: "POP", 0x31: "POP_MARK", 0x32: "DUP", 0x46: "FLOAT", 0x47: "BINFLOAT", 0x49: "INT", 0x4C: "LONG",
    0x50: "PERSID", 0x53: "STRING", 0x54: "BINSTRING", 0x55: "SHORT_BINSTRING", 0x56: "UNICODE", 0x5D: "EMPTY_LIST",
    0x61: "APPEND", 0x64: "DICT", 0x65: "APPENDS", 0x67: "GET", 0x69: "INST", 0x6C: "LIST", 0x6F: "OBJ", 0x70: "PUT",
    0x42: "BINBYTES", 0x43: "SHORT_BINBYTES", 0x81: "NEWOBJ", 0x82: "EXT1", 0x83: "EXT2", 0x84: "EXT4", 0x8B: "LONG4",
    0x8C: "SHORT_BINUNICODE", 0x8D: "BINUNICODE8", 0x8E: "BINBYTES8", 0x8F: "EMPTY_SET", 0x90: "ADDITEMS",
    0x91: "FROZENSET", 0x92: "NEWOBJ_EX", 0x93: "STACK_GLOBAL", 0x94: "MEMOIZE", 0x95: "FRAME", 0x96: "BYTEARRAY8",
    0x97: "NEXT_BUFFER", 0x98: "READONLY_BUFFER",
  ]

  /// What a byte is called in Python's documentation.
  static func name(of byte: UInt8) -> String { refused[byte] ?? "0x" + String(byte, radix: 16) }
}
