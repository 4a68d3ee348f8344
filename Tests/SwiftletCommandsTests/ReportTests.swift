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
        "The recipe", "How to make it again",
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
}
