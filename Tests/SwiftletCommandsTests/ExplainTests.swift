// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import Testing

/// `swiftlet explain`, and `evaluate --worst`, as processes.
@Suite("Explaining on the command line")
struct ExplainTests {
  private func json(_ text: String) throws -> JSONValue { try JSONValue.parse(Array(text.utf8)[...], name: "output") }

  @Test("a model of the data folder: importances, wrong rows with neighbors, and the same in evaluate --worst")
  func wholeWay() throws {
    let done = try Program.shell(
      """
      "$S" train "$P/Datasets/penguins" --output m --quiet --no-track >/dev/null
      "$S" explain m --top 3 && "$S" explain m --json --top 3 >explained.json && cat explained.json
      """)
    #expect(done.code == 0, "\(done.errors)")
    #expect(done.output.hasPrefix("m on "))
    #expect(done.output.contains("Which columns it needs: what log_loss, now "))
    #expect(done.output.contains("The 3 rows with the largest loss: "))
    #expect(done.output.contains("nearest training rows: "))
    let object = try json(String(try #require(done.output.split(separator: "\n").last)))
    #expect(object["split"]?.string == "test")
    let columns = try #require(object["importance"]?["columns"]?.array)
    #expect(columns.count > 3)
    #expect(columns.allSatisfy { $0["values"]?.array?.count == 10 })
    let worst = try #require(object["wrong"]?["worst"]?.array)
    #expect(worst.count == 3)
    #expect(worst.allSatisfy { $0["neighbors"]?.array?.count == 5 && $0["values"]?.members?.isEmpty == false })
  }

  @Test("evaluate --worst shows the same rows, on the split that was asked for")
  func worst() throws {
    let done = try Program.shell(
      """
      "$S" train "$P/Datasets/iris" --output m --quiet --no-track >/dev/null 2>&1
      "$S" evaluate m --split train --worst 2 --json
      "$S" explain m --split train --top 2 --part wrong --json
      "$S" evaluate m --json
      """)
    #expect(done.code == 0, "\(done.errors)")
    let lines = done.output.split(separator: "\n").map(String.init)
    let worst = try json(lines[0])["worst"]
    #expect(worst?.array?.count == 2)
    #expect(try json(lines[1])["wrong"]?["worst"] == worst)
    #expect(try json(lines[2])["worst"] == nil)
  }

  @Test("numbers, ratings and pictures: what does not apply is a sentence, and an error only where it was asked for")
  func kinds() throws {
    let done = try Program.shell(
      """
      set -e
      "$S" train "$P/Datasets/fashion-mini" --model logistic --epochs 1 --output p --quiet --no-track >/dev/null
      "$S" train "$P/Datasets/ratings" --epochs 1 --output r --quiet --no-track >/dev/null
      "$S" train "$P/Datasets/concrete" --model linear --output n --quiet --no-track >/dev/null
      "$S" explain p --top 1 | head -c 2000; "$S" explain r --top 1 >r.txt; "$S" explain n --top 1 >n.txt
      cat r.txt n.txt; "$S" explain p --part importance || echo "exit $?"
      """)
    #expect(done.output.contains("importance: A row of this model is one picture"))
    #expect(done.output.contains("what rmse, now "))
    #expect(done.output.hasSuffix("exit 65\n"))
    #expect(done.errors.contains("no columns that could be shuffled"))
  }

  @Test("wrong flags, changed data and data without a target end with a sentence and the right code")
  func refusals() throws {
    let done = try Program.shell(
      """
      cut -d, -f1-5 "$P/Datasets/iris/iris.csv" >d.csv
      "$S" train d.csv --target species --output m --quiet --no-track >/dev/null 2>&1
      for flags in "--part importence" "--top 0" "--split tets"; do "$S" explain m $flags 2>&1 | head -1; done
      "$S" explain nothing; echo "exit $?"
      head -60 d.csv >e.csv; "$S" explain m --data e.csv --top 1 >/dev/null; echo "exit $?"
      "$S" explain m --data e.csv --split test; echo "exit $?"
      cut -d, -f1,2 d.csv >f.csv; "$S" explain m --data f.csv; echo "exit $?"
      sed s/setosa/hybrid/ d.csv >g.csv; "$S" explain m --data g.csv --split all --part wrong --top 1
      "$S" explain m | head -1
      rm d.csv; "$S" explain m; echo "exit $?"
      """)
    #expect(done.output.contains("Error: There is no part \"importence\". Did you mean \"importance\"?"))
    #expect(done.output.contains("Error: --top is from 1 to 1000, not 0."))
    #expect(done.output.contains("Error: --split is test, validation, train or all, not \"tets\"."))
    let codes = done.output.split(separator: "\n").filter { $0.hasPrefix("exit ") }.joined(separator: ", ")
    #expect(codes == "exit 66, exit 0, exit 65, exit 65, exit 66")
    #expect(done.output.contains("m on all 100 rows"))  // those with a label that the model knows
    #expect(done.errors.contains("Run explain in the folder of the training"))
  }

  @Test("calibration, slices, dependence and groups: text, JSON and pictures that name the columns")
  func everyPart() throws {
    let done = try Program.shell(
      """
      "$S" train "$P/Datasets/german-credit" --output m --quiet --no-track >/dev/null
      "$S" explain m --top 2 --by foreign_worker --plots pictures && ls pictures
      "$S" explain m --top 2 --by foreign_worker --json
      "$S" explain m --by nothing; echo "exit $?"
      touch file; "$S" explain m --part calibration --plots file; echo "exit $?"
      "$S" explain m --part groups; echo "exit $?"
      """)
    for title in [
      "Whether its probabilities are true, of: bad", "Where it is worse than elsewhere",
      "How its answers go with a column: the mean probability", "How it treats the groups of \"foreign_worker\"",
    ] {
      #expect(done.output.contains(title))
    }
    #expect(done.output.contains("calibration.svg\ndependence-1.svg\ndependence-2.svg\nimportance.svg\n"))
    let line = try #require(done.output.split(separator: "\n").first { $0.hasPrefix("{") })
    let object = try json(String(line))
    #expect(object["calibration"]?["bins"]?.array?.count == 15)
    #expect(object["slices"]?["tested"]?.integer ?? 0 > 100)
    #expect(object["dependence"]?.array?.count == 20)
    #expect(object["groups"]?.array?.first?["groups"]?.array?.count == 2)
    #expect(object["rows"] == .number(200))
    let codes = done.output.split(separator: "\n").filter { $0.hasPrefix("exit ") }.joined(separator: ", ")
    #expect(codes == "exit 65, exit 73, exit 65")
    #expect(done.errors.contains("There is no column \"nothing\" for --by."))
  }

  @Test("--calibrate: a model that is too sure is saved with its temperature, answers the same labels, and says so")
  func calibrate() throws {
    let done = try Program.shell(
      """
      "$S" train "$P/Datasets/german-credit" --set training.l2=0.001 --set split.validation=0.7 --output m --quiet \
        --no-track >/dev/null 2>&1
      "$S" explain m --calibrate cool && "$S" explain m --calibrate cool; echo "exit $?"
      for model in m cool; do "$S" predict $model --data "$P/Datasets/german-credit" | cut -d, -f1 | cksum; done
      for model in m cool; do "$S" evaluate $model --split validation --json; done
      tail -3 cool/README.md
      grep '^| log_loss' cool/README.md; grep -o '"log_loss", "value": [0-9.]*' cool/README.md; grep calibrate cool/README.md
      "$S" evaluate cool --json
      "$S" train "$P/Datasets/german-credit" --output few --quiet --no-track >/dev/null
      "$S" explain few --calibrate never; ls -d never 2>/dev/null
      "$S" train "$P/Datasets/iris" --set split.validation=0 --output none --quiet --no-track >/dev/null 2>&1
      "$S" explain none --calibrate never; echo "exit $?"
      "$S" explain m --calibrate never --split test 2>&1 | head -1
      """)
    let lines = done.output.split(separator: "\n").map(String.init)
    #expect(done.output.contains("It lowers the log loss of rows that did not fit it, from "))
    #expect(done.output.contains("Saved cool."))
    #expect(done.errors.contains("exists already. Use --force"))
    let sums = lines.filter { $0.split(separator: " ").count == 2 && Int($0.split(separator: " ")[0]) != nil }
    #expect(sums.count == 2 && sums[0] == sums[1])
    let losses = try lines.filter { $0.hasPrefix("{") }.map { try json($0)["metrics"]?["log_loss"]?.number ?? 0 }
    #expect(losses.count == 3 && losses[1] < losses[0])
    // The card is that of the new model: its table, what Hugging Face reads, and how to make it again.
    let (validation, test) = ((losses[1] * 1e4).rounded() / 1e4, (losses[2] * 1e4).rounded() / 1e4)
    #expect(done.output.contains(" | \(validation) | \(test) ["))
    #expect(lines.contains("\"log_loss\", \"value\": \(test)"))
    #expect(lines.contains("swiftlet explain m --calibrate cool"))
    #expect(done.output.contains("The scores are divided by the temperature "))
    #expect(done.output.contains("are too few to fit a temperature"))
    #expect(!lines.contains("never"))
    #expect(done.errors.contains("was trained without validation rows"))
    #expect(lines.last?.contains("takes neither --data nor --split nor --part") == true)
    let codes = lines.filter { $0.hasPrefix("exit ") }.joined(separator: ", ")
    #expect(codes == "exit 73, exit 65")
  }

  @Test("--part more_rows trains on parts of the rows, and --quiet says nothing of it")
  func rows() throws {
    let done = try Program.shell(
      """
      "$S" train "$P/Datasets/iris" --output m --quiet --no-track >/dev/null 2>&1
      "$S" explain m --part more_rows --json; "$S" explain m --part more_rows --quiet --plots pictures; ls pictures
      """)
    #expect(done.code == 0)
    let object = try json(String(try #require(done.output.split(separator: "\n").first)))
    #expect(object["more_rows"]?["points"]?.array?.count == 3)
    #expect(done.errors.hasPrefix("training 1 of 9\n") && done.errors.contains("training 9 of 9"))
    #expect(done.errors.split(separator: "\n").count == 9)
    #expect(done.output.contains("Whether more rows would help: log_loss of 30 test rows"))
    #expect(done.output.hasSuffix("rows.svg\n"))
  }

  @Test(
    "flags that would be ignored are refused",
    arguments: [
      ("--calibrate n --by sepal_width", "takes neither --by nor --plots nor --top"),
      ("--calibrate n --plots p", "takes neither --by nor --plots nor --top"),
      ("--calibrate n --top 3", "takes neither --by nor --plots nor --top"),
      ("--part wrong --by sepal_width", "Add --part groups"), ("--top 0", "--top is from 1 to 1000, not 0"),
    ])
  func ignored(flags: String, sentence: String) throws {
    let done = try Program.shell("$S explain $P/Models/iris \(flags); code=$?; ls; exit $code")
    #expect(done.code == 64 && done.errors.contains(sentence) && done.output.isEmpty, "\(done)")
  }

  @Test("a model without test rows says which rows there are, and small losses are not told as 0.00")
  func withoutTestRows() throws {
    let rows = (0..<60).map { "\($0),\(2 * $0 + $0 % 3)" }.joined(separator: "\\n")
    let done = try Program.shell(
      """
      printf 'x,y\\n\(rows)\\n' >t.csv
      "$S" train t.csv --target y --model linear --set split.test=0 --set split.validation=0 --output m --quiet --no-track >/dev/null 2>&1
      "$S" evaluate m; echo "exit $?"; "$S" explain m --part wrong --split train --top 3 2>/dev/null
      "$S" evaluate m --data t.csv 2>/dev/null | head -1
      """)
    #expect(
      done.errors.contains("There are no test rows with a target in these data. There are others: --split train."))
    #expect(done.output.contains("exit 65") && done.output.contains("loss 0.00"), "\(done.output)")
    #expect(!done.output.contains("loss 0.00\n") && done.output.contains("m on all 60 rows"), "\(done.output)")
  }
}
