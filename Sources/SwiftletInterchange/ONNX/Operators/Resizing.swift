// SPDX-License-Identifier: Apache-2.0
//
// Resizing: a picture in another size, axis after axis.
//
// For each place of the new axis there are a few places of the old one, with weights. Every mode is a choice of these weights,
// and of where the new place lies on the old axis.
//
// Before    Quantization.swift     After    Attention.swift
// Source    onnx, docs/Operators.md: Resize, Upsample; Keys (1981) for cubic

import Foundation

extension Operators {
  static let resizing: [Operator] = [
    Operator("Resize", since: 10) { context in
      let rule = try ResizeRule(context)
      // Before version 11 the scales were the second input.
      let scalesAt = context.version < 11 ? 1 : 2
      return { x in [try rule.resized(x, scalesAt: scalesAt)] }
    },
    Operator("Upsample", since: 9) { context in
      let rule = try ResizeRule(context)
      return { x in [try rule.resized(x, scalesAt: 1)] }
    },
  ]
}

private struct ResizeRule: Sendable {
  private let mode: String
  private let nearest: String
  private let coordinates: String
  private let cubic: Double
  private let excludesOutside: Bool
  private let isAntialiased: Bool
  private let outside: Double
  private let axes: [Int]?
  private let policy: String

  init(_ context: NodeContext) throws {
    mode = context.text("mode", "nearest")
    nearest = context.version < 11 ? "floor" : context.text("nearest_mode", "round_prefer_floor")
    coordinates = context.version < 11 ? "asymmetric" : context.text("coordinate_transformation_mode", "half_pixel")
    cubic = Double(context.float("cubic_coeff_a", -0.75))
    excludesOutside = context.flag("exclude_outside")
    isAntialiased = context.flag("antialias")
    outside = Double(context.float("extrapolation_value", 0))
    axes = context.integers("axes")
    policy = context.text("keep_aspect_ratio_policy", "stretch")
    guard ["nearest", "linear", "cubic"].contains(mode) else { throw GraphError("the mode \(mode) is not supported") }
  }

  /// An axis before and after.
  private struct Axis {
    let old: Int
    let new: Int
    let scale: Double
    /// The part of the old axis that is looked at.
    let begin: Double
    let end: Double
  }

  func resized(_ x: Operands, scalesAt position: Int) throws -> GraphValue {
    let value = try x[0]
    var numbers = try value.doubles.orThrow(GraphError("it takes numbers"))
    let chosen = try axes?.map { try frontAxis($0, rank: value.rank) } ?? Array(value.shape.indices)
    let plan = try plan(x, value.shape, chosen, scalesAt: position)
    var shape = value.shape
    var isOutside: [Int: Set<Int>] = [:]
    for (axis, change) in zip(chosen, plan) {
      guard change.old > 0 else { throw GraphError("the axis \(axis) of \(value.shape) is empty") }
      let inner = shape[(axis + 1)...].reduce(1, *)
      let outer = shape[..<axis].reduce(1, *)
      shape[axis] = change.new
      try x.count(of: shape)
      let steps = (0..<change.new).map { taps($0, change) }
      if coordinates == "tf_crop_and_resize" {
        isOutside[axis] = Set((0..<change.new).filter { !(0...Double(change.old - 1)).contains(place($0, change)) })
      }
      var next: [Double] = []
      next.reserveCapacity(shape.reduce(1, *))
      for row in 0..<outer {
        for taps in steps {
          for column in 0..<inner {
            let base = row * change.old * inner + column
            next.append(taps.reduce(0) { $0 + ($1.weight == 0 ? 0 : numbers[base + $1.place * inner] * $1.weight) })
          }
        }
      }
      numbers = next
    }
    if isOutside.values.contains(where: { !$0.isEmpty }) {
      let own = strides(of: shape)
      for place in numbers.indices where isOutside.contains(where: { $1.contains(place / own[$0] % shape[$0]) }) {
        numbers[place] = outside
      }
    }
    let result = GraphValue(
      shape, .double(value.type.isInteger ? numbers.map { $0.rounded(.toNearestOrEven) } : numbers))
    return result.cast(to: value.type)
  }

  private func plan(_ x: Operands, _ shape: [Int], _ chosen: [Int], scalesAt position: Int) throws -> [Axis] {
    let region = x.optional(1).flatMap { coordinates == "tf_crop_and_resize" ? $0.doubles : nil } ?? []
    let scales = x.optional(position)?.doubles ?? []
    guard region.allSatisfy({ $0.magnitude < 1e6 }) else { throw GraphError("its region is not a part of a picture") }
    func bounds(_ index: Int) -> (begin: Double, end: Double) {
      region.count == 2 * chosen.count ? (region[index], region[index + chosen.count]) : (0, 1)
    }
    if !scales.isEmpty {
      guard scales.count == chosen.count, scales.allSatisfy({ $0 > 1e-6 && $0 < 1e6 }) else {
        throw GraphError("its scales do not fit")
      }
      return try chosen.enumerated().map { index, axis in
        let (begin, end) = bounds(index)
        let size = (Double(shape[axis]) * scales[index] * (region.isEmpty ? 1 : end - begin)).rounded(.down)
        guard size >= 0, size <= Double(x.limit) else { throw GraphError("its scales do not fit") }
        return Axis(old: shape[axis], new: Int(size), scale: scales[index], begin: begin, end: end)
      }
    }
    var sizes = try x.integers(3)
    guard sizes.count == chosen.count, sizes.allSatisfy({ (0...x.limit).contains($0) }) else {
      throw GraphError("its sizes do not fit")
    }
    var factors = zip(sizes, chosen).map { Double($0) / Double(max(shape[$1], 1)) }
    if policy != "stretch" {
      let factor = (policy == "not_larger" ? factors.min() : factors.max()) ?? 1
      factors = factors.map { _ in factor }
      sizes = chosen.map { Int(min((factor * Double(shape[$0])).rounded(.toNearestOrAwayFromZero), Double(x.limit))) }
    }
    return chosen.enumerated().map { index, axis in
      let (begin, end) = bounds(index)
      return Axis(old: shape[axis], new: sizes[index], scale: factors[index], begin: begin, end: end)
    }
  }

  /// Where a new place lies on the old axis.
  private func place(_ new: Int, _ axis: Axis) -> Double {
    let i = Double(new)
    let old = Double(axis.old)
    let count = Double(axis.new)
    switch coordinates {
    case "asymmetric": return i / axis.scale
    case "align_corners":
      // The size before it was rounded.
      let whole = axis.scale * old
      return axis.new == 1 ? 0 : i * (old - 1) / (whole - 1)
    case "tf_half_pixel_for_nn": return (i + 0.5) / axis.scale
    case "pytorch_half_pixel": return axis.new > 1 ? (i + 0.5) / axis.scale - 0.5 : 0
    case "half_pixel_symmetric":
      return old / 2 * (1 - count / (axis.scale * old)) + (i + 0.5) / axis.scale - 0.5
    case "tf_crop_and_resize":
      return axis.new > 1
        ? axis.begin * (old - 1) + i * (axis.end - axis.begin) * (old - 1) / (count - 1)
        : (axis.begin + axis.end) / 2 * (old - 1)
    default: return (i + 0.5) / axis.scale - 0.5
    }
  }

  /// The old places that a new one is made of.
  private func taps(_ new: Int, _ axis: Axis) -> [(place: Int, weight: Double)] {
    let place = place(new, axis)
    let last = Double(axis.old - 1)
    guard mode != "nearest" else {
      let rounded: Double =
        switch nearest {
        case "floor": place.rounded(.down)
        case "ceil": place.rounded(.up)
        case "round_prefer_ceil": (place + 0.5).rounded(.down)
        default: (place - 0.5).rounded(.up)
        }
      return [(Self.inside(rounded, last), 1)]
    }
    let stretch = isAntialiased ? min(axis.scale, 1) : 1
    let reach = (mode == "cubic" ? 2 : 1) / stretch
    let floor = place.rounded(.down)
    let ratio = place - floor
    let first = Int((-reach).rounded(.down)) + 1
    var taps = (first...(1 - first)).map { step -> (place: Double, weight: Double) in
      (floor + Double(step), weight((Double(step) - ratio) * stretch))
    }
    if excludesOutside { for i in taps.indices where !(0...last).contains(taps[i].place) { taps[i].weight = 0 } }
    let total = taps.reduce(0) { $0 + $1.weight }
    let scale = (excludesOutside || isAntialiased) && total != 0 ? 1 / total : 1
    return taps.map { (Self.inside($0.place, last), $0.weight * scale) }
  }

  /// The nearest place that there is; the first for NaN.
  private static func inside(_ place: Double, _ last: Double) -> Int { place > 0 ? Int(min(place, last)) : 0 }

  /// What a neighbor at a distance counts.
  private func weight(_ distance: Double) -> Double {
    let d = distance.magnitude
    guard mode == "cubic" else { return max(0, 1 - d) }
    if d <= 1 { return ((cubic + 2) * d - (cubic + 3)) * d * d + 1 }
    return d < 2 ? ((cubic * d - 5 * cubic) * d + 8 * cubic) * d - 4 * cubic : 0
  }
}
