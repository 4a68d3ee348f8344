// SPDX-License-Identifier: Apache-2.0
//
// The storage pool: memory that is used again.
//
// A training step makes and drops the same tensors, thousands of times a second. Asking the operating
// system each time costs more than many of the operations themselves: fresh pages must be zeroed, and
// their contents are in no cache. So a dropped block waits here, and the next tensor of about its size
// takes it, last in, first out, while it is still warm.
//
// Before    -     After    TensorStorage.swift
// Source    Bonwick, "The Slab Allocator" (1994), for free lists by size class

import Synchronization

/// Free blocks of memory by size class. One pool serves the whole process; it is bounded and locked.
final class StoragePool: Sendable {
  static let shared = StoragePool()

  /// Blocks beyond this many bytes in total go back to the operating system.
  static let capacityInBytes = 96 << 20
  /// A block larger than this is never kept.
  static let largestBlockInBytes = 32 << 20
  /// Vector loops handle eight numbers at a time and may run past the last one by up to seven;
  /// so every block ends in a cache line that nothing else uses.
  static let paddingInBytes = 64
  static let alignment = 64

  struct Statistics: Equatable {
    /// Blocks asked from the operating system.
    var allocated = 0
    /// Blocks taken from the pool.
    var reused = 0
    /// Bytes that wait in the pool.
    var waitingInBytes = 0
  }

  /// A waiting block has no owner, so it may cross threads.
  private struct Block: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
  }

  private struct State {
    var free: [[Block]] = Array(repeating: [], count: SizeClass.count)
    var statistics = Statistics()
  }

  private let state = Mutex(State())

  var statistics: Statistics { state.withLock { $0.statistics } }

  /// A block of at least `byteCount` bytes plus padding, aligned to a cache line, its contents undefined.
  func take(byteCount: Int) -> (block: UnsafeMutableRawPointer, sizeClass: Int) {
    let sizeClass = SizeClass.index(for: byteCount + StoragePool.paddingInBytes)
    let waiting = state.withLock { state -> Block? in
      guard sizeClass < SizeClass.count, let block = state.free[sizeClass].popLast() else {
        state.statistics.allocated += 1
        return nil
      }
      state.statistics.reused += 1
      state.statistics.waitingInBytes -= SizeClass.byteCount(of: sizeClass)
      return block
    }
    let size = sizeClass < SizeClass.count ? SizeClass.byteCount(of: sizeClass) : byteCount + StoragePool.paddingInBytes
    return (waiting?.pointer ?? .allocate(byteCount: size, alignment: StoragePool.alignment), sizeClass)
  }

  /// Gives a block back: it waits for its next use, or is freed if the pool is full.
  func give(_ block: UnsafeMutableRawPointer, sizeClass: Int) {
    let waiting = Block(pointer: block)
    let isKept =
      sizeClass < SizeClass.count
      && state.withLock { state in
        let size = SizeClass.byteCount(of: sizeClass)
        guard state.statistics.waitingInBytes + size <= StoragePool.capacityInBytes else { return false }
        state.statistics.waitingInBytes += size
        state.free[sizeClass].append(waiting)
        return true
      }
    if !isKept { block.deallocate() }
  }

  deinit {
    state.withLock { state in state.free.joined().forEach { $0.pointer.deallocate() } }
  }
}

/// Sizes in steps of a quarter of a power of two: 256, 320, 384, 448, 512, 640 … bytes.
///
/// A block wastes at most a fifth of its bytes, and sizes that differ a little share a free list.
enum SizeClass {
  private static let smallestShift = 8  // 256 bytes
  static let count = 4 * (StoragePool.largestBlockInBytes.trailingZeroBitCount - smallestShift)

  /// The class whose blocks hold at least `byteCount` bytes; `count` or more if blocks of that size are not kept.
  static func index(for byteCount: Int) -> Int {
    let size = max(byteCount, 1 << smallestShift)
    let shift = Int.bitWidth - 1 - size.leadingZeroBitCount
    let quarter = 1 << (shift - 2)
    let step = (size - (1 << shift) + quarter - 1) / quarter  // 0 … 4
    return min(4 * (shift - smallestShift) + step, count)
  }

  static func byteCount(of index: Int) -> Int {
    let base = 1 << (smallestShift + index / 4)
    return base + index % 4 * (base / 4)
  }
}
