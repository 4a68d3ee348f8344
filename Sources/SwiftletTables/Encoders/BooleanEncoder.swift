// SPDX-License-Identifier: Apache-2.0
//
// Truth values: 0 or 1.
//
// Before    OneHotEncoder.swift     After    DateEncoder.swift

import SwiftletFormats
import SwiftletTensors

/// One feature: 0 for false, 1 for true, and the more frequent of the two for a missing value.
public struct BooleanEncoder: ColumnEncoder {
  public static let encoding = "boolean"
  public static let type = ColumnType.boolean

  public let name: String
  /// The words for false and for true.
  private let spellings: [String]
  private let fill: Int
  private let profile: ColumnProfile?

  public var featureShape: Shape { [1] }
  public var featureNames: [String] { [name] }

  // MARK: Fitting

  public static func fit(_ column: Column, rows: [Int32], _ options: PipelineOptions) -> Fitted {
    let codes = column.codes ?? []
    let ones = rows.count { codes[Int($0)] == 1 }
    let zeros = rows.count { codes[Int($0)] == 0 }
    guard ones > 0, zeros > 0, let spellings = column.categories else {
      return .leftOut("\"\(column.name)\" is the same in every training row and was left out.")
    }
    let profile = ColumnProfile(minimum: 0, maximum: 1, mean: Double(ones) / Double(ones + zeros))
    return .encoder(
      BooleanEncoder(name: column.name, spellings: spellings, fill: ones > zeros ? 1 : 0, profile: profile))
  }

  private init(name: String, spellings: [String], fill: Int, profile: ColumnProfile?) {
    self.name = name
    self.spellings = spellings
    self.fill = fill
    self.profile = profile
  }

  // MARK: Bundle

  public init(name: String, json: JSONValue) throws {
    guard let spellings = json["spellings"]?.strings, spellings.count == 2, spellings[0] != spellings[1],
      let fill = json["fill"]?.integer, fill == 0 || fill == 1
    else { throw Self.wrong(name, "two spellings, and 0 or 1 as fill") }
    self.init(name: name, spellings: spellings, fill: fill, profile: try ColumnProfile(json: json, column: name))
  }

  public var members: [JSONValue.Member] {
    [.init("spellings", JSONValue(spellings)), .init("fill", JSONValue(fill))] + (profile?.members ?? [])
  }

  // MARK: Values

  public var schema: InputSchema {
    InputSchema(
      name: name, type: Self.type, form: .truth, words: spellings, fill: .string(spellings[fill]), typical: false,
      meaning: "\(spellings[0]) or \(spellings[1]), false or true.", profile: profile)
  }

  public func writer(for column: Column, stride: Int) throws -> FeatureWriter {
    let fill = fill
    if let numbers = column.numbers {
      return { rows, target in
        var unseen = 0
        for (i, row) in rows.enumerated() {
          let value = numbers[Int(row)]
          if !value.isNaN, value != 0, value != 1 { unseen += 1 }
          target[i * stride] = value.isNaN ? Float(fill) : value != 0 ? 1 : 0
        }
        return unseen
      }
    }
    guard let (codes, words) = column.words else { throw mismatch(column) }
    let truth = words.map { TruthWords.value(of: $0) }
    return { rows, target in
      var unseen = 0
      for (i, row) in rows.enumerated() {
        let code = codes[Int(row)]
        let value = code < 0 ? fill : truth[Int(code)]
        if value == nil { unseen += 1 }
        target[i * stride] = Float(value ?? fill)
      }
      return unseen
    }
  }
}
