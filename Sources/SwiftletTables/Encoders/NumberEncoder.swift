// SPDX-License-Identifier: Apache-2.0
//
// Numbers: missing ones are filled, then all are scaled.
//
// Before    Affine.swift     After    Median.swift

import SwiftletFormats
import SwiftletTensors

/// One feature, (x − offset) · factor.
public struct NumberEncoder: ColumnEncoder {
  public static let encoding = "number"
  public static let type = ColumnType.number

  public let name: String
  private let scale: Affine
  private let profile: ColumnProfile?
  private let style: NumberStyle

  public var featureShape: Shape { [1] }
  public var featureNames: [String] { [name] }
  public var affine: Affine? { scale }

  // MARK: Fitting

  public static func fit(_ column: Column, rows: [Int32], _ options: PipelineOptions) -> Fitted {
    let name = column.name
    let numbers = column.numbers?.gathered(rows[...]) ?? []
    var present = numbers.filter { !$0.isNaN }
    guard let minimum = present.min(), let maximum = present.max() else {
      return .leftOut("\"\(name)\" has no value in the training rows and was left out.")
    }
    guard minimum < maximum || options.numericSame == .keep else {
      return .leftOut(sameEverywhere(name, minimum))
    }
    let mean = present.reduce(0, +) / Double(present.count)
    let fill =
      switch options.numericImpute {
      case .mean: mean
      case .median: median(&present)
      case .constant(let value): value
      }
    let profile = ColumnProfile(minimum: minimum, maximum: maximum, mean: mean)
    guard mean.isFinite, let scale = affine(numbers, fill: fill, profile, options.numericScale) else {
      return .leftOut(
        "\"\(name)\" has values too large or too close together for 32-bit numbers and was left out; "
          + "write it in another unit.")
    }
    return .encoder(NumberEncoder(name: name, scale: scale, profile: profile, style: column.style))
  }

  /// The sentence about a column that holds one number.
  private static func sameEverywhere(_ name: String, _ value: Double) -> String {
    let number = JSONValue.spelling(of: value)
    // From 2⁵³ on, a Double does not tell a whole number from the next one.
    guard value.magnitude >= 0x1p53 else { return "\"\(name)\" is \(number) in every training row and was left out." }
    return
      "\"\(name)\" is about \(number) in every training row, closer than numbers of this size are told apart, and was "
      + "left out. If these are names of something, read them as such with "
      + setFlag("columns.\(name)", "category") + "."
  }

  private static func affine(
    _ numbers: [Double], fill: Double, _ profile: ColumnProfile, _ scale: PipelineOptions.NumericScale
  ) -> Affine? {
    let ends = [profile.minimum, profile.maximum]
    switch scale {
    case .none:
      return Affine(fill: fill, offset: 0, factor: 1, holding: ends)
    case .minmax:
      return Affine(fill: fill, offset: ends[0], factor: ends[0] < ends[1] ? 1 / (ends[1] - ends[0]) : 1, holding: ends)
    case .standard:
      // Missing values are filled first, as they will be when the network sees them.
      let filled = numbers.lazy.map { $0.isNaN ? fill : $0 }
      let mean = filled.reduce(0, +) / Double(numbers.count)
      let variance = filled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
      // The squares of differences around 1e-170 are 0.
      guard variance > 0 || ends[0] == ends[1] else { return nil }
      let factor = variance > 0 ? 1 / variance.squareRoot() : 1
      return Affine(fill: fill, offset: mean, factor: factor, holding: ends)
    }
  }

  private init(name: String, scale: Affine, profile: ColumnProfile?, style: NumberStyle) {
    self.name = name
    self.style = style
    self.scale = scale
    self.profile = profile
  }

  // MARK: Bundle

  public init(name: String, json: JSONValue) throws {
    guard let fill = json["fill"]?.number, let offset = json["offset"]?.number, let factor = json["factor"]?.number,
      let scale = Affine(fill: fill, offset: offset, factor: factor)
    else { throw Self.wrong(name, "the numbers fill, offset and factor, within the range of 32-bit numbers") }
    self.init(
      name: name, scale: scale, profile: try ColumnProfile(json: json, column: name),
      style: NumberStyle(json: json["written"]))
  }

  public var members: [JSONValue.Member] {
    [
      .init("fill", .number(scale.fill)), .init("offset", .number(scale.offset)),
      .init("factor", .number(scale.factor)),
    ] + (profile?.members ?? []) + (style.json.map { [.init("written", $0)] } ?? [])
  }

  // MARK: Values

  public var schema: InputSchema {
    let ranges = profile.map {
      "\(name): from \($0.minimum) to \($0.maximum) in the training data, \($0.mean) on average."
    }
    let typical = profile.map { $0.rounded($0.mean) } ?? scale.fill
    var schema = InputSchema(
      name: name, type: Self.type, form: .number, bounds: bounds, fill: .number(scale.fill), typical: .number(typical),
      meaning: ranges ?? name, profile: profile)
    schema.style = style
    return schema
  }

  /// The number of training ranges that a number may be away from the training data.
  private static let reach = 1e6

  /// The numbers that are accepted: 1e300 is finite, but becomes infinite when it is standardized, and its answer NaN.
  private var bounds: ClosedRange<Double> {
    // Without a profile, a range is what standardizes to 1.
    let minimum = profile?.minimum ?? scale.fill
    let maximum = profile?.maximum ?? scale.fill
    let range = maximum > minimum ? maximum - minimum : max(abs(1 / scale.factor), abs(minimum - scale.offset))
    let largest = Double.greatestFiniteMagnitude  // infinity is never accepted
    return max(minimum - range * Self.reach, -largest)...min(maximum + range * Self.reach, largest)
  }

  public func writer(for column: Column, stride: Int) throws -> FeatureWriter {
    let scale = scale
    if let numbers = column.numbers {
      return { rows, target in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: rows.count) { values in
          guard let base = values.baseAddress else { return 0 }
          numbers.gather(rows, into: base)
          for i in 0..<rows.count { target[i * stride] = scale(base[i]) }
          return 0
        }
      }
    }
    guard let codes = column.codes, codes.allSatisfy({ $0 < 0 }) else { throw mismatch(column) }
    return { rows, target in  // a column without any value has no type of its own
      for i in 0..<rows.count { target[i * stride] = scale(.nan) }
      return 0
    }
  }
}
