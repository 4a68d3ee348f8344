// SPDX-License-Identifier: Apache-2.0
//
// RepeatedRows: rows that are in two parts of a split, the same in every column.
//
// A test row that was also a training row measures the memory of a model. The rows are compared by
// a hash that grows column by column; after some columns only candidates are left, so that wide tables cost little.
//
// Before    GroupTimeSplit.swift     After    Encoders/ColumnProfile.swift

/// The number of rows that are equal, in all columns, to one of some other rows.
package func repeatedRowCount(in columns: [Column], of rows: [Int32], among others: [Int32]) -> Int {
  var rows = HashedRows(rows)
  var others = HashedRows(others)
  for (position, column) in columns.enumerated() {
    rows.add(column)
    others.add(column)
    guard position % 8 == 7 || position == columns.count - 1 else { continue }
    rows.keep(Set(others.hashes))
    others.keep(Set(rows.hashes))
    if rows.rows.isEmpty { return 0 }
  }
  return columns.isEmpty ? 0 : rows.rows.count
}

/// Some rows, each with a hash of its values so far.
private struct HashedRows {
  private(set) var rows: [Int32]
  private(set) var hashes: [UInt64]

  init(_ rows: [Int32]) {
    self.rows = rows
    hashes = Array(repeating: 0, count: rows.count)
  }

  mutating func add(_ column: Column) {
    if let numbers = column.numbers {
      for (i, number) in numbers.gathered(rows[...]).enumerated() { mix(number.isNaN ? 1 : number.bitPattern, into: i) }
    } else if let codes = column.codes {
      for (i, row) in rows.enumerated() { mix(UInt64(truncatingIfNeeded: codes[Int(row)]), into: i) }
    } else if let images = column.images {
      images.bytes.withUnsafeBufferPointer { bytes in
        for (i, row) in rows.enumerated() {
          var hasher = Hasher()
          hasher.combine(bytes: UnsafeRawBufferPointer(images.pixels(of: Int(row), in: bytes)))
          mix(UInt64(truncatingIfNeeded: hasher.finalize()), into: i)
        }
      }
    }
  }

  private mutating func mix(_ value: UInt64, into i: Int) {
    let product = (hashes[i] ^ value) &* 0x9E37_79B9_7F4A_7C15
    hashes[i] = product ^ (product >> 29)
  }

  /// Drops the rows whose hash is not among the given ones.
  mutating func keep(_ known: Set<UInt64>) {
    let kept = hashes.indices.filter { known.contains(hashes[$0]) }
    rows = kept.map { rows[$0] }
    hashes = kept.map { hashes[$0] }
  }
}
