// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import SwiftletFormats
import Testing

@testable import SwiftletTracking

/// Lists that are damaged, foreign or incomplete, and made again.
@Suite("Rebuilding the list of runs")
struct RebuildingTests {
  @Test("a list without its tables says how it is made again; one that is newer or foreign is not about output")
  func halfWritten() throws {
    try withFolder { folder in
      let half = try DatabaseQueue(path: folder + "/half.sqlite")
      try half.write { try $0.execute(sql: "CREATE TABLE tag (x); PRAGMA user_version = \(RunsSchema.version)") }
      try half.close()
      let error = #expect(throws: FormatError.self) { try RunsDatabase(at: folder + "/half.sqlite").runs() }
      #expect("\(try #require(error))".contains("Move it away, and `swiftlet runs rebuild` makes it again"))
      let newer = try DatabaseQueue(path: folder + "/newer.sqlite")
      try newer.write { try $0.execute(sql: "PRAGMA user_version = 99") }
      try newer.close()
      let refused = #expect(throws: FormatError.self) { try RunsDatabase.rebuild(folder + "/newer.sqlite") }
      #expect(refused?.isAboutOutput == false && refused?.isMissingInput == false)
      let unwritable = #expect(throws: FormatError.self) { try RunsDatabase.rebuild("/proc/nowhere/runs.sqlite") }
      #expect(unwritable?.isAboutOutput == true)
    }
  }

  @Test("a file that is no database by its beginning or its name is never put aside, and rebuilding it is not advised")
  func foreignFiles() throws {
    try withFolder { folder in
      let header = Data("SQLite format 3\0".utf8)
      for (name, content, isPutAside) in [
        ("data.csv", Data("a,b\n1,2\n".utf8), false), ("page.html", Data("<html>".utf8), false),
        ("short", Data("SQLite".utf8), false), ("list", header + Data("damaged".utf8), true),
        ("runs.SQLITE", Data("damaged".utf8), true), ("runs.db", Data("damaged".utf8), true),
      ] {
        let path = folder + "/" + name
        try content.write(to: URL(fileURLWithPath: path))
        let opened = #expect(throws: FormatError.self) { try RunsDatabase(at: path) }
        #expect("\(try #require(opened))".contains("rebuild") == isPutAside, "\(name)")
        if isPutAside {
          #expect(try RunsDatabase.rebuild(path).damaged == path + ".damaged-1", "\(name)")
        } else {
          let refused = #expect(throws: FormatError.self) { try RunsDatabase.rebuild(path) }
          #expect("\(try #require(refused))".contains("--runs FILE"), "\(name)")
          #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == content)
          #expect(!FileManager.default.fileExists(atPath: path + ".damaged-1"))
        }
      }
    }
  }

  @Test("the list is made again from the models, once, and a damaged one is put aside")
  func rebuild() throws {
    try withFolder { folder in
      try FileManager.default.copyItem(atPath: modelsFolder + "digits", toPath: folder + "/digits")
      try FileManager.default.createDirectory(atPath: folder + "/broken", withIntermediateDirectories: true)
      try Data("{}".utf8).write(to: URL(fileURLWithPath: folder + "/broken/model.json"))
      let path = folder + "/runs.sqlite"
      try Data("no database".utf8).write(to: URL(fileURLWithPath: path))
      let first = try RunsDatabase.rebuild(path)
      #expect(first.entered == [folder + "/digits"] && first.damaged == path + ".damaged-1")
      #expect(first.warnings.count == 1 && first.warnings[0].contains("broken"))
      #expect(try RunsDatabase.rebuild(path).entered.isEmpty)
      let database = try RunsDatabase(at: path)
      let run = try database.run("digits")
      #expect(run.state == .completed && run.headline == "accuracy" && (run.score ?? 0) > 0.9)
      let details = try database.details(of: run)
      #expect(details.points.filter { $0.name == "validation_accuracy" }.count == 44)
      #expect(details.points.first { $0.name == "train_loss" }?.value == 1.40624)
      #expect(details.settings.contains(SettingText("training.epochs", "60")))
      #expect(details.metrics.contains { $0.split == "test" && $0.name == "roc_auc" })
    }
  }
}
