// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletTestSupport
import Testing

/// What cannot be answered, learned or afforded is said, and nothing is lost for it.
@Suite("Doubtful data, and too little memory", .serialized)
struct DoubtfulDataTests {
  private static let exam = """
    printf 'hours,slept,passed\\n1,8,no\\n2,5,no\\n3,7,no\\n4,6,yes\\n6,8,yes\\n7,7,yes\\n8,4,yes\\n2,7,no\\n5,8,yes\\n1,6,no\\n' >exam.csv
    train() { $S train "$@" --target passed --model logistic --quiet >/dev/null 2>&1; }
    train exam.csv --output m

    """

  @Test("an address space too small for OpenBLAS ends with a sentence")
  func addressSpace() throws {
    let result = try Program.shell("ulimit -v 400000 && timeout 20 $S evaluate $P/Models/iris")
    #expect(
      result.code == 70 && result.errors.contains("the limit on address space (ulimit -v 400000)"),
      "\(result)")
  }

  #if os(Linux)
    @Test("no limit on address space makes the program hang, not even while it is loaded", .endsWhenStuck)
    func everyAddressSpace() throws {
      for limit in stride(from: 60_000, through: 560_000, by: 20_000) {
        let result = try Program.shell(
          "ulimit -v \(limit); ulimit -c 0; timeout 20 $S evaluate $P/Models/iris")
        // Below what its libraries take, the loader speaks; where there is enough, the model.
        let isLoader = result.code == 127 && result.errors.contains("error while loading shared libraries")
        let isEnough = result.code == 0 && result.output.contains("accuracy")
        let isSentence = result.errors.contains("the limit on address space (ulimit -v \(limit))")
        #expect(isLoader || isEnough || result.code == 70 && isSentence, "\(limit): \(result)")
      }
    }
  #endif

  @Test(
    "evaluate refuses the numbers that predict refuses, with their row, and only in the rows that it measures"
  )
  func absurdNumbers() throws {
    let result = try Program.shell(
      Self.exam + """
        printf 'hours,slept,passed\n1,8,no\n2,1e300,yes\n3,1e300,\n' >far.csv
        $S evaluate m --data far.csv; $S predict m --data far.csv >/dev/null
        sed '3d' far.csv >near.csv; $S evaluate m --data near.csv --json | grep -o '"rows": 1'
        """)
    let lines = result.errors.split(separator: "\n")
    #expect(
      lines.count >= 2 && lines[0] == lines[1]
        && lines[0].contains("at row 2 for \"slept\" is too far"), "\(result)")
    #expect(result.output.hasSuffix("\"rows\": 1\n"), "\(result)")
  }

  @Test("inspect says what training would stop at, with the setting, and which words are missing")
  func doubts() throws {
    let result = try Program.shell(
      """
      (echo a,b,c,y; for i in $(seq 60); do echo "$i.5,$((i % 3)),None,$((i % 2))"; done; echo 'oops,1,red,1') >t.csv
      $S inspect t.csv; $S inspect t.csv --json | grep -o '"doubt": "[^"]*'; $S train t.csv --target y --output m 2>&1
      """)
    let sentence = "60 of 61 cells of \"a\" are numbers, and 1 is not: line 62 holds \"oops\"."
    #expect(
      result.output.contains("Training would stop, unless it is told what to do: \(sentence)"),
      "\(result)")
    #expect(
      result.output.contains("swiftlet: \(sentence)") && result.output.contains("\"doubt\": \""),
      "\(result)")
    #expect(result.output.contains("60 (None 60)"), "\(result)")
  }

  @Test("a picture is not drawn over the data that a model is measured on")
  func plotOverData() throws {
    let result = try Program.shell(
      Self.exam + "cp exam.csv old; $S evaluate m --plot exam.csv; cmp exam.csv old && exit 73")
    #expect(result.code == 73 && result.errors.contains("so it is not overwritten"), "\(result)")
  }

  @Test(
    "a target of texts of which every row has its own is no set of classes, unless that is said")
  func textTarget() throws {
    let result = try Program.shell(
      """
      (echo a,y,z; for i in $(seq 60); do echo "$i,$i.5 kg,name $i"; done) >t.csv
      $S train t.csv --target y --set 'features.exclude=[z]' --output m; $S train t.csv --target z --output m
      """)
    #expect(
      result.errors.contains("holds 60 distinct texts in 60 rows, such as \"1.5 kg\""), "\(result)")
    #expect(result.errors.contains("such as \"name 1\". If it is a number"), "\(result)")
  }
}
