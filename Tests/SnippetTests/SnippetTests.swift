// SPDX-License-Identifier: Apache-2.0
//
// The snippets and their solutions print what stands in Snippets/Expected.
//
// Numbers that were trained depend on the processor's GEMM kernel in their last digits, and a few hundred steps make
// more of that. So every character is compared where the kernel is the one of the recording, and elsewhere the words.
// To record anew:  RECORD_SNIPPETS=1 swift test --filter SnippetTests, then look at the difference.

import Foundation
import SwiftletTensors
import Testing

@Suite("Snippets", .serialized)
struct SnippetTests {
  private static let folder =
    #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Snippets"
  /// Beside the tests' own bundle stand the programs that were built with it.
  private static let programs: URL = {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: bundle).deletingLastPathComponent()
  }()
  private static let kernel = "\(OpenBLAS.version) \(OpenBLAS.coreName), \(OpenBLAS.processorCount) processors\n"

  static let names: [String] = {
    let files = FileManager.default
    let snippets = (try? files.contentsOfDirectory(atPath: folder)) ?? []
    let solutions = (try? files.contentsOfDirectory(atPath: folder + "/Solutions")) ?? []
    return (snippets + solutions).filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) }.sorted()
  }()

  @Test("there are as many solutions as snippets, in their order")
  func pairs() {
    let snippets = Self.names.filter { !$0.hasPrefix("solutions-") }
    #expect(!snippets.isEmpty)
    #expect(Self.names.filter { $0.hasPrefix("solutions-") } == snippets.map { "solutions-\($0.prefix(2))" })
  }

  @Test("a snippet fits on a screen, says what it teaches, and ends with exercises", arguments: names)
  func form(name: String) throws {
    guard !name.hasPrefix("solutions-") else { return }
    let text = try String(contentsOfFile: "\(Self.folder)/\(name).swift", encoding: .utf8)
    #expect(text.count { $0 == "\n" } <= 60)
    for part in ["You will learn", "It prints        Snippets/Expected/\(name).txt", "Try changing", "// Exercises"] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(text.hasSuffix("// Solutions/solutions-\(name.prefix(2)).swift\n"))
  }

  @Test("print what is expected", .timeLimit(.minutes(2)), arguments: names)
  func output(name: String) throws {
    let (printed, seconds) = try run(name)
    #if !DEBUG
      #expect(seconds < 10)
    #endif
    let (file, recording) = ("\(Self.folder)/Expected/\(name).txt", "\(Self.folder)/Expected/recorded-with.txt")
    if ProcessInfo.processInfo.environment["RECORD_SNIPPETS"] != nil {
      try printed.write(toFile: file, atomically: true, encoding: .utf8)
      try Self.kernel.write(toFile: recording, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOfFile: file, encoding: .utf8)
    let isSameKernel = try String(contentsOfFile: recording, encoding: .utf8) == Self.kernel
    #expect(isSameKernel ? printed == expected : words(printed) == words(expected), "\(printed)")
  }

  @Test("of two texts that differ in a word the words differ, and in a digit they do not")
  func comparison() {
    #expect(words("loss 0.25 of [[1. 12.]]") == words("loss 0.3 of [[ 3.  8.]]"))
    #expect(words("loss 0.25") != words("cost 0.25"))
    #expect(words("1 row") != words("1 row more"))
  }

  private func run(_ name: String) throws -> (printed: String, seconds: Double) {
    let process = Process()
    process.executableURL = Self.programs.appendingPathComponent(name)
    process.currentDirectoryURL = URL(fileURLWithPath: Self.folder).deletingLastPathComponent()
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
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
