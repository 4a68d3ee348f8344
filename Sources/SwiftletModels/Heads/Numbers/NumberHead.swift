// SPDX-License-Identifier: Apache-2.0
//
// NumberHead: numbers in the unit of their target.
//
// A network learns best from numbers around 0 that differ by about 1, so the targets are standardized by the training
// rows, and the scores are scaled back in 64 bits: seconds since 1970 need more than the 24 bits of a Float.
//
// Shapes    N rows, T targets, as many scores and answers
// Before    Heads/Classes/ClassFit.swift     After    NumberTruth.swift
// Source    Goodfellow, Bengio, Courville (2016), section 6.2.2.1

import SwiftletFormats

/// A target and how the network's scores become its values.
public struct TargetScale: Sendable, Equatable {
  /// The target's name.
  public let name: String
  /// What the network's 0 stands for, in the target's unit: the mean of the training rows.
  public let offset: Double
  /// What a step of 1 in the network's scores stands for: their standard deviation.
  public let factor: Double

  /// A scale: predicted = score · factor + offset.
  public init(name: String, offset: Double = 0, factor: Double = 1) {
    self.name = name
    self.offset = offset
    self.factor = factor
  }

  /// Whether 32 bits are too few for its values: if one Float and the next, four standard deviations from the mean, are
  /// more than a ten-thousandth of a standard deviation apart.
  var isDouble: Bool {
    let farthest = Float(offset.magnitude + 4 * factor.magnitude)
    return !farthest.isFinite || Double(farthest.ulp) > 1e-4 * factor.magnitude
  }
}

/// Numbers for each row, one for each target.
public struct NumberHead: Head {
  public static let task = "regression"
  public static let keepsSpelling = false

  /// T targets with their scales.
  public let targets: [TargetScale]

  /// A head for the given targets, at least one.
  public init(targets: [TargetScale]) { self.targets = targets }

  public var labels: [String] { [] }
  public var targetNames: [String] { targets.map(\.name) }
  public var threshold: Double? {
    get { nil }
    set {}
  }
}

// MARK: From scores to answers

extension NumberHead {
  public var scoreCount: Int { targets.count }

  public var outputs: [OutputSchema] {
    [OutputSchema("prediction", targets.contains(where: \.isDouble) ? .double : .single, width: targets.count)]
  }

  public func finish(_ scores: UnsafeBufferPointer<Float>, into answers: UnsafeMutableBufferPointer<Double>) {
    for (position, scale) in targets.enumerated() {
      for i in stride(from: position, to: scores.count, by: targets.count) {
        answers[i] = Double(scores[i]) * scale.factor + scale.offset
      }
    }
  }

  public func label(of answer: ArraySlice<Double>) -> Int { 0 }

  public func fields(of answer: ArraySlice<Double>) -> [JSONValue.Member] {
    let isDouble = isDouble
    return zip(targets, answer).map { target, value in
      .init(
        targets.count == 1 ? "prediction" : "prediction_\(target.name)",
        .number(isDouble ? value : shortest(Float(value))))
    }
  }
}

// MARK: In a bundle

extension NumberHead {
  public init(model json: JSONValue, file: String) throws {
    let largestNumber = NumberHead.largestNumber
    let targets = try (json["signature"]?["targets"]?.array ?? []).map { scale in
      guard let name = scale["name"]?.string, let offset = scale["offset"]?.number, let factor = scale["factor"]?.number
      else {
        throw FormatError(file, "has a target without name, offset and factor in its signature.")
      }
      guard offset.magnitude <= largestNumber, factor.magnitude <= largestNumber, factor != 0 else {
        throw FormatError(
          file,
          "gives the target \(quoted(name)) an offset or a factor that no training makes: they are numbers up to "
            + "1e100, and the factor is not 0.")
      }
      return TargetScale(name: name, offset: offset, factor: factor)
    }
    guard !targets.isEmpty else { throw FormatError(file, "needs targets in its signature.") }
    self.init(targets: targets)
  }

  public var signature: [JSONValue.Member] {
    let scales: [JSONValue] = targets.map {
      ["name": .string($0.name), "offset": .number($0.offset), "factor": .number($0.factor)]
    }
    return [.init("outputs", ["prediction"]), .init("targets", .array(scales))]
  }
}
