// SPDX-License-Identifier: Apache-2.0
//
// How log lines are written: as text for people, or one JSON object a line for machines.
//
// Before    RequestLog.swift     After    PrometheusExporter.swift

import Foundation
import Logging
import SwiftletFormats
import Synchronization

/// Where the lines of a log go. After some were lost, to a full disk or a closed pipe, the first that can be written
/// again says how many.
final class LogOutput: Sendable {
  static let standardError = LogOutput(.standardError)

  private let writer: LineWriter
  /// The number of lines that were lost and that no line has told of.
  private let untold = Atomic<Int>(0)

  init(_ writer: LineWriter) { self.writer = writer }

  /// Writes a line, which is given without its end.
  func write(_ line: String, _ format: LogFormat, time: Date) {
    let lost = untold.exchange(0, ordering: .relaxed)
    var text = line + "\n"
    if lost > 0 {
      let metadata: Logger.Metadata = ["lines": .stringConvertible(lost)]
      text = LineLogHandler.line(format, .warning, "log lines were lost", metadata, time: time) + "\n" + text
    }
    if !writer.write(text) { untold.add(lost + 1, ordering: .relaxed) }
  }
}

/// Writes lines to standard error.
struct LineLogHandler: LogHandler {
  let format: LogFormat
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]

  init(_ format: LogFormat) { self.format = format }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
    let time = Date()
    let line = LineLogHandler.line(format, event.level, "\(event.message)", all, time: time)
    LogOutput.standardError.write(line, format, time: time)
  }

  /// A line without its end.
  static func line(
    _ format: LogFormat, _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata, time: Date
  )
    -> String
  {
    let stamp = time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    let fields = metadata.sorted { $0.key < $1.key }
    switch format {
    case .text:
      let rest = fields.map { " \($0.key)=\(flat($0.value))" }.joined()
      return "\(stamp) \(level.rawValue): \(message)\(rest)"
    case .json:
      let members: [JSONValue.Member] =
        [.init("ts", .string(stamp)), .init("level", .string(level.rawValue)), .init("msg", .string(message))]
        + fields.map { .init($0.key, json($0.value)) }
      return JSONValue.object(members).encoded()
    }
  }

  /// A value that cannot break its line.
  private static func flat(_ value: Logger.Metadata.Value) -> String {
    let text = "\(value)"
    return text.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != 0x7F } && !text.isEmpty
      ? text : JSONValue.string(text).encoded()
  }

  private static func json(_ value: Logger.Metadata.Value) -> JSONValue {
    if case .stringConvertible(let number) = value, let number = Double("\(number)") { return .number(number) }
    return .string("\(value)")
  }
}
