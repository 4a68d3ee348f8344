// SPDX-License-Identifier: Apache-2.0

@testable import SwiftletTensors
import SwiftletTestSupport
import Testing

@Suite("Tensors as values")
struct TensorTests {
  @Test("keeps copies independent")
  func copyOnWrite() {
    let a = Tensor([1, 2, 3], shape: [3])
    var b = a
    b[1] = 9
    #expect(a.scalars == [1, 2, 3])
    #expect(b.scalars == [1, 9, 3])
  }

  @Test("gives row views that share, until one is changed")
  func rowViews() {
    let a = Tensor([[1, 2], [3, 4], [5, 6]])
    var middle = a.rows(1..<3)
    #expect(middle == Tensor([[3, 4], [5, 6]]))
    middle += 1
    #expect(middle == Tensor([[4, 5], [6, 7]]))
    #expect(a.scalars == [1, 2, 3, 4, 5, 6])
    #expect(a.rows(0..<0).shape == [0, 2])
  }

  @Test("changes a view in place without touching its neighbors")
  func viewInPlace() {
    func lastRows() -> Tensor { Tensor([[1, 2], [3, 4], [5, 6]]).rows(1..<2) }  // the only owner
    var view = lastRows()
    view *= 2
    #expect(view == Tensor([[6, 8]]))
  }

  @Test("refuses sizes whose product overflows")
  func overflow() {
    #expect(Shape.elementCount(of: [Int(Int32.max), Int(Int32.max), Int(Int32.max)]) == nil)
    #expect(Shape.elementCount(of: [-1]) == nil)
    #expect(Shape.elementCount(of: Array(repeating: 1, count: 9)) == nil)
    #expect(Shape.elementCount(of: [0, 5]) == 0)
    #expect(Shape.elementCount(of: []) == 1)
  }

  @Test("says what does not fit")
  func refusals() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2, 3], shape: [2, 2])
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("Tensor: 3 scalars cannot fill the shape [2, 2], which has 4 elements"))
  }

  @Test("takes blocks from the pool once it is warm")
  func pool() {
    let pool = StoragePool()
    let (first, sizeClass) = pool.take(byteCount: 4000)
    pool.give(first, sizeClass: sizeClass)
    let (second, _) = pool.take(byteCount: 4001)
    #expect(first == second)
    #expect(pool.statistics == .init(allocated: 1, reused: 1, waitingInBytes: 0))
    pool.give(second, sizeClass: sizeClass)
  }

  @Test("keeps no block that is larger than the largest, and stays under its bound")
  func poolBounds() {
    let pool = StoragePool()
    let (large, largeClass) = pool.take(byteCount: StoragePool.largestBlockInBytes * 2)
    pool.give(large, sizeClass: largeClass)
    #expect(pool.statistics.waitingInBytes == 0)
    let blocks = (0..<8).map { _ in pool.take(byteCount: 20 << 20) }
    for (block, sizeClass) in blocks { pool.give(block, sizeClass: sizeClass) }
    #expect(pool.statistics.waitingInBytes <= StoragePool.capacityInBytes)
    #expect(pool.statistics.waitingInBytes > 0)
  }

  @Test(
    "has size classes that hold what they are asked for",
    arguments: [1, 255, 256, 257, 320, 321, 4095, 4096, 4097, 1_000_003])
  func sizeClasses(byteCount: Int) {
    let size = SizeClass.byteCount(of: SizeClass.index(for: byteCount))
    #expect(size >= byteCount)
    #expect(size <= max(256, byteCount * 5 / 4 + 1))
    #expect(SizeClass.index(for: size) == SizeClass.index(for: byteCount))
  }
}
