// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import Testing

@testable import SwiftletCommands

/// `swiftlet new`: what it writes, and what it leaves alone. That a portfolio is sound is judged by `Tests/Portfolio/check`.
@Suite("Portfolios")
struct NewTests {
  /// A table of sixty rows, from which two kinds of models learn at once.
  private static let table = """
    { echo 'hours,slept,city,passed'; for i in $(seq 60); do
      echo "$((i % 9)),$((5 + i % 4)),$([ $((i % 3)) = 0 ] && echo Oslo || echo Rome),$([ $((i % 9)) -gt 4 ] && echo yes || echo no)"; done; } >exam.csv
    make() { $S new "$@" --quiet; }

    """

  @Test("a CSV becomes a portfolio with every part, without a word of a template, and with five open questions")
  func contents() throws {
    let made = try Program.shell(
      Self.table
        + """
        make "my exam" --data exam.csv --target passed --author 'Ada "A" Lovelace' --owner ada >said && cat said >&2; cd "my exam"
        find . -type f | sort; grep -rlE '__[A-Z]+__' . ; grep -c ada.github.io/my-exam README.md; cat CITATION.cff | grep name:
        $S new . --check >open; echo $?; wc -l <open; $S report models/my-exam --readme README.md --check; cmp data/exam.csv ../exam.csv
        $S evaluate models/my-exam --json | head -c 11; ls -a .. | grep new; cat README.md >&2
        """)
    #expect(
      made.output.split(separator: "\n").map(String.init) == [
        "./.dockerignore", "./.github/workflows/check.yml", "./.github/workflows/pages.yml", "./.gitignore",
        "./.swiftlet-new.json", "./CITATION.cff", "./Dockerfile", "./LICENSE", "./Makefile", "./README.md",
        "./clients/Ask.java", "./clients/Ask.scala", "./clients/ask.R", "./clients/ask.py", "./clients/question.json",
        "./data/SHA256SUMS", "./data/exam.csv", "./docs/.nojekyll", "./docs/answers.svg", "./docs/index.html",
        "./models/my-exam/README.md", "./models/my-exam/history.csv", "./models/my-exam/model.json",
        "./models/my-exam/model.safetensors", "./recipe.yaml", "./report.html", "./tests/answer.txt",
        "./tests/answers.json", "./tests/check.js", "./tests/check.sh", "./tried/logistic/README.md",
        "./tried/logistic/history.csv", "./tried/logistic/model.json", "./tried/logistic/model.safetensors", "1",
        "  - name: \"Ada \\\"A\\\" Lovelace\"", "65", "5", "README.md has the figures of models/my-exam.",
        "{\"model\": \"",
      ], "\(made)")
    #expect(made.errors.contains("Saved my exam: 33 files. Next:\n  cd 'my exam' && make check"), "\(made.errors)")
    #expect(made.errors.contains("| [logistic](tried/logistic/README.md) |\n"), "\(made.errors)")
  }

  @Test(
    "what is there stays: another folder, a file, a portfolio; --force writes what is as it was written, and keeps the rest"
  )
  func overwriting() throws {
    let made = try Program.shell(
      Self.table
        + """
        mkdir thesis; echo mine >thesis/letter; echo mine >file; mkdir empty
        make thesis --data exam.csv --target passed 2>&1; echo $?; make file --data exam.csv --target passed --force 2>&1; echo $?
        make empty --data exam.csv --target passed >/dev/null; echo $?
        make empty --data exam.csv --target passed 2>&1; echo $?
        echo mine >>empty/README.md; rm empty/Makefile; echo mine >empty/own; sed -i s/a/b/ empty/data/exam.csv; cp empty/recipe.yaml r
        make empty --data exam.csv --target passed --force | head -n 2; cat thesis/letter file empty/own; tail -n 1 empty/README.md
        ls empty/Makefile; find empty -name '*.new'; cmp empty/data/exam.csv exam.csv >/dev/null || echo kept
        echo '# mine' >>empty/recipe.yaml; make empty --data exam.csv --target passed --force 2>&1; echo $?
        """)
    #expect(
      made.output == """
        swiftlet: thesis exists already and is not a portfolio, so it stays as it is. Choose another name.
        73
        swiftlet: file exists already and is not a portfolio, so it stays as it is. Choose another name.
        73
        0
        swiftlet: empty is a portfolio already. --force writes it anew, but for the files that you have changed.
        73
        Saved empty: 31 files.
        Not written, because you changed them: README.md, data/exam.csv. Next:
        mine
        mine
        mine
        mine
        empty/Makefile
        kept
        swiftlet: empty/recipe.yaml is not as it was written, so the model is yours now. swiftlet new empty --refresh writes the figures, the report and the page for it.
        73

        """, "\(made)")
  }

  @Test("what cannot become a portfolio is a sentence with its code, and leaves nothing")
  func refusals() throws {
    let cases: [(arguments: String, code: Int32, message: String)] = [
      ("x", 64, "Which data? Name them with --data."),
      ("x --data nowhere.csv", 66, "there is no such file"),
      ("x --data exam.csv --target pased", 65, "Did you mean \"passed\"?"),
      ("x --data exam.csv", 65, "--target"),
      ("x --data exam.csv --target passed --owner 'a b'", 64, "--owner is an account"),
      ("x --data exam.csv --target passed --recipe none.yaml", 66, "none.yaml"),
      ("x --data exam.csv --target passed --set training.epoch=3", 64, "training.epoch"),
      ("… --data exam.csv --target passed", 73, "Choose another name."),
      ("x --data <(cat exam.csv) --target passed", 65, "Save the data in a file."),
      ("x --data - --target passed", 66, "there is no such file"),
      ("/proc/x --data exam.csv --target passed", 73, "cannot be written"),
      ("x --check", 66, "README.md"), ("x --refresh", 65, "is not a portfolio"),
      ("x --check --refresh", 64, "exclude each other"),
    ]
    for refused in cases {
      let result = try Program.shell(Self.table + "make \(refused.arguments); code=$?; ls -A; exit $code")
      #expect(result.code == refused.code, "\(refused.arguments): \(result.errors)")
      #expect(result.errors.contains(refused.message), "\(refused.arguments): \(result.errors)")
      #expect(result.output == "exam.csv\n", "\(refused.arguments)")
    }
  }

  @Test("nothing outside of the folder is carried or removed, whatever a description or the list of files says")
  func outside() throws {
    let result = try Program.shell(
      Self.table + """
        mkdir d; printf 'name: d\\ntask: classification\\nfiles: ../exam.csv\\ntarget: passed\\n' >d/dataset.yaml
        make x --data d; echo $?; ls -d x
        make y --data exam.csv --target passed >/dev/null || exit 1
        sum=$(sha256sum exam.csv | cut -d' ' -f1)
        sed -i "s/\"files\": {/\"files\": { \"..\\/exam.csv\": [\"$sum\"],/" y/.swiftlet-new.json
        grep -c 'exam.csv' y/.swiftlet-new.json
        make y --data exam.csv --target passed --force >/dev/null; echo $?; ls exam.csv
        """)
    #expect(result.output.contains("65\n") && result.output.hasSuffix("0\nexam.csv\n"), "\(result)")
    #expect(result.errors.contains("\"../exam.csv\", which is outside of it"), "\(result)")
  }

  @Test("names, labels and categories of any characters stand in the README as they are, and end nothing in it")
  func oddTexts() throws {
    let made = try Program.shell(
      #"""
      python3 - <<'EOF'
      import csv
      labels = ["a\nb", "<!-- end -->", "<!-- question: x -->", "`|`"]
      rows = [[str(i % 9), ["<script>alert(1)</script>", "two\nlines", "a|b"][i % 3], labels[i % 4]] for i in range(80)]
      csv.writer(open("odd.csv", "w", newline="")).writerows([["c`d", "e|f", "<!-- tried -->"]] + rows)
      EOF
      $S new x --data odd.csv --target '<!-- tried -->' --set model.kind=mlp --set training.epochs=3 --quiet >/dev/null || exit
      cd x; $S new . --check | wc -l; $S report models/x --readme README.md --check; $S new . --refresh >/dev/null; echo $?
      grep -c '^| .* | .* | .* |$' README.md; grep -F 'c`d' README.md; cat README.md models/x/README.md >&2
      """#)
    #expect(made.code == 0, "\(made)")
    #expect(made.output.hasPrefix("5\nREADME.md has the figures of models/x.\n0\n"), "\(made)")
    #expect(made.output.contains("| ``c`d`` | number |"), "\(made)")
    let text = made.errors
    #expect(text.contains(#"| `e\|f` | category | "#), "\(text)")
    for raw in ["<script>", "two\nlines", "a\nb", "<!-- end --> |"] { #expect(!text.contains(raw), "\(raw)") }
    // The comments of the page itself, and none of the data.
    for (comment, count) in [("<!-- end -->", 2), ("<!-- question: ", 5), ("<!-- tried -->", 1)] {
      #expect(text.components(separatedBy: comment).count == count + 1, "\(comment): \(text)")
    }
    #expect(text.contains("&lt;!-- end -->, &lt;!-- question: x -->, `` `|` ``, `a b`, each"), "\(text)")
  }

  @Test("Ctrl-C leaves nothing, neither where it would be nor where it was made")
  func interrupted() throws {
    let result = try Program.shell(
      """
      mkdir scratch; export TMPDIR=$PWD/scratch
      $S new x --data $P/Datasets/iris --set model.kind=mlp --set training.epochs=1000000 --set training.early_stopping=none 2>said & pid=$!
      until grep -q 'parameters, by' said 2>/dev/null; do sleep 0.05; done
      ls scratch | wc -l; kill -INT $pid; wait $pid; echo $?; ls -A . scratch; cat said >&2
      """)
    #expect(result.output == "1\n130\n.:\nsaid\nscratch\n\nscratch:\n", "\(result)")
    #expect(result.errors.contains("Ending; nothing is written."))
  }

  @Test(
    "every kind of data becomes a portfolio: pictures, ratings, two numbers; what a page cannot answer is shown as a report",
    arguments: [
      ("fashion-mini", "\"b64\"", "<script"), ("ratings", "\"customer\"", "<svg"), ("arm", "\"x_m\"", "<script"),
    ])
  func kinds(name: String, question: String, page: String) throws {
    let made = try Program.shell(
      """
      $S new x --data $P/Datasets/\(name) --set training.epochs=1 --quiet >/dev/null || exit; cd x; cat clients/question.json
      head -c 100000 docs/index.html; ls data; wc -l <data/SHA256SUMS; $S report models/x --readme README.md --check
      """)
    #expect(made.code == 0, "\(made.errors)")
    #expect(made.output.contains(question) && made.output.contains(page), "\(made.output.prefix(500))")
    #expect(made.output.hasSuffix("README.md has the figures of models/x.\n"))
  }

  @Test(
    "data that may not be passed on, or are left out, are named by their SHA-256; their page is not theirs any more")
  func absentData() throws {
    let made = try Program.shell(
      """
      mkdir d; cp $P/Datasets/iris/* d; sed -i 's/^licence: .*/licence: Proprietary/' d/dataset.yaml
      $S new x --data d --quiet >/dev/null; ls -A x/data; grep -c iris.csv x/data/README.md; grep -o 'Their licence, Proprietary' x/README.md
      $S new y --data $P/Datasets/iris --without-data --quiet >/dev/null; ls y/data; grep -o 'left out on request' y/README.md
      """)
    #expect(
      made.output == """
        .gitignore
        LICENSE
        README.md
        SHA256SUMS
        dataset.yaml
        1
        Their licence, Proprietary
        README.md
        SHA256SUMS
        dataset.yaml
        left out on request

        """ || made.output.contains(".gitignore\nREADME.md\nSHA256SUMS\ndataset.yaml\n1\nTheir licence, Proprietary"),
      "\(made)")
    #expect(made.output.hasSuffix("left out on request\n"))
  }

  @Test("a question is answered by a word below it, before the next heading or comment")
  func questions() {
    let text = """
      # A
      <!-- question: One? -->
      ## B
      <!-- question: Two,
      in two lines? -->

      Yes.
      <!-- question: Three? -->
      <!-- a remark -->
      Not an answer.
      <!-- question: Four? --> 4
      """
    let questions = StoryQuestions(text, path: "R")
    #expect(questions.count == 4)
    #expect(questions.open == [.init(line: 2, text: "One?"), .init(line: 8, text: "Three?")])
    #expect(StoryQuestions(text.replacingOccurrences(of: "\n", with: "\r\n"), path: "R").open == questions.open)
    #expect(StoryQuestions("<!-- question: Cut off", path: "R").open == [.init(line: 1, text: "Cut off")])
    #expect(StoryQuestions("", path: "R").count == 0)
  }

  @Test(
    "a data set's page gives its introduction, its question and its cautions, with links that lead nowhere taken out")
  func told() {
    let told = ToldData(
      """
      # T

      First [here](x.md), [there](https://a.b).

      Second.

      ## The story: s

      **The question.** Who?

      ## What to mind

      - One,
        in two lines.
      - Two.

      ## Train
      """)
    #expect(told.introduction == "First here, [there](https://a.b).\n\nSecond.")
    #expect(told.question == "Who?")
    #expect(told.cautions == ["- One,", "  in two lines.", "- Two."])
    let nothing = ToldData("")
    #expect(nothing.introduction == nil && nothing.question == nil && nothing.cautions.isEmpty)
  }

  @Test("the programs in a portfolio are those of the page, which shows them whole but for their first comment")
  func page() throws {
    let page = try String(
      contentsOfFile: Program.project + "/Sources/swiftlet/Swiftlet.docc/CallingFromOtherLanguages.md", encoding: .utf8)
    for (program, language) in [
      (PackageResources.ask_py, "python"), (PackageResources.Ask_java, "java"), (PackageResources.ask_R, "r"),
      (PackageResources.Ask_scala, "scala"),
    ] {
      let listing = try #require(
        page.components(separatedBy: "```\(language)\n").last?.components(separatedBy: "\n```").first)
      let text = String(decoding: program, as: UTF8.self)
      #expect(text.hasSuffix(listing + "\n"), "\(language)")
      let rest = text.dropLast(listing.count + 1).split(separator: "\n")
      #expect(
        rest.allSatisfy { $0.hasPrefix("#") || $0.hasPrefix("//") || $0.hasPrefix("import ") || $0.hasPrefix("from ") })
    }
  }
}
