// SPDX-License-Identifier: Apache-2.0
//
// swiftlet-bench: measures one workload, in turns.
//
//     swiftlet-bench mlp threads=1         one line of JSON for every line of standard input
//     swiftlet-bench mlp times=5           five lines, one after another
//     swiftlet-bench version               OpenBLAS's, and the processor family whose loops it uses
//
// It makes its workload ready, says so, and measures when it is told to. So two programs that are started together
// can be measured in turns, each warm and with its data on hand.

import Foundation
import SwiftletTensors
import Workloads

@main
enum SwiftletBench {
  static func main() {
    do {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      FileHandle.standardError.write(Data("swiftlet-bench: \(error)\n".utf8))
      exit(64)
    }
  }

  private static func run(_ arguments: [String]) throws {
    if arguments == ["version"] { return say("\(OpenBLAS.version) \(OpenBLAS.coreName)") }
    guard let name = arguments.first else { throw UsageError("usage: swiftlet-bench WORKLOAD [NAME=VALUE …]") }
    let options = try Options(arguments.dropFirst())
    var workload = try makeWorkload(name, options)
    let times = options.text("times", default: "") == "" ? nil : try options.count("times", default: 1)
    if let times {
      for _ in 0..<times { say(try workload.measure().json) }
    } else {
      say("ready")
      while readLine() != nil { say(try workload.measure().json) }
    }
  }

  private static func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))  // not kept back, as print would into a pipe
  }
}
