// SPDX-License-Identifier: Apache-2.0
//
// The pipeline in a model's bundle: the part `pipeline` of model.json.
//
// Before    NumericRows.swift     After    Targets/Target.swift

import SwiftletFormats

extension Pipeline {
  /// The transforms as a list of objects.
  public var json: JSONValue { .array(transforms.map(\.json)) }

  /// Reads what ``json`` wrote.
  ///
  /// - Throws: ``DataError`` for anything that no fit can have produced.
  public init(json: JSONValue) throws {
    guard let list = json.array, !list.isEmpty, list.count <= 1 << 20 else {
      throw DataError("The pipeline must be a list with at least one column.")
    }
    self.init(transforms: try list.map { try FeatureTransform(json: $0) })
    guard Set(columnNames).count == transforms.count else { throw DataError("The pipeline names a column twice.") }
    guard transforms.count == 1 || !transforms.contains(where: { $0.type == .image }) else {
      throw DataError("The pipeline mixes images with other columns.")
    }
  }
}

extension FeatureTransform {
  var json: JSONValue {
    var members: [JSONValue.Member] = [.init("name", .string(name)), .init("type", .string(type.rawValue))]
    switch kind {
    case .number(let fill, let offset, let factor):
      members += [.init("fill", .number(fill)), .init("offset", .number(offset)), .init("factor", .number(factor))]
    case .category(let categories, let fill):
      members.append(.init("categories", JSONValue(categories)))
      if let fill { members.append(.init("fill", .string(fill))) }
    case .boolean(let spellings, let fill):
      members += [.init("spellings", JSONValue(spellings)), .init("fill", JSONValue(fill))]
    case .image(let height, let width, let scale):
      members += [
        .init("height", JSONValue(height)), .init("width", JSONValue(width)), .init("scale", .string(scale.rawValue)),
      ]
    }
    return .object(members + (statistics?.members ?? []))
  }

  init(json: JSONValue) throws {
    guard let name = json["name"]?.string, let type = json["type"]?.string.flatMap(ColumnType.init(rawValue:)) else {
      throw DataError("A column of the pipeline needs a name and a type.")
    }
    func wrong(_ what: String) -> DataError { DataError("The column \"\(name)\" of the pipeline needs \(what).") }
    self.name = name
    switch type {
    case .number:
      guard let fill = json["fill"]?.number, let offset = json["offset"]?.number, let factor = json["factor"]?.number,
        FeatureTransform.isUsable(fill, offset: offset, factor: factor)
      else { throw wrong("the numbers fill, offset and factor, within the range of 32-bit numbers") }
      kind = .number(fill: fill, offset: offset, factor: factor)
    case .category:
      guard let list = json["categories"]?.array, case let categories = list.compactMap(\.string),
        categories.count == list.count,
        !categories.isEmpty, Set(categories).count == categories.count
      else { throw wrong("a list of distinct categories") }
      if let fill = json["fill"] {
        guard let text = fill.string, categories.contains(text) else { throw wrong("one of its categories as fill") }
      }
      kind = .category(categories: categories, fill: json["fill"]?.string)
    case .boolean:
      guard let list = json["spellings"]?.array, case let spellings = list.compactMap(\.string), spellings.count == 2,
        list.count == 2, spellings[0] != spellings[1], let fill = json["fill"]?.integer, fill == 0 || fill == 1
      else { throw wrong("two spellings, and 0 or 1 as fill") }
      kind = .boolean(spellings: spellings, fill: fill)
    case .image:
      guard let height = json["height"]?.integer, let width = json["width"]?.integer, (1...1 << 14).contains(height),
        (1...1 << 14).contains(width), let scale = json["scale"]?.string.flatMap(ImageScale.init(rawValue:))
      else { throw wrong("height, width and scale") }
      kind = .image(height: height, width: width, scale: scale)
    case .text:
      throw wrong("another type than text")
    }
    statistics = try ColumnProfile(json: json, column: name)
  }
}
