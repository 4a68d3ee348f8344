// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A model is used: measured on other rows, asked part by part, and called by whatever name.
@Suite("Using a model", .serialized)
struct UsingTests {
  private static let exam = """
    printf 'hours,slept,passed\\n1,8,no\\n2,5,no\\n3,7,no\\n4,6,yes\\n6,8,yes\\n7,7,yes\\n8,4,yes\\n2,7,no\\n5,8,yes\\n1,6,no\\n' >exam.csv
    train() { $S train "$@" --target passed --model logistic --quiet >/dev/null 2>&1; }
    train exam.csv --output m

    """

  @Test(
    "evaluate says which rows it measures, and what it needs",
    arguments: [
      ("$S evaluate m --json", 0, #""split": "test", "rows": 2"#, ""),
      ("$S evaluate m --data exam.csv --json", 0, #""split": "all", "rows": 10"#, "--split test measures the others"),
      ("$S evaluate m --data exam.csv --split test --json", 0, #""split": "test", "rows": 2"#, ""),
      (
        "cp exam.csv old; (head -1 old; tail -n +3 old; sed -n 2p old) >exam.csv; $S evaluate m --json", 0,
        #""split": "all", "rows": 10"#, "exam.csv has changed since the model was trained"
      ),
      ("echo 1,7,no >>exam.csv; $S evaluate m --split test", 65, "", "use --split all"),
      ("$S evaluate m --data - --split train <<<$'hours,slept,passed\n1,8,no'", 65, "", "use --split all"),
      ("cat exam.csv | train - --output s; $S evaluate s", 65, "", "trained from standard input"),
      (
        "cat exam.csv | train - --output s; cat exam.csv | $S evaluate s --data - --split test --json", 0,
        #""rows": 2"#, ""
      ),
      ("mkdir d; cd d; $S evaluate ../m", 66, "", "is not there from this folder"),
      ("mkdir d; cd d; $S evaluate ../m --data ../exam.csv --split test --json", 0, #""rows": 2"#, ""),
      (
        "$S evaluate m --data - --json <<<$'hours,slept,passed\n1,8,no\n2,5,no'", 0, #""accuracy": 1"#,
        "roc_auc and average_precision do not exist, since all rows are \"no\""
      ),
      (
        "$S evaluate m --data - --json <<<$'hours,slept,passed\n1,8,no\n2,5,maybe\n7,8,yes\n7,8,'", 0,
        #""confusion_matrix": [[1,0,0],[0,1,0],[1,0,0]]"#,
        "Rows with a label that the model does not know (\"maybe\"), which count as answered wrongly: 1."
      ),
      (
        "$S evaluate m --data - <<<$'hours,slept,passed\n1,8,no\n7,8,'", 0, "m on the only row",
        "Rows that have no target and were left out: 1."
      ),
      ("$S evaluate m --data - <<<$'hours,slept,passed\n1,8,'", 65, "", "There are no rows with a target"),
      ("$S evaluate m --data - <<<$'hours,slept\n1,8'", 65, "", "There is no column \"passed\""),
    ] as [(String, Int32, String, String)])
  func evaluate(script: String, code: Int32, output: String, sentence: String) throws {
    let result = try Program.shell(Self.exam + script)
    #expect(result.code == code, "\(result)")
    let plain = { (text: String) in text.replacing(" ", with: "") }
    #expect(output.isEmpty || plain(result.output).contains(plain(output)), "\(result.output)")
    if !sentence.isEmpty { #expect(result.errors.contains(sentence), "\(result.errors)") }
    if sentence.isEmpty { #expect(result.errors.isEmpty, "\(result.errors)") }
  }

  @Test("a file that changed, whose own column names the test rows, is measured on these, and that is said")
  func changedWithColumn() throws {
    let result = try Program.shell(
      """
      rows() { for i in $(seq 40); do echo "$i,$((i % 2)),$([ $i -gt 30 ] && echo test || echo train)"; done; }
      (echo a,y,split; rows) >t.csv; $S train t.csv --target y --model logistic --quiet --output m >/dev/null 2>&1
      (echo a,y,split; rows; echo 41,1,test) >t.csv; $S evaluate m --json
      """)
    #expect(result.code == 0 && result.output.contains(#""rows": 11"#), "\(result)")
    #expect(result.errors.contains("The test rows are the ones that the data now name."), "\(result.errors)")
  }

  @Test("a regression is measured where the target is the same in every row, and without r2")
  func constantTarget() throws {
    let result = try Program.shell(
      """
      (echo a,y; for i in $(seq 40); do echo "$i,$((i * 3)).5"; done) >t.csv
      $S train t.csv --target y --model linear --quiet --output m >/dev/null 2>&1
      $S evaluate m --data - --json <<<$'a,y\n1,3.5\n2,3.5'
      """)
    #expect(result.code == 0 && result.output.contains("rmse") && !result.output.contains("\"r2\""), "\(result)")
    #expect(
      result.errors.contains("r2 does not exist, since \"y\" has the same value in every row."), "\(result.errors)")
  }

  @Test(
    "predict carries columns through, answers each line, and nothing where there is nothing",
    arguments: [
      (
        "printf 'slept,id,hours\n8,a b,1\n4,\"x,\"\"y\",8\n' | $S predict m --keep id,hours | sed 's/,prob.*//; s/,[01][.].*//'",
        0,
        "id,hours,prediction\na b,1,no\n\"x,\"\"y\",8,yes\n", ""
      ),
      (
        "printf 'hours,slept,NA\n1,8,NA\n' | $S predict m --keep NA --format jsonl | cut -c1-33", 0,
        "{\"NA\": \"NA\", \"prediction\": \"no\", \n", ""
      ),
      (
        "printf 'hours,slept,\"id, old\"\n1,8,7\n' | $S predict m --keep 'id, old,hours' | sed 's/,prob.*//'", 0,
        "\"id, old\",hours,prediction\n7,1,no,", ""
      ),
      ("printf 'hours,slept\n' | $S predict m", 0, "prediction,probability_no,probability_yes\n", ""),
      ("printf '' >e.jsonl; $S predict m --data e.jsonl --format jsonl", 0, "", ""),
      (
        "printf 'hours,slept\n1,1e300\n' | $S predict m | tail -n +2; exit ${PIPESTATUS[1]}", 65, "",
        "at row 1 for \"slept\" is too far"
      ),
      ("printf 'hours,slept\n1,2\n' | $S predict m --keep hour", 65, "", "Did you mean \"hours\"?"),
      (
        "printf 'hours,slept,prediction\n1,2,3\n' | $S predict m --keep prediction", 65, "",
        "an answer has the same name"
      ),
      ("printf 'hours\n1\n' | $S predict m", 65, "", "There is no column \"slept\" in the data."),
      ("printf 'hours,slept\n1,2\n' | $S predict m --table t", 65, "", "are for SQLite files"),
    ] as [(String, Int32, String, String)])
  func predict(script: String, code: Int32, output: String, sentence: String) throws {
    let result = try Program.shell(Self.exam + script)
    #expect(result.code == code, "\(result)")
    #expect(result.output.hasPrefix(output) && (output.hasSuffix(",") || result.output == output), "\(result)")
    if !sentence.isEmpty { #expect(result.errors.contains(sentence), "\(result.errors)") }
  }

  @Test("in a file of one column a blank line is a missing value, also at the end")
  func blankLines() throws {
    let result = try Program.shell(
      """
      (echo a,y; for i in $(seq 40); do echo "$i,$((i > 20))"; done) >t.csv
      $S train t.csv --target y --model logistic --quiet --output m >/dev/null 2>&1
      printf 'a\n1\n\n40\n\n' | $S predict m | cut -d, -f1
      """)
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 5 && lines[1] == "0" && lines[3] == "1" && lines[2] == lines[4], "\(result)")
  }

  @Test("a database is asked by table and by query, in predict and in evaluate")
  func databases() throws {
    let result = try Program.shell(
      """
      python3 - <<'E'
      import sqlite3
      db = sqlite3.connect("t.sqlite")
      for name in ("one", "two"):
        db.execute(f"CREATE TABLE {name} (a REAL, y TEXT, id TEXT)")
        db.executemany(f"INSERT INTO {name} VALUES (?, ?, ?)", [(i, "yes" if i > 20 else "no", f"r{i}") for i in range(40)])
      db.commit()
      E
      $S train t.sqlite --table one --target y --set 'features.exclude=[id]' --model logistic --quiet --output m >/dev/null 2>&1
      $S predict m --data t.sqlite --table two --keep id | head -2 | cut -d, -f1,2
      $S predict m --data t.sqlite --query 'SELECT a FROM two WHERE a > 38' | cut -d, -f1
      $S predict m --data t.sqlite --query 'SELECT a FROM two WHERE a > 380' | wc -l
      $S evaluate m --data t.sqlite --table two --json | grep -o '"rows": [0-9]*'
      printf 'a,y\\n1,no\\n39,yes\\n' | $S evaluate m --data - --json | grep -o '"rows": [0-9]*'
      """)
    #expect(
      result.output == "id,prediction\nr0,no\nprediction\nyes\n1\n\"rows\": 40\n\"rows\": 2\n", "\(result)")
  }

  @Test("parts of a large file are answered as the whole was, in little memory")
  func parts() throws {
    let result = try Program.shell(
      Self.exam + """
        (echo hours,slept,id; for i in $(seq 30000); do echo "$((i % 9)),$((i % 8)),$i"; done) >big.csv
        $S predict m --data big.csv --keep id --output out.csv; wc -l <out.csv; tail -1 out.csv | cut -d, -f1
        (head -1 big.csv; tail -1 big.csv) | $S predict m --keep id | tail -1 >one; tail -1 out.csv | cmp - one && echo same
        $S predict m --data big.csv | head -1 | cut -d, -f1
        """)
    #expect(result.output == "30001\n30000\nsame\nprediction\n" && result.errors.isEmpty, "\(result)")
  }

  @Test(
    "columns of any name are trained on, excluded by the printed advice, read back by the bundle, and asked",
    arguments: [
      "Price, EUR", "[z]", "a: b", "it's", "say \"hi\"", "home.zip", "-x", "--set", "ü 漢", "{a}", "a=b", "#1", "none",
      "true",
      "2024", "two\nlines", "$HOME", "a,b,c", "~", "*", "columns", "\\n",
    ])
  func names(name: String) throws {
    let quoted = "\"" + name.replacing("\"", with: "\"\"") + "\""
    let rows = (0..<40).map { "\($0 + 1),\($0 * 7 % 5),\($0 % 4 < 2 ? "no" : "yes")" }.joined(separator: "\\n")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-names-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = "\(quoted),x,y\n" + rows.replacing("\\n", with: "\n") + "\n"
    try text.write(toFile: folder + "/t.csv", atomically: true, encoding: .utf8)
    let asTarget = "x,\(quoted),y\n" + rows.replacing("\\n", with: "\n") + "\n"
    try asTarget.write(toFile: folder + "/u.csv", atomically: true, encoding: .utf8)
    try name.write(toFile: folder + "/name", atomically: true, encoding: .utf8)
    let result = try Program.shell(
      """
      cd \(folder); N=$(cat name; echo .); N=${N%.}
      $S train t.csv --target y --model logistic --quiet --output m >o 2>e || { cat e; exit 1; }
      $S evaluate m >/dev/null || exit 2
      $S predict m --data t.csv "--keep=$N" >/dev/null || exit 3
      advice=$(tr '\\n' '\\001' <e | sed "s/.*leave it out with //; s/\\.\\x01.*//" | tr '\\001' '\\n')
      eval "$S train t.csv --target y --model logistic --quiet --output n $advice" >/dev/null 2>e || { cat e; exit 4; }
      $S inspect n | grep -q 'x  *number' || exit 5
      [ $($S inspect n --json | tr ',' '\\n' | grep -c '"type": "number"') -le 4 ] || exit 6
      $S train u.csv "--target=$N" --set task=regression --model linear --quiet --output t >/dev/null 2>e || { cat e; exit 7; }
      $S evaluate t >/dev/null || exit 8
      swiftlet() { $S "$@"; }
      eval "$(sed -n '/^swiftlet train/,/^```/p' t/README.md | grep -v '^```')" >/dev/null 2>e || { cat e; exit 9; }
      """)
    #expect(result.code == 0, "\(result)")
  }

  @Test("what comes next depends on how the training went")
  func next() throws {
    let result = try Program.shell(
      """
      (echo a,b,c,y; for i in $(seq 120); do echo "$((i * 7919 % 101)),$((i * 104729 % 97)),$((i * 1299709 % 89)),$((i * 15485863 % 7 > 3))"; done) >t.csv
      $S train t.csv --target y --hidden 64,64 --epochs 300 --learning-rate 0.01 --set training.early_stopping=0 --set split.validation=0 --quiet 2>/dev/null
      """)
    #expect(
      result.output.contains("the model overfits") && result.output.contains("--set model.dropout=0.3"), "\(result)")
    // Whose ratings are known is always answered better: that is no overfitting.
    let tastes = try Program.shell("$S train $P/Datasets/ratings --epochs 60 --seed 2 --quiet --output r 2>/dev/null")
    #expect(tastes.code == 0 && tastes.output.contains("Saved r.") && !tastes.output.contains("overfits"), "\(tastes)")
    let lost = try Program.shell(
      """
      (echo a,city,y; for i in $(seq 90); do echo "$i,town $((i > 60 ? i : i % 3)) b,$((i > 45))"; done) >t.csv
      $S train t.csv --target y --model logistic --quiet --output m 2>/dev/null >o; $S train t.csv --target y --json --output n --quiet 2>/dev/null
      eval "$(grep 'columns.city=category' o)" >/dev/null 2>&1; $S inspect m
      """)
    #expect(lost.output.contains("\"dropped\": {\"rows\": 0, \"columns\": [\"city\"]}"), "\(lost)")
    #expect(lost.output.contains("city  category  3 features"), "\(lost)")
    let more = try Program.shell("$S train $P/Datasets/iris --model mlp --epochs 2 --quiet --output m 2>/dev/null")
    #expect(more.output.contains("--epochs 4 --output m --force"), "\(more)")
    #expect(more.output.contains(" serve m\n"), "\(more)")
  }
}
