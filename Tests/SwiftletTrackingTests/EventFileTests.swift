// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTraining
import Synchronization
import Testing

@testable import SwiftletTracking

@Suite("Files for TensorBoard")
struct EventFileTests {
  /// The only file of events in a folder and those below it.
  private func file(in folder: String) throws -> (path: String, bytes: [UInt8]) {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    let found = names.filter { $0.contains("events.out.tfevents") }
    try #require(found.count == 1)
    return (found[0], Array(try #require(FileManager.default.contents(atPath: folder + "/" + found[0]))))
  }

  @Test("have the check sums of RFC 3720, appendix B.4")
  func checkSums() {
    #expect(CRC32C.sum("123456789".utf8) == 0xE306_9283)
    #expect(CRC32C.sum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.sum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.sum(0..<32) == 0x46DD_794E)
    #expect(CRC32C.sum([]) == 0 && CRC32C.masked([]) == 0xA282_EAD8)
  }

  // The bytes come from a writer in Python of its own, and TensorBoard reads them: Tests/Conformance/test_tensorboard.py.
  private static let golden =
    "GAAAAAAAAACjf0siCQAAAPC6SdpBGg1icmFpbi5FdmVudDoyU5cWOd0AAAAAAAAAYgNz3gkAAADwuknaQSrRAQrOAQoUX2hwYXJhbXNfL2V4cGVyaW1l"
    + "bnRKtQEKsgEKB2hwYXJhbXMSpgESowEiGgoWdHJhaW5pbmcubGVhcm5pbmdfcmF0ZSADIhQKEHRyYWluaW5nLnNodWZmbGUgAiIQCgxtb2RlbC5o"
    + "aWRkZW4gASoOCgwSCmxvc3MvdHJhaW4qEwoREg9sb3NzL3ZhbGlkYXRpb24qHgocEhpyZXN1bHQvdmFsaWRhdGlvbl9hY2N1cmFjeSoYChYSFHJl"
    + "c3VsdC90ZXN0X2FjY3VyYWN56TFegqAAAAAAAAAAKlVyJQkAAADwuknaQSqUAQqRAQocX2hwYXJhbXNfL3Nlc3Npb25fc3RhcnRfaW5mb0pxCm8KB2"
    + "hwYXJhbXMSZBpiCiMKFnRyYWluaW5nLmxlYXJuaW5nX3JhdGUSCRH8qfHSTWJQPwoWChB0cmFpbmluZy5zaHVmZmxlEgIgAQoaCgxtb2RlbC5oaWRk"
    + "ZW4SChoIWzY0LCAzMl0pAAAA8LpJ2kFUbQFwagAAAAAAAACvge1nCQAAQPC6SdpBEAEqXQoRCgpsb3NzL3RyYWluFQAAAD8KFgoPbG9zcy92YWxpZGF"
    + "0aW9uFQAAwH8KGgoTYWNjdXJhY3kvdmFsaWRhdGlvbhUAAAA/ChQKDWxlYXJuaW5nX3JhdGUVAACAPrtCthcqAAAAAAAAAK6NkfUJAABA8LpJ2kEQAS"
    + "odChsKFHJlc3VsdC90ZXN0X2FjY3VyYWN5FWZmZj+/eXXeRQAAAAAAAADr5miwCQAAgPC6SdpBKjoKOAoaX2hwYXJhbXNfL3Nlc3Npb25fZW5kX2luZ"
    + "m9KGgoYCgdocGFyYW1zEg0iCwgBEQAAgPC6SdpBWLGCCw=="

  @Test("are the same bytes at the same times")
  func goldenBytes() throws {
    try withFolder { folder in
      let time = Mutex(1_764_158_400.0)
      let log = RunLog(to: [.tensorBoard(folder)], clock: { time.withLock { $0 } })
      var description = RunDescription.sample()
      description.recipe = [
        "training": ["learning_rate": 0.001, "shuffle": true, "weight": .null], "model": ["hidden": [64, 32]],
      ]
      let run = log.begin(description)
      time.withLock { $0 += 1 }
      run.saw(
        .epochEnded(
          EpochFigures(
            epoch: 1, trainLoss: 0.5, validationLoss: .nan, validationMetric: Metric("accuracy", 0.5),
            learningRate: 0.25)))
      run.add([RunMetric(split: "test", name: "accuracy", value: 0.9)])
      time.withLock { $0 += 1 }
      run.end(RunEnd(.completed))
      #expect(log.finish().isEmpty)
      let (path, bytes) = try file(in: folder)
      #expect(path == "iris-\(run.id)/events.out.tfevents.1764158400.\(ProcessIdentity.machine)")
      #expect(Data(bytes).base64EncodedString() == EventFileTests.golden)
    }
  }

  @Test("are whole records while a run goes on, and a trial stands in the folder of its study")
  func growing() throws {
    try withFolder { folder in
      let log = RunLog(to: [.tensorBoard(folder)])
      let study = log.begin(.sample("a/study"))
      let trial = log.begin(.sample("trial-1", parent: study.id))
      for step in 1...200 { trial.add([RunPoint(name: "train_loss", step: step, value: 1, time: Double(step))]) }
      trial.end(RunEnd(.failed, error: "diverged"))
      study.end(RunEnd(.completed))
      #expect(log.finish().isEmpty)
      let place = folder + "/a_study-\(study.id)/trial-1-\(trial.id)"
      let bytes = try file(in: place).bytes
      var (records, rest) = (0, bytes[...])
      while !rest.isEmpty {
        let length = Array(rest.prefix(8))
        let count = length.reversed().reduce(0) { $0 << 8 | Int($1) }
        let sums = [(length[...], 8), (rest.dropFirst(12).prefix(count), 12 + count)]
        for (covered, place) in sums {
          let stored = rest.dropFirst(place).prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
          #expect(stored == CRC32C.masked(covered))
        }
        rest = rest.dropFirst(16 + count)
        records += 1
      }
      #expect(records == 3 + 200 + 1)
    }
  }

  @Test("that cannot be written are a warning, and the list is written nevertheless")
  func notWritable() throws {
    try withFolder { folder in
      try Data().write(to: URL(fileURLWithPath: folder + "/file"))
      let log = RunLog(to: [.tensorBoard(folder + "/file"), .list(folder + "/runs.sqlite")])
      let run = log.begin(.sample())
      run.end(RunEnd(.completed))
      let warnings = log.finish()
      #expect(warnings.count == 1)
      #expect(warnings.first?.hasPrefix("This run is not in \(folder)/file as a whole: ") == true)
      #expect(try RunsDatabase(at: folder + "/runs.sqlite").run("latest").state == .completed)
    }
  }

  @Test("of a run that goes on within the same second do not overwrite the first")
  func resumed() throws {
    try withFolder { folder in
      for _ in 0..<2 {
        let log = RunLog(to: [.tensorBoard(folder)], clock: { 5 })
        log.begin(.sample(), id: "0000000000000001").end(RunEnd(.completed))
        #expect(log.finish().isEmpty)
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/iris-0000000000000001").sorted()
      #expect(names.count == 2 && names[1] == names[0] + ".1")
    }
  }
}
