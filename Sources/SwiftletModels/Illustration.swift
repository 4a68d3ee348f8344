// SPDX-License-Identifier: Apache-2.0
//
// Illustration: an example, units and a picture, for pages where a model is looked at and tried.
//
// The signature says what a model takes; it does not say what a row looks like. A form wants a row to begin
// with, a number wants its unit, and 64 numbers that are a picture want to be drawn. No answer depends on
// any of this, and a bundle may have none of it.
//
// Before    SwiftletTables     After    Heads/Truth.swift

import SwiftletFormats
import SwiftletTables

/// An example row, units, and the picture that a row of numbers is.
public struct Illustration: Sendable, Equatable {
  /// The first training row: each column's value as it stands in the data, `null` where it is missing.
  /// Empty for images.
  public var example: [JSONValue.Member] = []
  /// The units of columns and targets, as far as the data set names them.
  public var units: [JSONValue.Member] = []
  /// How to draw the row as a picture, if it is one.
  public var view: PictureView?

  /// Nothing to show.
  public init() {}

  /// The unit of a column or a target.
  public func unit(of name: String) -> String? { units.first { $0.name == name }?.value.string }

  /// The members to add to the signature in model.json.
  var members: [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    if !example.isEmpty { members.append(.init("example", .object(example))) }
    if !units.isEmpty { members.append(.init("units", .object(units))) }
    if let view { members.append(.init("view", view.json)) }
    return members
  }
}

extension Illustration {
  /// Reads what ``members`` wrote into a signature.
  ///
  /// - Throws: ``DataError`` for what does not belong to a model with this pipeline.
  init(signature: JSONValue, pipeline: Pipeline, targets: [String]) throws {
    if let example = signature["example"] {
      guard let members = example.members, members.map(\.name) == pipeline.columnNames,
        zip(members, pipeline.inputs).allSatisfy({ $1.accepts($0.value) })
      else {
        throw DataError(
          "has an example in its signature that is not a row of its columns, each with a value of its type.")
      }
      self.example = members
    }
    if let units = signature["units"] {
      let names = Set(pipeline.columnNames + targets)
      guard let members = units.members, Set(members.map(\.name)).count == members.count,
        members.allSatisfy({ names.contains($0.name) && $0.value.string != nil })
      else { throw DataError("has units in its signature that are not one text for a column or a target.") }
      self.units = members
    }
    if let view = signature["view"] { self.view = try PictureView(json: view, pipeline: pipeline) }
  }
}

extension PictureView {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("width", JSONValue(width)), .init("height", JSONValue(height)), .init("max", .number(maximum)),
    ]
    if !columns.isEmpty { members.append(.init("columns", JSONValue(columns))) }
    return .object(members)
  }

  fileprivate init(json: JSONValue, pipeline: Pipeline) throws {
    let names = json["columns"].map { $0.array?.map(\.string) ?? [nil] } ?? []
    let columns = names.compactMap { $0 }
    guard let width = json["width"]?.integer, let height = json["height"]?.integer, (1..<1 << 14).contains(width),
      (1..<1 << 14).contains(height), let maximum = json["max"]?.number, columns.count == names.count,
      Set(columns).count == columns.count
    else { throw DataError("has a view in its signature without a width, a height and a max, or with wrong columns.") }
    self.init(width: width, height: height, maximum: maximum, columns: columns)
    guard fits(pipeline) else { throw DataError("has a view in its signature that does not show the model's columns.") }
  }

  /// Whether the picture is that of the model's image, or has a cell for each of its columns. Runs and loaded files
  /// obey this one rule.
  package func fits(_ pipeline: Pipeline) -> Bool {
    guard maximum > 0, maximum.isFinite else { return false }
    if !pipeline.isTabular { return pipeline.inputs[0].rowShape == [height, width] && columns.isEmpty }
    return pipeline.isNumeric && columns.count == width * height && Set(pipeline.columnNames).isSubset(of: columns)
  }
}

extension ModelBundle {
  /// What the model takes, with the units of the data set.
  public var inputs: [InputSchema] {
    let units = Dictionary(
      illustration.units.map { ($0.name, $0.value.string) }, uniquingKeysWith: { first, _ in first })
    return pipeline.inputs.map { input in
      var input = input
      input.unit = units[input.name] ?? nil
      return input
    }
  }
}
