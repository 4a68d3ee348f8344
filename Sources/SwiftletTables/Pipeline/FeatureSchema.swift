// SPDX-License-Identifier: Apache-2.0
//
// A transform described as an input.
//
// Before    FeatureTransform.swift     After    Pipeline.swift

import SwiftletFormats

extension FeatureTransform {
  /// The column as those see it who send values for it.
  var schema: InputSchema {
    switch kind {
    case .number(let fill, _, _):
      let about = statistics.map {
        "\(name): from \($0.minimum) to \($0.maximum) in the training data, \($0.mean) on average."
      }
      return InputSchema(
        name: name, type: type, form: .number, bounds: bounds, fill: .number(fill),
        typical: .number(rounded(statistics?.mean ?? fill)), meaning: about ?? name, profile: statistics)
    case .category(let categories, let fill):
      return InputSchema(
        name: name, type: type, form: .word, words: categories, fill: fill.map { .string($0) } ?? .null,
        typical: .string(categories.first ?? ""),
        meaning: "One of the categories that training knew; another one counts as none.", profile: statistics)
    case .boolean(let spellings, let fill):
      return InputSchema(
        name: name, type: type, form: .truth, words: spellings, fill: .string(spellings[fill]), typical: false,
        meaning: "\(spellings[0]) or \(spellings[1]), false or true.", profile: statistics)
    case .image(let height, let width, _):
      return InputSchema(
        name: name, type: type, form: .byte, rowShape: [height, width], bounds: 0...255, typical: 0, meaning: name,
        profile: statistics)
    }
  }

  /// x becomes (x − offset) · factor, and a missing one becomes what `fill` does; `nil` where it is otherwise.
  package var affine: (fill: Double, offset: Double, factor: Double)? {
    if case .number(let fill, let offset, let factor) = kind { (fill, offset, factor) } else { nil }
  }

  /// The number of training ranges that a number may be away from the training data.
  private static let reach = 1e6

  /// A number such as 1e300 is finite and becomes infinite when it is standardized; after that every answer is NaN.
  private var bounds: ClosedRange<Double>? {
    guard let (fill, offset, factor) = affine else { return nil }
    // Without statistics, a range is what standardizes to 1.
    let minimum = statistics?.minimum ?? fill
    let maximum = statistics?.maximum ?? fill
    let range = maximum > minimum ? maximum - minimum : max(abs(1 / factor), abs(minimum - offset))
    let largest = Double.greatestFiniteMagnitude  // infinity is never answered
    return max(minimum - range * Self.reach, -largest)...min(maximum + range * Self.reach, largest)
  }

  /// A number with about three digits of the column's range, which reads better than sixteen.
  private func rounded(_ value: Double) -> Double {
    guard let statistics, case let range = statistics.maximum - statistics.minimum, range > 0, range.isFinite else {
      return value
    }
    var unit = 1.0
    while unit > range / 100, unit > 1e-9 { unit /= 10 }
    while unit < range / 1000, unit < 1e12 { unit *= 10 }
    // Dividing by a whole number rounds to the decimal that is meant.
    return unit < 1 ? (value * (1 / unit).rounded()).rounded() / (1 / unit).rounded() : (value / unit).rounded() * unit
  }

  /// Whole rows of bytes as features, where the column holds pictures.
  ///
  /// - Parameter target: Room for as many numbers.
  package func prepare(_ bytes: UnsafeBufferPointer<UInt8>, into target: UnsafeMutableBufferPointer<Float>) {
    guard case .image(let height, let width, let scale) = kind, bytes.count <= target.count else { return }
    for start in stride(from: 0, to: bytes.count, by: height * width) {
      // In bounds: whole pictures, and as much room.
      scaled(bytes, from: start, height * width, scale, target, to: start)
    }
  }
}
