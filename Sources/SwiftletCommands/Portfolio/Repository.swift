// SPDX-License-Identifier: Apache-2.0
//
// The first commit of a portfolio, for `--git`.
//
// Before    Refreshing.swift     After    StoryQuestions.swift

import Foundation

/// A folder that becomes a repository of git.
struct Repository {
  private let place: String

  init(_ place: String) { self.place = place }

  /// Makes it a repository, unless it is one, and commits what is there.
  ///
  /// - Throws: ``OutputError`` with what git says.
  func commit() throws {
    if !FileManager.default.fileExists(atPath: place + "/.git") {
      try git("init", "--quiet", "--initial-branch", "main")
    }
    try git("add", "--all")
    try git("commit", "--quiet", "--message", "A portfolio, made by swiftlet new")
  }

  private func git(_ words: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", place] + words
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = errors
    do { try process.run() } catch {
      throw OutputError(message: "git cannot be started: \(error.localizedDescription)")
    }
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw OutputError(message: "The portfolio is written, and git \(words[0]) failed: \(said.prefix(400))")
    }
  }
}
