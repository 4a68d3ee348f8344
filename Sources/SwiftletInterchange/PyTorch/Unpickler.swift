// SPDX-License-Identifier: Apache-2.0
//
// Unpickler: the tensors that a state_dict names, without running anything.
//
// The instructions are those of a stack machine. A value that holds others is a number that says where they are, so values never
// contain each other, and a file cannot make a nest that is too deep to be let go.
//
// Before    PickledGlobal.swift     After    StateDict.swift
// Source    Python 3.11, Lib/pickletools.py; PyTorch 2.13, torch/_utils.py, _rebuild_tensor_v2

import SwiftletFormats
import SwiftletTensors

/// Where a tensor's numbers are, as the pickle says. None of it is checked yet.
struct PickledTensor: Equatable {
  /// The name of the file of numbers.
  var storage: String
  /// How many numbers the file has.
  var storageCount: Int
  /// The first of its own.
  var offset: Int
  var sizes: [Int]
  var strides: [Int]
}

/// Follows the instructions of a pickle.
struct Unpickler {
  /// A value on the stack.
  private enum Value {
    case none
    case mark
    case truth
    case integer(Int)
    case text(String)
    case global(PickledGlobal)
    /// A place in `tuples`.
    case tuple(Int)
    /// A place in `dictionaries`.
    case dictionary(Int)
    /// A place in `storages`.
    case storage(Int)
    /// A place in `tensors`.
    case tensor(Int)
  }

  private struct Item {
    let key: Value
    let value: Value
  }

  /// A file of numbers, as the pickle names it.
  private struct Storage {
    let name: String
    let count: Int
  }

  /// The most instructions.
  private static let limit = 1 << 18

  private let bytes: ArraySlice<UInt8>
  private let file: String
  private var position: Int
  private var stack: [Value] = []
  private var memory: [Int: Value] = [:]
  private var tuples: [[Value]] = []
  private var dictionaries: [[Item]] = []
  private var storages: [Storage] = []
  private var tensors: [PickledTensor] = []

  private init(_ bytes: ArraySlice<UInt8>, file: String) {
    self.bytes = bytes
    self.file = file
    position = bytes.startIndex
  }

  /// The tensors of a state_dict, in its order.
  ///
  /// - Parameters:
  ///   - bytes: The pickle.
  ///   - file: Its name in messages.
  /// - Throws: `FormatError` for every instruction and every name that no state_dict has, and for a value that is not a state_dict.
  static func tensors(
    of bytes: ArraySlice<UInt8>, file: String
  ) throws -> [(name: String, tensor: PickledTensor)] {
    var machine = Unpickler(bytes, file: file)
    let value = try machine.run()
    return try machine.entries(of: value)
  }

  private func wrong(_ message: String) -> FormatError { FormatError(file, "is not a state_dict: \(message)") }

  private func entries(of value: Value) throws -> [(name: String, tensor: PickledTensor)] {
    guard case .dictionary(let place) = value else {
      throw wrong("it holds one value. Save torch.save(model.state_dict(), \"weights.pt\").")
    }
    return try dictionaries[place].map { item in
      guard case .text(let name) = item.key else { throw wrong("a key is not a text.") }
      guard case .tensor(let tensor) = item.value else {
        throw wrong(
          "\(quoted(name)) is not a tensor. If the state_dict is a part of a checkpoint, save that part alone: "
            + "torch.save(checkpoint[\"…\"], \"weights.pt\").")
      }
      return (name, tensors[tensor])
    }
  }

  // MARK: Instructions

  private mutating func run() throws -> Value {
    for _ in 0..<Self.limit {
      let byte = try UInt8(number(1))
      guard let opcode = PickleOpcode(rawValue: byte) else {
        throw wrong(
          "it has the instruction \(PickleOpcode.name(of: byte)), which torch.save does not write for one. Save "
            + "torch.save(model.state_dict(), \"weights.pt\").")
      }
      if opcode == .stop { return try pop() }
      try follow(opcode)
    }
    throw wrong("it has more than \(Self.limit) instructions.")
  }

  private mutating func follow(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .stop: break
    case .proto:
      guard try number(1) == 2 else {
        throw wrong("it is a pickle of another protocol than 2. Save it without pickle_protocol.")
      }
    case .none: stack.append(.none)
    case .newTrue, .newFalse: stack.append(.truth)
    case .binInt, .binInt1, .binInt2, .long1: stack.append(.integer(try integer(opcode)))
    case .binUnicode: stack.append(.text(try text(count: number(4))))
    case .mark: stack.append(.mark)
    case .emptyTuple: push(tuple: [])
    case .tuple: push(tuple: try popToMark())
    case .tuple1: push(tuple: try pop(1))
    case .tuple2: push(tuple: try pop(2))
    case .tuple3: push(tuple: try pop(3))
    case .emptyDict: pushDictionary()
    case .setItem: try add(try pop(2))
    case .setItems: try add(try popToMark())
    case .binPut: try remember(at: number(1))
    case .longBinPut: try remember(at: number(4))
    case .binGet: try recall(from: number(1))
    case .longBinGet: try recall(from: number(4))
    case .global:
      let name = try line() + "." + line()
      stack.append(.global(try PickledGlobal.named(name, file: file)))
    case .reduce: try call()
    case .build:
      // The versions of the layers, which PyTorch keeps beside the tensors.
      _ = try pop()
      guard case .dictionary = stack.last else { throw wrong("it gives a state to what has none.") }
    case .binPersid: try openStorage()
    }
  }

  private mutating func call() throws {
    guard case .tuple(let place) = try pop(), case .global(let function) = try pop() else {
      throw wrong("it calls a value that is not a function.")
    }
    let arguments = tuples[place]
    switch function {
    case .orderedDict:
      guard arguments.isEmpty else { throw wrong("an OrderedDict begins with something in it.") }
      pushDictionary()
    case .rebuildTensor:
      guard arguments.count >= 6, case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1],
        let sizes = integers(arguments[2]), let strides = integers(arguments[3])
      else { throw wrong("a tensor is made of other things than numbers, an offset, and up to 8 sizes and strides.") }
      let numbers = storages[storage]
      stack.append(.tensor(tensors.count))
      tensors.append(
        PickledTensor(
          storage: numbers.name, storageCount: numbers.count, offset: offset, sizes: sizes, strides: strides))
    case .floatStorage: throw wrong("it calls FloatStorage, which only names a type there.")
    }
  }

  /// A file of numbers: ("storage", FloatStorage, name, device, count).
  private mutating func openStorage() throws {
    guard case .tuple(let place) = try pop(), case let words = tuples[place], words.count == 5,
      case .text("storage") = words[0], case .global(.floatStorage) = words[1], case .text(let name) = words[2],
      case .integer(let count) = words[4]
    else { throw wrong("a tensor's numbers are named in another way than torch.save names them.") }
    stack.append(.storage(storages.count))
    storages.append(Storage(name: name, count: count))
  }

  // MARK: The stack

  private mutating func pop() throws -> Value {
    guard let value = stack.popLast() else { throw wrong("an instruction needs a value that is not there.") }
    if case .mark = value { throw wrong("an instruction needs a value that is not there.") }
    return value
  }

  private mutating func pop(_ count: Int) throws -> [Value] { Array(try (0..<count).map { _ in try pop() }.reversed()) }

  private mutating func popToMark() throws -> [Value] {
    let mark = stack.lastIndex { if case .mark = $0 { true } else { false } }
    guard let mark else { throw wrong("an instruction needs a mark that is not there.") }
    let values = Array(stack[(mark + 1)...])
    stack.removeSubrange(mark...)
    return values
  }

  private mutating func push(tuple values: [Value]) {
    stack.append(.tuple(tuples.count))
    tuples.append(values)
  }

  private mutating func pushDictionary() {
    stack.append(.dictionary(dictionaries.count))
    dictionaries.append([])
  }

  private mutating func add(_ values: [Value]) throws {
    guard case .dictionary(let place) = stack.last, values.count.isMultiple(of: 2) else {
      throw wrong("entries are added to a value that is not a dictionary.")
    }
    for at in stride(from: 0, to: values.count, by: 2) {
      dictionaries[place].append(Item(key: values[at], value: values[at + 1]))
    }
  }

  private mutating func remember(at place: Int) throws {
    guard let value = stack.last else { throw wrong("it remembers a value that is not there.") }
    memory[place] = value
  }

  private mutating func recall(from place: Int) throws {
    guard let value = memory[place] else { throw wrong("it recalls a value that it did not remember.") }
    stack.append(value)
  }

  /// The sizes of a tensor's axes, or its strides. More would be copied for each tensor that names them.
  private func integers(_ value: Value) -> [Int]? {
    guard case .tuple(let place) = value, tuples[place].count <= Shape.maximumRank else { return nil }
    let numbers = tuples[place].compactMap { value -> Int? in
      if case .integer(let number) = value { number } else { nil }
    }
    return numbers.count == tuples[place].count ? numbers : nil
  }

  // MARK: Bytes

  private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count <= bytes.endIndex - position else { throw wrong("it ends early.") }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// A little-endian number without a sign, of 4 bytes at most.
  private mutating func number(_ width: Int) throws -> Int {
    try take(width).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private mutating func integer(_ opcode: PickleOpcode) throws -> Int {
    switch opcode {
    case .binInt1: return try number(1)
    case .binInt2: return try number(2)
    case .binInt: return Int(Int32(truncatingIfNeeded: try number(4)))
    default:
      let width = try number(1)
      guard width <= 8 else { throw wrong("a number has \(width) bytes.") }
      let digits = try take(width)
      let ones: UInt64 = digits.last.map { $0 >= 0x80 } == true ? .max : 0
      return Int(Int64(bitPattern: digits.reversed().reduce(ones) { $0 << 8 | UInt64($1) }))
    }
  }

  private mutating func text(count: Int) throws -> String { String(decoding: try take(count), as: UTF8.self) }

  /// The text up to the end of the line.
  private mutating func line() throws -> String {
    guard let end = bytes[position...].firstIndex(of: 0x0A) else { throw wrong("it ends early.") }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }
}
