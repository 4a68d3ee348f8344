// SPDX-License-Identifier: Apache-2.0
//
// NearestRows: the training rows that are most like a row.
//
// Like in the eyes of the model: by the distance of the features, in which every number has a standard deviation of one. A
// row that is answered wrongly although its neighbors are clear may have a wrong label.
//
// Shapes    Q rows that are asked about, N training rows, D features
// Before    PermutationImportance.swift     After    WrongRows.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors

/// A training row, and how far it is from another row.
struct NearRow {
  /// Its position among the training rows.
  let position: Int
  /// The root of the sum of the squared differences of the features.
  let distance: Double
}

/// For each of some rows the nearest training rows, the nearest first. A training row is not its own neighbor.
///
/// - Parameters:
///   - rows: Rows of the judged table.
///   - judged: Has the training rows.
///   - count: How many training rows at most.
/// - Throws: `DataError` if a column is absent or of another type.
/// - Complexity: O(Q · N · D)
func nearestRows(to rows: [Int32], in judged: JudgedRows, count: Int) throws -> [[NearRow]] {
  let pipeline = judged.bundle.pipeline
  let reader = try pipeline.reader(of: judged.table)
  let codes = Set(pipeline.codeFeatures.map(\.position))
  let own = try reader.features(rows).features.tensor.scalars
  var nearest = rows.map { _ in [NearRow]() }
  for start in stride(from: 0, to: judged.train.count, by: reader.pieceSize) {
    let block = Array(judged.train[start..<min(start + reader.pieceSize, judged.train.count)])
    let features = try reader.features(block).features.tensor
    features.withUnsafeScalars { train in
      own.withUnsafeBufferPointer { own in
        for (query, row) in rows.enumerated() {
          for position in block.indices where block[position] != row {
            let distance = squaredDistance(
              rebase(own, query, pipeline.width), rebase(train, position, pipeline.width), codes)
            insert(NearRow(position: start + position, distance: distance.squareRoot()), into: &nearest[query], count)
          }
        }
      }
    }
  }
  return nearest
}

private func rebase(_ values: UnsafeBufferPointer<Float>, _ row: Int, _ width: Int) -> UnsafeBufferPointer<Float> {
  UnsafeBufferPointer(rebasing: values[row * width..<(row + 1) * width])
}

/// Two codes are as far apart as two categories in one-hot features: their squared distance is 2.
private func squaredDistance(
  _ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>, _ codes: Set<Int>
) -> Double {
  var sum: Float = 0
  if codes.isEmpty {
    for i in 0..<a.count { sum += (a[i] - b[i]) * (a[i] - b[i]) }
    return Double(sum)
  }
  for i in 0..<a.count { sum += codes.contains(i) ? (a[i] == b[i] ? 0 : 2) : (a[i] - b[i]) * (a[i] - b[i]) }
  return Double(sum)
}

/// Puts a row in its place among the nearest so far.
private func insert(_ row: NearRow, into nearest: inout [NearRow], _ count: Int) {
  guard nearest.count < count || row.distance < nearest.last?.distance ?? 0 else { return }
  nearest.insert(row, at: nearest.firstIndex { $0.distance > row.distance } ?? nearest.endIndex)
  if nearest.count > count { nearest.removeLast() }
}
