// SPDX-License-Identifier: Apache-2.0
//
// The memory behind a tensor.
//
// Before    StoragePool.swift     After    MemoryLimit.swift

/// A block of 32-bit floating-point numbers with one owner or several.
///
/// Tensors share a block until one of them is changed; the changing one then takes a copy
/// (copy-on-write). A block that several tensors hold is therefore never written to, which is
/// what makes it safe to send between threads.
final class TensorStorage: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  private let block: UnsafeMutableRawPointer
  private let sizeClass: Int

  /// Memory for `count` numbers, whose values are undefined.
  init(count: Int) {
    (block, sizeClass) = StoragePool.shared.take(byteCount: count * MemoryLayout<Float>.stride)
    base = block.assumingMemoryBound(to: Float.self)
  }

  deinit { StoragePool.shared.give(block, sizeClass: sizeClass) }
}
