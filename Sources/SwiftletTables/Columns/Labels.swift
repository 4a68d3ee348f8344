// SPDX-License-Identifier: Apache-2.0
//
// Labels: the order in which words are numbered.
//
// Before    Reading/ColumnBuilder.swift     After    Reading/TableReader.swift

import SwiftletFormats

/// Labels in the order in which they are numbered: as numbers if all are numbers, else by code point.
package func sortedLabels(_ labels: [String]) -> [String] {
  let numbers = labels.map { label in
    var label = label
    return label.withUTF8 { parseNumber($0) }
  }
  let byText: (String, String) -> Bool = { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
  let known = numbers.compactMap { $0 }
  guard known.count == labels.count else { return labels.sorted(by: byText) }
  return zip(labels, known).sorted { $0.1 == $1.1 ? byText($0.0, $1.0) : $0.1 < $1.1 }.map(\.0)
}
