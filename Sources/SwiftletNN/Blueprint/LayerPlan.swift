// SPDX-License-Identifier: Apache-2.0
//
// LayerPlan: what a layer is made from.
//
// A plan has the layer's settings as data, which a file or a recipe wrote, and the source of its parameters.
// Everything in it may be wrong, so each question throws a sentence that names the layer.
//
// Before    Parameters/AdoptedParameters.swift     After    Blueprint.swift

import SwiftletFormats
import SwiftletTensors

/// An error in a layer or in its parameters.
public struct LayerError: Error, Equatable, CustomStringConvertible {
  /// Where in the network, such as `2 (linear)`; empty for the network as a whole.
  public var place: String
  /// What is wrong.
  public var message: String

  /// An error; of the whole network if no place is given.
  public init(_ message: String, place: String = "") {
    self.message = message
    self.place = place
  }

  public var description: String { place.isEmpty ? message : "layer \(place): \(message)" }
}

/// What a layer is made from: its settings, and the source of its parameters.
public struct LayerPlan {
  /// The layer's description: its `kind`, and a member for each setting.
  public let description: JSONValue
  /// The layer's place in the network: `0`, or `2.0` inside of another layer.
  public let path: String
  /// The shape of what comes in, with one row, such as `[1, 62]`.
  public let inputShape: Shape
  let source: any ParameterSource
  let kinds: [any Layer.Type]

  /// The largest size of a layer.
  public static let sizeLimit = 1 << 24

  /// A setting that is a size, from 1 to ``sizeLimit``.
  ///
  /// - Parameters:
  ///   - name: The setting's name.
  ///   - standard: The size if the setting is absent; `nil` if it is required.
  public func size(_ name: String, default standard: Int? = nil) throws -> Int {
    guard let value = try value(name, orNil: standard != nil)?.integer ?? (description[name] == nil ? standard : nil),
      value >= 1, value <= LayerPlan.sizeLimit
    else { throw error("\(quoted(name)) must be a whole number from 1 to \(LayerPlan.sizeLimit).") }
    return value
  }

  /// A setting that is a number within a range.
  public func number(_ name: String, in range: Range<Double>, default standard: Double? = nil) throws -> Double {
    guard let value = try value(name, orNil: standard != nil)?.number ?? (description[name] == nil ? standard : nil),
      range.contains(value)
    else {
      throw error(
        "\(quoted(name)) must be a number from \(range.lowerBound) up to but not including \(range.upperBound).")
    }
    return value
  }

  /// A setting that is one of several words.
  public func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, default standard: Choice
  ) throws -> Choice {
    guard let value = description[name] else { return standard }
    guard let choice = value.string.flatMap(Choice.init(rawValue:)) else {
      throw error("\(quoted(name)) must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    return choice
  }

  /// Makes the layers that a setting lists; one without settings may be its kind alone, such as `relu`.
  public func layers(_ name: String) throws -> [any Layer] {
    guard let list = try value(name, orNil: false)?.array else {
      throw error("\(quoted(name)) must be a list of layers.")
    }
    guard list.count <= Blueprint.layerLimit else {
      throw error("\(quoted(name)) lists \(list.count) layers, and at most \(Blueprint.layerLimit) are allowed.")
    }
    var shape = inputShape
    return try list.enumerated().map { position, description in
      let plan = LayerPlan(
        description: description.string == nil ? description : ["kind": description],
        path: path.isEmpty ? "\(position)" : "\(path).\(position)", inputShape: shape,
        source: source, kinds: kinds)
      let layer = try plan.makeLayer()
      shape = try plan.naming {
        let output = try layer.outputShape(for: shape)
        // A few weights can make many numbers of a large picture, and an answer needs room for them.
        guard output.elementCount <= LayerPlan.sizeLimit else {
          throw LayerError("gives \(output.elementCount) numbers for a row, and \(LayerPlan.sizeLimit) are the most.")
        }
        return output
      }
      return layer
    }
  }

  /// A parameter of the layer.
  ///
  /// - Parameters:
  ///   - name: Its name within the layer, such as `weight`.
  ///   - sizes: Its shape.
  ///   - initializer: Its first values.
  public func parameter(_ name: String, _ sizes: [Int], _ initializer: Initializer) throws -> Tensor {
    guard Shape.elementCount(of: sizes) != nil else { throw error("no parameter can have the shape \(sizes).") }
    let fullName = path.isEmpty ? name : "\(path).\(name)"
    return try naming { try source.parameter(fullName, Shape(sizes), initializer) }
  }

  /// An error that names the layer.
  public func error(_ message: String) -> LayerError { LayerError(message, place: place) }

  private var place: String {
    path.isEmpty ? "" : description["kind"]?.string.map { "\(path) (\(quoted($0).dropFirst().dropLast()))" } ?? path
  }

  private func value(_ name: String, orNil: Bool) throws -> JSONValue? {
    guard let value = description[name] else {
      if orNil { return nil }
      throw error("needs \(quoted(name)).")
    }
    return value
  }

  /// Does something, and names the layer in the error that it may throw.
  private func naming<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var error as LayerError {
      if error.place.isEmpty { error.place = place }
      throw error
    }
  }

  /// The layer that is described.
  private func makeLayer() throws -> any Layer {
    guard let kind = description["kind"]?.string else { throw error("needs a \"kind\".") }
    guard let type = kinds.last(where: { $0.kind == kind }) else {
      throw error("there is no layer \(quoted(kind))." + suggestion(for: kind, in: kinds.map { $0.kind }))
    }
    let layer = try type.init(from: self)
    let known = (layer.description.members ?? []).map(\.name)
    if let unknown = description.members?.first(where: { !known.contains($0.name) }) {
      throw error("has no setting \(quoted(unknown.name))." + suggestion(for: unknown.name, in: known))
    }
    return layer
  }
}
