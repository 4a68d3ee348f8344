// SPDX-License-Identifier: Apache-2.0
//
// The lessons and their solutions print what stands in Course/Expected.
//
// Numbers that were trained depend on the processor's GEMM kernel in their last digits, and a few hundred steps make
// more of that. So every character is compared where the kernel is the one of the recording, and elsewhere the words.
// To record anew:  RECORD_COURSE=1 swift test --package-path Course, then look at the difference.

import Foundation
import SwiftletTensors
import Testing

@Suite("The course", .serialized)
struct CourseTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  /// Beside the tests' own bundle stand the programs that were built with it.
  private static let programs: URL = {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: bundle).deletingLastPathComponent()
  }()
  private static let kernel = "\(OpenBLAS.version) \(OpenBLAS.coreName), \(OpenBLAS.processorCount) processors\n"

  static let lessons = names(in: "Lessons")
  static let solutions = names(in: "Solutions")

  @Test("there are as many solutions as lessons, in their order")
  func pairs() {
    #expect(!Self.lessons.isEmpty)
    #expect(Self.solutions == Self.lessons.map { "solutions-\($0.prefix(2))" })
  }

  @Test("a lesson fits on a screen, says what it teaches, and ends with exercises", arguments: lessons)
  func form(name: String) throws {
    let text = try Self.text("Lessons/\(name).swift")
    #expect(text.count { $0 == "\n" } <= 60)
    for part in ["You will learn", "It prints        Course/Expected/\(name).txt", "Try changing", "// Exercises"] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(text.hasSuffix("// Solutions/solutions-\(name.prefix(2)).swift\n"))
  }

  @Test("print what is expected", .timeLimit(.minutes(30)), arguments: lessons + solutions)
  func output(name: String) throws {
    let (printed, seconds) = try run(name)
    #if !DEBUG
      #expect(seconds < 10)
    #endif
    let recording = Self.folder.appendingPathComponent("Expected/recorded-with.txt")
    if ProcessInfo.processInfo.environment["RECORD_COURSE"] != nil {
      let file = Self.folder.appendingPathComponent("Expected/\(name).txt")
      try printed.write(to: file, atomically: true, encoding: .utf8)
      try Self.kernel.write(to: recording, atomically: true, encoding: .utf8)
    }
    let expected = try Self.text("Expected/\(name).txt")
    let isSameKernel = try String(contentsOf: recording, encoding: .utf8) == Self.kernel
    #expect(isSameKernel ? printed == expected : words(printed) == words(expected), "\(printed)")
  }

  @Test("of two texts that differ in a word the words differ, and in a digit they do not")
  func comparison() {
    #expect(words("loss 0.25 of [[1. 12.]]") == words("loss 0.3 of [[ 3.  8.]]"))
    #expect(words("loss 0.25") != words("cost 0.25"))
    #expect(words("1 row") != words("1 row more"))
  }

  private static func names(in part: String) -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(part).path)) ?? []
    return files.filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) }.sorted()
  }

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }

  /// Runs a program in the project's folder, where the data sets are.
  private func run(_ name: String) throws -> (printed: String, seconds: Double) {
    let process = Process()
    process.executableURL = Self.programs.appendingPathComponent(name)
    process.currentDirectoryURL = Self.folder.deletingLastPathComponent()
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    let start = ContinuousClock.now
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return (String(decoding: printed, as: UTF8.self), (ContinuousClock.now - start) / .seconds(1))
  }

  /// The words of a text, without its numbers and drawings.
  private func words(_ text: String) -> [String] {
    text.split { !$0.isLetter }.map(String.init)
  }
}
