// SPDX-License-Identifier: Apache-2.0
//
// The nearest name: "Did you mean …?"
//
// Before    Markdown.swift     After    Bytes/ByteSource.swift
// Source    Wagner, Fischer, "The String-to-String Correction Problem" (1974)

/// The candidate that takes the fewest single-letter changes to become `name`, if they are few.
package func nearestName(to name: String, in candidates: some Sequence<String>) -> String? {
  let limit = max(2, name.count / 3)
  let best = candidates.map { ($0, editDistance(name.lowercased(), $0.lowercased())) }.min { $0.1 < $1.1 }
  return best.flatMap { $0.1 <= limit ? $0.0 : nil }
}

/// " Did you mean …?", or a list of the candidates, or nothing.
package func suggestion(for name: String, in candidates: [String]) -> String {
  if let nearest = nearestName(to: name, in: candidates) { return " Did you mean \"\(nearest)\"?" }
  guard !candidates.isEmpty else { return "" }
  let shown = candidates.prefix(12).joined(separator: ", ")
  let start = candidates.count == 1 ? "There is only" : "Choose from"
  return " \(start) \(shown)\(candidates.count > 12 ? " and \(candidates.count - 12) more" : "")."
}

/// Names as they were between commas, put together where a comma belongs to the name: `Price, EUR`.
///
/// - Parameters:
///   - parts: What stood between the commas.
///   - isKnown: Whether a name exists.
/// - Returns: Known names, and the parts that belong to none as they are.
package func joinedNames(_ parts: [String], isKnown: (String) -> Bool) -> [String] {
  var names: [String] = []
  var rest = parts[...]
  while !rest.isEmpty {
    let candidates = (1...rest.count).map { rest.prefix($0).joined(separator: ",").trimmingSpaces() }
    let place = candidates.firstIndex(where: isKnown) ?? 0
    names.append(candidates[place])
    rest = rest.dropFirst(place + 1)
  }
  return names
}

private func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a.prefix(64))
  let b = Array(b.prefix(64))
  var row = Array(0...b.count)
  for i in a.indices {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let substituted = diagonal + (a[i] == b[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}
