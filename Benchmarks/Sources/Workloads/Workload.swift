// SPDX-License-Identifier: Apache-2.0
//
// Workload: something that takes time, made ready first and measured after.
//
// A workload reads its data when it is made; `measure` then holds nothing but the work. Whoever measures lets the
// first turn pass as a warm-up. The peers' programs in Peers/ are cut in the same place, so that two figures are of the same thing.
//
// Before    -     After    GEMMFloor.swift

import Foundation

/// What one measurement found.
public struct Measurement: Sendable {
  /// How long the work took.
  public var seconds: Double
  /// How long its matrix products alone take, called bare, measured right after it.
  public var bareSeconds: Double?
  /// How much work it was, in `unit`.
  public var count: Double
  public var unit: String
  /// A figure of the result, such as a loss: a peer that does the same work has about the same.
  public var check: Double?

  public init(seconds: Double, bareSeconds: Double? = nil, count: Double, unit: String, check: Double? = nil) {
    (self.seconds, self.bareSeconds, self.count, self.unit, self.check) = (seconds, bareSeconds, count, unit, check)
  }

  /// One object on one line, as the peers print it too.
  public var json: String {
    var members = ["\"seconds\": \(seconds)", "\"count\": \(count)", "\"unit\": \"\(unit)\""]
    if let bareSeconds { members.append("\"bare_seconds\": \(bareSeconds)") }
    if let check { members.append("\"check\": \(check)") }
    return "{" + members.joined(separator: ", ") + "}"
  }
}

/// Work that can be measured again and again.
public protocol Workload {
  /// Makes everything ready that is not part of the work.
  init(_ options: Options) throws
  mutating func measure() throws -> Measurement
}

/// Settings of a workload, given as `name=value`.
public struct Options: Sendable {
  private var values: [String: String] = [:]

  /// - Throws: ``UsageError`` for an argument of another form.
  public init(_ arguments: some Sequence<String>) throws {
    for argument in arguments {
      let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw UsageError("expected NAME=VALUE, found \"\(argument)\".") }
      values[parts[0]] = parts[1]
    }
  }

  public func text(_ name: String, default standard: String) -> String { values[name] ?? standard }

  /// A whole number of at least 1.
  public func count(_ name: String, default standard: Int) throws -> Int {
    guard let text = values[name] else { return standard }
    guard let number = Int(text), number >= 1 else {
      throw UsageError("\(name) must be a whole number of at least 1, found \"\(text)\".")
    }
    return number
  }

  /// A number.
  public func number(_ name: String, default standard: Double) throws -> Double {
    guard let text = values[name] else { return standard }
    guard let number = Double(text), number.isFinite else {
      throw UsageError("\(name) must be a number, found \"\(text)\".")
    }
    return number
  }
}

/// A command line that says nothing that can be done.
public struct UsageError: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

/// How long `work` takes. Never inlined: `Benchmarks/guard` counts the instructions between its entry and its return.
@inline(never)
func seconds(_ work: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  let start = clock.now
  try work()
  let (seconds, attoseconds) = (clock.now - start).components
  return Double(seconds) + Double(attoseconds) * 1e-18
}

/// The number in the middle; of an even count, the mean of the two.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  let middle = sorted.count / 2
  return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}
