// SPDX-License-Identifier: Apache-2.0
//
// GraphMemory: how many bytes a graph may hold.
//
// A file of a few bytes can ask for values of any size, one after the other. So a run counts what it holds, and a node
// makes no more than what is left; and what is computed while a model is loaded grows with the constants that its file
// really has, so that a small file takes little whatever it says.
//
// Before    Operands.swift     After    NodeContext.swift

import Synchronization

/// The bytes that the values of a run hold.
struct RunMemory {
  /// The most bytes that values may take together.
  let room: Int
  private(set) var held = 0
  /// The most that was held, with what the largest node may have needed beside.
  private(set) var peak = 0

  /// What one more element may take while it is computed: itself, and three places in other values.
  static let elementCost = 32

  init(room: Int) { self.room = room }

  /// The most elements that a node may make now.
  var elementsLeft: Int { max(room - held, 0) / Self.elementCost }

  /// Counts what a node has made.
  ///
  /// - Throws: ``GraphError`` if it is more than there is room for.
  mutating func take(_ values: [GraphValue]) throws {
    let bytes = values.reduce(0) { $0 + $1.byteCount }
    let elements = values.reduce(0) { $0 + $1.count }
    peak = max(peak, held + max(bytes, elements * Self.elementCost))
    held += bytes
    guard held <= room else { throw GraphMemory.error(room) }
  }

  mutating func release(_ value: GraphValue) { held -= value.byteCount }
}

/// The bytes that a model may take.
enum GraphMemory {
  /// For the values of one run, unless the caller sets another limit: 1 GiB.
  static let defaultLimit = 1 << 30

  static func error(_ room: Int) -> GraphError {
    GraphError("its values need more than \(room >> 20) MiB of memory, which is the limit here")
  }
}

/// What is computed while a model is loaded: all its graphs share one allowance.
final class LoadingMemory: Sendable {
  private struct State {
    /// Bytes of the constants that the file really has.
    var read = 0
    /// Bytes of the values that were computed from them and are kept.
    var kept = 0
  }
  private let state = Mutex(State())
  private let limit: Int

  /// What a model of few constants may take: half a million elements, which is a picture of 224 by 224 in three colors, twice
  /// and with room to spare. Values take up to twice the bytes while they are computed.
  private static let base = 16 << 20
  /// What it may take for every byte of its constants.
  private static let factor = 16

  /// An allowance.
  ///
  /// - Parameter limit: The most bytes, however large the file is.
  init(limit: Int) { self.limit = limit }

  private func allowance(_ state: State) -> Int { min(limit, Self.base + Self.factor * state.read) }

  /// Counts a constant that was read.
  func read(_ value: GraphValue) { state.withLock { $0.read = min($0.read + value.byteCount, 1 << 40) } }

  /// The bytes that are left.
  var room: Int { state.withLock { allowance($0) - $0.kept } }

  /// Keeps values for all runs, if there is room for them: a quarter of it all is for what is kept.
  func keeps(_ values: [GraphValue]) -> Bool {
    let bytes = values.reduce(0) { $0 + $1.byteCount }
    return state.withLock { state in
      guard state.kept + bytes <= allowance(state) / 4 else { return false }
      state.kept += bytes
      return true
    }
  }
}

extension GraphValue {
  /// The bytes that its elements take.
  var byteCount: Int {
    switch elements {
    case .single: 4 * count
    case .double, .integer: 8 * count
    case .bool: count
    // A text of up to fifteen bytes needs no memory beside its own sixteen.
    case .text(let texts): texts.reduce(0) { $0 + 16 + ($1.utf8.count > 15 ? $1.utf8.count : 0) }
    }
  }
}
