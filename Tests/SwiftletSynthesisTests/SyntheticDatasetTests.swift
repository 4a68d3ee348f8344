// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletSynthesis
import SwiftletTables
import Testing

@Suite("Synthetic data sets")
struct SyntheticDatasetTests {
  private static let datasets = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Datasets/"

  private func table(_ name: String, seed: UInt64? = nil, rows: Int? = nil) throws -> Table {
    let dataset = try #require(SyntheticDataset.all.first { $0.name == name })
    let file = try #require(try dataset.files(seed: seed, rows: rows).first { $0.name.hasSuffix(".csv") })
    return try TableReader().readCSV(.memory(file.bytes, name: file.name))
  }

  @Test("with the default seed the data are the very bytes that ship", arguments: SyntheticDataset.all.map(\.name))
  func shipped(name: String) throws {
    let dataset = try #require(SyntheticDataset.all.first { $0.name == name })
    let files = try dataset.files()
    #expect(files.contains { $0.name == "dataset.yaml" } && files.contains { $0.name == "recipe.yaml" })
    for (file, bytes) in files {
      let path = "\(Self.datasets)\(name)/\(file)"
      // Another zlib may pack in another way: what is packed must be the same.
      let shipped = try ByteSource.file(path).readAll()
      #expect(try ByteSource.memory(bytes, name: file).readAll() == shipped, "\(name)/\(file)")
    }
  }

  @Test("packed by the zlib of the recording, the pictures are the very bytes too")
  func packed() throws {
    let lane = try #require(SyntheticDataset.all.first { $0.name == "lane-camera" })
    for (file, bytes) in try lane.files() where file.hasSuffix(".gz") {
      #expect(
        try ByteSource.memory(bytes, name: file).sha256()
          == ByteSource.file("\(Self.datasets)lane-camera/\(file)").sha256())
    }
  }

  @Test(
    "another seed gives other rows of the same kind, and its description fits",
    arguments: SyntheticDataset.all.map(\.name))
  func otherSeed(name: String) throws {
    let dataset = try #require(SyntheticDataset.all.first { $0.name == name })
    let files = try dataset.files(seed: .max, rows: 200)
    let shipped = try dataset.files(rows: 200)
    #expect(files[0].bytes != shipped[0].bytes)
    #expect(try dataset.files(seed: .max, rows: 200).map(\.bytes) == files.map(\.bytes))
    let yaml = try #require(files.first { $0.name == "dataset.yaml" })
    let document = try YAML.parse(String(decoding: yaml.bytes, as: UTF8.self), name: "dataset.yaml")
    for (file, bytes) in files where !["dataset.yaml", "recipe.yaml", "README.md"].contains(file) {
      #expect(try document.value["sha256"]?[file]?.string == ByteSource.memory(bytes, name: file).sha256())
    }
    let lines = files.filter { $0.name.hasSuffix(".csv") }.map { $0.bytes.count { $0 == 0x0A } - 1 }
    let rows = document.value["rows"]
    #expect(
      lines == (rows?.integer.map { [$0] } ?? [rows?["train"]?.integer, rows?["test"]?.integer].compactMap { $0 }))
  }

  @Test(
    "more rows begin with the rows of fewer, where rows do not depend on each other",
    arguments: ["moons", "arm", "shop-sessions"])
  func growing(name: String) throws {
    let (few, many) = (try table(name, rows: 50), try table(name, rows: 80))
    #expect(many.selecting(rows: (0..<50).map { Int32($0) }) == few)
  }

  @Test("about one payment in seventy is a theft, and the last are for test", arguments: 1..<5)
  func fraud(seed: UInt64) throws {
    let payments = try table("card-fraud", seed: seed, rows: 8000)
    guard case .numbers(let frauds) = try payments.column("fraud", for: "test").values,
      case .numbers(let times) = try payments.column("time_s", for: "test").values
    else { return #expect(Bool(false)) }
    let share = frauds.reduce(0, +) / Double(frauds.count)
    #expect(share > 0.004 && share < 0.035)
    #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
    let splits = (0..<payments.rowCount).map { payments["split"]?.text(at: $0) }
    #expect(splits.first == "train" && splits.last == "test")
    #expect(splits.drop { $0 == "train" }.allSatisfy { $0 == "test" })
  }

  @Test("the hand is where the angles lead, within the noise")
  func arm() throws {
    let arm = try table("arm", seed: 3, rows: 100)
    func number(_ name: String, _ row: Int) -> Double { Double(arm[name]?.text(at: row) ?? "") ?? .nan }
    for row in 0..<100 {
      let (a, b) = (number("shoulder_rad", row), number("elbow_rad", row))
      #expect(abs(number("x_m", row) - (0.4 * cos(a) + 0.3 * cos(a + b))) < 0.006)
    }
  }

  @Test("rows out of bounds are refused", arguments: [0, -1, 19, 1_000_001, .max, .min])
  func bounds(rows: Int) throws {
    #expect(throws: FormatError.self) { try SyntheticDataset.all[0].files(rows: rows) }
  }
}
