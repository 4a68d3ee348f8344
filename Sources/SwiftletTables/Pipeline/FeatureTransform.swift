// SPDX-License-Identifier: Apache-2.0
//
// FeatureTransform: how one column becomes numbers that a network can learn from.
//
// Before    PipelineOptions.swift     After    Pipeline.swift

import Foundation
import SwiftletFormats

/// What was learned about one column from the training rows.
public struct FeatureTransform: Sendable, Equatable {
  /// What becomes of a column.
  public enum Kind: Sendable, Equatable {
    /// (x − offset) · factor, with `fill` where x is missing.
    case number(fill: Double, offset: Double, factor: Double)
    /// One feature for each category. A missing value reads as `fill`, where there is one.
    case category(categories: [String], fill: String?)
    /// 0 or 1.
    case boolean(spellings: [String], fill: Int)
    /// Pixels, scaled; one feature each.
    case image(height: Int, width: Int, scale: ImageScale)
  }

  /// The column that is read.
  public let name: String
  /// What is done with it.
  public let kind: Kind
  /// What the training rows held, where they were numbers.
  public let statistics: ColumnProfile?

  /// The category that missing values make.
  static let missingCategory = "missing"

  /// How many numbers it gives.
  public var width: Int {
    switch kind {
    case .number, .boolean: 1
    case .category(let categories, _): categories.count
    case .image(let height, let width, _): height * width
    }
  }

  /// The names of these numbers: `age`, or `sex=male` for one category of several.
  public var featureNames: [String] {
    switch kind {
    case .number, .boolean: [name]
    case .category(let categories, _): categories.map { "\(name)=\($0)" }
    case .image(let height, let width, _): (0..<height * width).map { "\(name)[\($0 / width),\($0 % width)]" }
    }
  }

  /// The type of the column that it reads.
  public var type: ColumnType {
    switch kind {
    case .number: .number
    case .category: .category
    case .boolean: .boolean
    case .image: .image
    }
  }

  /// Learns from a column's training rows. `nil` where the column tells nothing, with the reason as a warning.
  static func fit(_ column: Column, rows: [Int32], _ options: PipelineOptions) -> (
    transform: FeatureTransform?, warning: String?
  ) {
    switch column.values {
    case .images(let images):
      return (
        FeatureTransform(
          name: column.name, kind: .image(height: images.height, width: images.width, scale: options.imageScale),
          statistics: nil), nil
      )
    case .numbers(let numbers):
      return fit(column.name, numbers.gathered(rows[...]), options)
    case .codes(let allCodes, let categories):
      if column.type == .text {
        return (
          nil,
          "\"\(column.name)\" is text with many distinct values and was left out; `columns: {\(column.name): category}` makes it categories."
        )
      }
      let codes = rows.map { allCodes[Int($0)] }
      return column.type == .boolean
        ? fit(boolean: column.name, codes, categories) : fit(column.name, codes, categories, options)
    }
  }

  private static func fit(_ name: String, _ numbers: [Double], _ options: PipelineOptions) -> (
    FeatureTransform?, String?
  ) {
    var present = numbers.filter { !$0.isNaN }
    guard let minimum = present.min(), let maximum = present.max() else {
      return (nil, "\"\(name)\" has no value in the training rows and was left out.")
    }
    guard minimum < maximum else {
      return (nil, "\"\(name)\" is \(JSONValue.spelling(of: minimum)) in every training row and was left out.")
    }
    let mean = present.reduce(0, +) / Double(present.count)
    let fill =
      switch options.numericImpute {
      case .mean: mean
      case .median: median(&present)
      case .constant(let value): value
      }
    let offset: Double
    let factor: Double
    switch options.numericScale {
    case .none: (offset, factor) = (0, 1)
    case .minmax: (offset, factor) = (minimum, 1 / (maximum - minimum))
    case .standard:
      // Missing values count as what fills them, as they will when the network sees them.
      let filled = numbers.lazy.map { $0.isNaN ? fill : $0 }
      offset = filled.reduce(0, +) / Double(numbers.count)
      let variance = filled.reduce(0) { $0 + ($1 - offset) * ($1 - offset) } / Double(numbers.count)
      factor = variance > 0 ? 1 / variance.squareRoot() : 1
    }
    guard mean.isFinite,
      [minimum, maximum, fill].allSatisfy({ isUsable($0, offset: offset, factor: factor) })
    else {
      return (
        nil,
        "\"\(name)\" has values too large or too close together for 32-bit numbers and was left out; "
          + "write it in another unit."
      )
    }
    return (
      FeatureTransform(
        name: name, kind: .number(fill: fill, offset: offset, factor: factor),
        statistics: ColumnProfile(minimum: minimum, maximum: maximum, mean: mean)), nil
    )
  }

  /// Whether a number is still one when it has become a 32-bit feature. What is fitted and what is loaded
  /// is held to the same rule, so that a model that was saved can be loaded.
  static func isUsable(_ value: Double, offset: Double, factor: Double) -> Bool {
    Float(factor).isFinite && factor != 0 && Float((value - offset) * factor).isFinite
  }

  private static func fit(
    _ name: String, _ codes: [Int32], _ categories: [String], _ options: PipelineOptions
  ) -> (FeatureTransform?, String?) {
    var counts = Array(repeating: 0, count: categories.count)
    for code in codes where code >= 0 { counts[Int(code)] += 1 }
    let missing = codes.count { $0 < 0 }
    guard let largest = counts.max(), largest > 0 else {
      return (nil, "\"\(name)\" has no value in the training rows and was left out.")
    }
    var kept = categories.indices.filter { counts[$0] >= max(1, options.minimumCount) }.map { categories[$0] }
    var fill: String?
    switch options.categoricalImpute {
    case .mostFrequent: fill = counts.firstIndex(of: largest).map { categories[$0] }
    case .missing:
      if missing > 0, !kept.contains(missingCategory) { kept.append(missingCategory) }
      if missing > 0 { fill = missingCategory }
    }
    guard kept.count > 1 else { return (nil, "\"\(name)\" has one category in the training rows and was left out.") }
    return (FeatureTransform(name: name, kind: .category(categories: kept, fill: fill), statistics: nil), nil)
  }

  private static func fit(boolean name: String, _ codes: [Int32], _ spellings: [String]) -> (FeatureTransform?, String?)
  {
    let ones = codes.count { $0 == 1 }
    let zeros = codes.count { $0 == 0 }
    guard ones > 0, zeros > 0 else { return (nil, "\"\(name)\" is the same in every training row and was left out.") }
    return (
      FeatureTransform(
        name: name, kind: .boolean(spellings: spellings, fill: ones > zeros ? 1 : 0),
        statistics: ColumnProfile(minimum: 0, maximum: 1, mean: Double(ones) / Double(ones + zeros))), nil
    )
  }
}
