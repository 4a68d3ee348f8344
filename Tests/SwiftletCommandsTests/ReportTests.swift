// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `swiftlet report` as a process: the page, and what it says where it cannot measure.
@Suite("Reports")
struct ReportTests {
  /// What every page must be.
  private func expectPage(_ html: String) {
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">") && html.hasSuffix("</html>\n"))
    #expect(html.utf8.count < 150_000)
    #expect(!html.contains("<script") && html.components(separatedBy: "http").count == 2)
    let charts = html.components(separatedBy: "<svg").count - 1
    #expect(html.components(separatedBy: "<summary>The numbers</summary>").count - 1 == charts)
    let ids = html.components(separatedBy: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(Set(ids).count == ids.count)
  }

  /// The headings of a page, without the first.
  private func headings(_ html: String) -> [String] {
    html.components(separatedBy: "<h2 id=").dropFirst().map { part in
      String(part.drop { $0 != ">" }.dropFirst().prefix { $0 != "<" })
    }
  }

  @Test("a model of two classes has every section, with figures that evaluate measures too")
  func twoClasses() throws {
    let made = try Program.shell("ln -s $P/Datasets $P/Models .; $S report Models/breast-cancer && cat report.html")
    #expect(made.code == 0 && made.errors.isEmpty && made.output.hasPrefix("Wrote report.html.\n"), "\(made.errors)")
    let html = String(made.output.dropFirst("Wrote report.html.\n".count))
    expectPage(html)
    #expect(
      headings(html) == [
        "The verdict", "The data", "How it learned", "Right and wrong answers", "What another threshold would do",
        "Can its probabilities be believed?", "What it looks at", "How the answer depends on a column",
        "Where it is worse",
        "The worst answers", "The recipe", "How to make it again",
      ])
    let evaluated = try Program.shell("ln -s $P/Datasets $P/Models .; $S evaluate Models/breast-cancer")
    let words = try #require(evaluated.output.split(separator: "\n").first { $0.hasPrefix("accuracy") })
      .split(separator: " ")
    // 0.9823, and [0.9378, 0.9951] of it.
    let value = try #require(Double(words[1]))
    let low = try #require(Double(words[2].dropFirst().dropLast()))
    #expect(html.contains("has an accuracy of \(String(format: "%.3f", value)), with a 95 % interval from "))
    #expect(html.contains(" from \(String(format: "%.3f", low)) to "))
    #expect(html.contains("swiftlet train Datasets/breast-cancer --output Models/breast-cancer --force"))
  }

  @Test("numbers are drawn against the truth; texts of the file stay texts")
  func numbers() throws {
    let rows = (0..<80).map { "\($0),\($0 % 7),\(3 * $0 + $0 % 5)" }.joined(separator: "\\n")
    let made = try Program.shell(
      """
      printf '<b>http://x</b>,&"y,price<script>\\n\(rows)\\n' >t.csv
      $S train t.csv --target 'price<script>' --model linear --quiet --no-track >/dev/null && $S report Models/t --output -
      """)
    #expect(made.code == 0, "\(made.errors)")
    expectPage(made.output)
    #expect(made.output.contains("&lt;b&gt;&#104;ttp://x&lt;/b&gt;") && !made.output.contains("<b>"))
    #expect(made.output.contains("On the dashed line the prediction is the truth."))
    #expect(!headings(made.output).contains("What another threshold would do"))
  }

  @Test("a model whose data are gone or have changed shows what it remembers, and says so")
  func withoutData() throws {
    let script = """
      cp -r $P/Models/iris . ; $S report iris --output gone.html; mkdir Datasets; cp -r $P/Datasets/iris Datasets
      sed -i 's/5.1,3.5/5.2,3.5/' Datasets/iris/iris.csv; $S report iris --output changed.html; cat gone.html
      """
    let made = try Program.shell(script)
    #expect(made.code == 0)
    #expect(made.errors.contains("Its data, Datasets/iris, are not there from this folder."), "\(made.errors)")
    #expect(made.errors.contains("Its data, Datasets/iris, have changed since the training."), "\(made.errors)")
    let html = String(made.output.drop { $0 != "<" })
    expectPage(html)
    #expect(
      html.contains("was not measured again") && html.contains("On the test rows, iris has an accuracy of 0.933."))
    #expect(headings(html) == ["The verdict", "The data", "How it learned", "The recipe", "How to make it again"])
  }

  @Test("what cannot be read or written has its code, and nothing is written")
  func refusals() throws {
    let cases: [(script: String, code: Int32, message: String)] = [
      ("$S report", 64, "Missing expected argument"),
      ("$S report nowhere --output r.html", 66, "is not a model"),
      ("$S report $P/Models/iris --output /nowhere/r.html", 73, "cannot be written"),
      ("cp -r $P/Models/iris .; $S report iris --output iris/model.json", 73, "is an input of this command"),
      ("cp -r $P/Models/iris .; echo '{' >iris/model.json; $S report iris --output r.html", 65, "model.json"),
    ]
    for refused in cases {
      let result = try Program.shell(refused.script + "; code=$?; ls; exit $code")
      #expect(result.code == refused.code, "\(refused.script): \(result.errors)")
      #expect(result.errors.contains(refused.message), "\(refused.script): \(result.errors)")
      #expect(!result.output.contains("r.html"))
    }
    let piped = try Program.shell(
      "ln -s $P/Datasets $P/Models .; $S report Models/iris --output - | head -c 10; echo ${PIPESTATUS[0]}")
    #expect(piped.output == "<!DOCTYPE 0\n" && piped.errors.isEmpty, "\(piped)")
  }

  @Test("models beside each other: what differs, whether one is better, and a model of other rows is not compared")
  func comparison() throws {
    let made = try Program.shell(
      """
      ln -s $P/Datasets .
      train="$S train Datasets/german-credit --quiet --runs runs.sqlite"
      $train --model logistic --output a >log; $train --model logistic --seed 8 --output b >>log
      $train --model mlp --epochs 1 --learning-rate 0.00001 --output bad >>log
      $train --model logistic --set split.column=none --set split.test=0.3 --output other >>log
      $S report a b bad other --output -
      $S report a bad --runs runs.sqlite --output by-run.html >&2; rm -r bad; $S report bad a --runs runs.sqlite --output - >gone.html
      grep -c 'Fewer than two of them have a model' gone.html >&2
      """)
    #expect(made.code == 0, "\(made.errors)")
    expectPage(made.output)
    #expect(
      headings(made.output) == ["The scores", "Is one better, or was it lucky?", "What differs", "How they learned"])
    // Convex, so the seed changes next to nothing; and the untrained one is shown to be worse.
    func row(_ pair: String) -> String {
      made.output.components(separatedBy: "<tr>").first { $0.contains(">\(pair)<") } ?? ""
    }
    #expect(row("a, then b").contains(">not distinguishable<"), "\(row("a, then b"))")
    #expect(row("a, then bad").contains(">worse<"), "\(row("a, then bad"))")
    #expect(row("a, then other").isEmpty && made.output.contains("3 pairs were judged on other rows"))
    #expect(made.output.contains(">training.seed</th>") && !made.output.contains(">pipeline.numeric.impute</th>"))
    #expect(made.errors.contains("Wrote by-run.html.") && made.errors.hasSuffix("\n1\n"), "\(made.errors)")
  }

  @Test("a README gets the figures between its comments and keeps every other byte; --check tells a stale one")
  func readme() throws {
    let script = """
      ln -s $P/Models .; printf 'a\\r\\n<!-- swiftlet: metrics -->x<!-- end --> z\\r\\n\\xe2\\x82\\xac' >R.md; chmod 640 R.md
      $S report Models/iris --readme R.md --check >&2; echo $?
      $S report Models/iris --readme R.md >&2; echo $?; $S report Models/iris --readme R.md --check >&2; echo $?
      cp R.md S.md; $S report Models/iris --readme R.md >&2; cmp R.md S.md; stat -c %a R.md
      sed -i 's/0.9/0.8/' R.md; $S report Models/iris --readme R.md --check >&2; echo $?; cat S.md
      """
    let made = try Program.shell(script)
    #expect(
      made.output.hasPrefix("65\n0\n0\n640\n65\na\r\n<!-- swiftlet: metrics -->\r\n| iris | test | baseline |\r\n"),
      "\(made)")
    #expect(made.output.hasSuffix("intervals.\r\n<!-- end --> z\r\n€"), "\(made)")
    #expect(made.output.contains("| accuracy | 0.9333 [") && made.output.contains("] | 0.3333 |\r\n"), "\(made)")
    #expect(made.errors.contains("R.md does not have the figures of Models/iris."))
    let refusals: [(text: String, code: Int32, message: String)] = [
      ("nothing", 65, "has no line <!-- swiftlet: metrics -->"),
      ("<!-- swiftlet: metrics -->", 65, "no <!-- end --> below it"),
      ("<!-- end --><!-- swiftlet: metrics -->", 65, "no <!-- end --> below it"),
      ("<!-- swiftlet: metrics --><!-- swiftlet: metrics --><!-- end -->", 65, "has 2 lines"),
      ("\\xff<!-- swiftlet: metrics --><!-- end -->", 65, "is not a text in UTF-8"),
    ]
    for refused in refusals {
      let result = try Program.shell("printf '\(refused.text)' >R; $S report $P/Models/iris --readme R")
      #expect(result.code == refused.code && result.errors.contains(refused.message), "\(refused.text): \(result)")
    }
    #expect(try Program.shell("$S report $P/Models/iris --readme nowhere.md").code == 66)
    #expect(try Program.shell("$S report $P/Models/iris --check").code == 64)
  }

  @Test("data are looked at before a training: dirty, wide, without a target, and pictures")
  func data() throws {
    let rows = (0..<60).map {
      "\($0 == 41 ? 9999 : $0 % 7),\($0 % 3 == 0 ? "" : "w\($0 % 4)"),\($0 % 2 == 0 ? "yes" : "no"),<b>"
    }
    let made = try Program.shell(
      """
      printf 'size,"word\n\nof two lines",answer,text\n\(rows.joined(separator: "\\n"))\n' >t.csv
      $S inspect t.csv --report - --target answer
      """)
    #expect(made.code == 0, "\(made.errors)")
    expectPage(made.output)
    #expect(
      headings(made.output) == [
        "The columns", "Missing values", "How the values are spread", "The target against each column",
        "Values that lie far out",
      ])
    // The header is three lines long, so row 42 stands in line 45.
    #expect(made.output.contains("<th scope=\"row\">line 45</th><td>size</td><td class=\"n\">9999</td>"))
    let wide = (0..<400).map { "c\($0)" }.joined(separator: ",")
    let numbers = (0..<400).map { "\($0 * 7 % 11)" }.joined(separator: ",")
    let others = try Program.shell(
      """
      { echo '\(wide)'; for i in 1 2 3 4 5 6 7 8 9; do echo "$i\(numbers.dropFirst())"; done; } >wide.csv
      $S inspect wide.csv --report wide.html >&2 && cat wide.html
      """)
    #expect(others.code == 0, "\(others.errors)")
    expectPage(others.output)
    #expect(others.output.contains("The first 16 of 400 columns are drawn"))
    // Nothing goes together with a column that is empty, or the same in all rows; the first is no picture either.
    let still = (0..<20).map { "\($0),\($0 * $0 % 7),,7" }.joined(separator: "\\n")
    let few = try Program.shell("printf 'a,b,empty,const\\n\(still)\\n' >few.csv; $S inspect few.csv --report -")
    #expect(few.output.contains("Of 2 columns, b and a go together most"))
    #expect(!few.output.contains(">empty</title>") && few.output.contains(">const</title>"))
    let one = try Program.shell("printf 'a\\n1\\n' >one.csv; $S inspect one.csv --report -")
    #expect(one.code == 0)
    expectPage(one.output)
    #expect(try Program.shell("$S inspect $P/Models/iris --report r.html").code == 65)
    #expect(try Program.shell("$S inspect $P/Datasets/iris --report - --json").code == 64)
    #expect(
      try Program.shell("$S inspect $P/Datasets/iris --report r.html --target specie").errors.contains(
        "Did you mean \"species\"?"))
  }
}
