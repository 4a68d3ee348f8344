// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import Testing

@testable import SwiftletCommands

/// What the commands write, and what they never overwrite.
@Suite("Output", .serialized)
struct OutputTests {
  private static let exam = """
    printf 'hours,passed\\n1,no\\n2,no\\n3,no\\n4,yes\\n6,yes\\n7,yes\\n8,yes\\n2,no\\n5,yes\\n1,no\\n' >exam.csv
    train() { $S train exam.csv --target passed --model logistic --quiet "$@" >/dev/null; }

    """

  @Test(
    "--force replaces a model or an empty folder, and nothing else",
    arguments: [
      ("mkdir work; echo one >work/thesis.txt; train --output work --force", "is not a model, so it is not replaced"),
      ("train --output Models/a; train --output Models --force", "is not a model, so it is not replaced"),
      ("train --output . --force", "is the folder you are in, so it is not replaced"),
      ("mkdir p; cp exam.csv p; cd p; train --output . --force", "is the folder you are in, so it is not replaced"),
      ("train --output m; cd m; train ../exam.csv --output ../m --force", ""),
      ("echo note >note.txt; train --output note.txt --force", "is not a folder that can be read"),
      (
        "train --output m; echo my >m/notes.md; train --output m --force",
        "holds notes.md, which is not part of a model"
      ),
      ("mkdir q; echo '{\"a\": 1}' >q/model.json; train --output q --force", "is not a model"),
      ("mkdir a; echo x >a/file; ln -s nowhere l; train --output l", "it is a link to nowhere, which does not exist"),
      ("echo x >file; train --output file/m", "cannot be written"),
      ("train --output ''", "has no name"),
      (
        "mkdir m.checkpoint; echo my >m.checkpoint/notes.md; train --output m --set training.checkpoint=2",
        "is not a checkpoint, so it is not replaced"
      ),
    ])
  func force(script: String, sentence: String) throws {
    // Everything that was there is there afterwards, whatever its name.
    let before = "find . -type f | sort | xargs cksum >/tmp/sums.$$; "
    let steps = script.split(separator: "; ").map(String.init)
    let prepared = steps.dropLast().map { $0 + "; " }.joined()
    let last = steps.last ?? ""
    let result = try Program.shell(
      Self.exam + "top=$PWD; " + prepared + "here=$PWD; cd $top; \(before) cd $here; " + last
        + "; code=$?; cd $top; cksum $(cut -d' ' -f3 </tmp/sums.$$) | diff - /tmp/sums.$$ >&2; rm /tmp/sums.$$; exit $code"
    )
    if !sentence.isEmpty { #expect(result.errors.contains(sentence), "\(result.errors)") }
    #expect(result.code == (sentence.isEmpty ? 64 : 73), "\(result.errors)")
    #expect(!result.errors.contains("\n> ") && !result.errors.contains("No such file"), "\(result.errors)")
  }

  @Test("--force replaces a model, an empty folder, and what a link points to")
  func replaced() throws {
    let result = try Program.shell(
      Self.exam + """
        set -e
        train --output m; train --output m --force --seed 3; grep -q '"seed": 3' m/model.json
        mkdir empty; train --output empty --force; test -f empty/model.json
        ln -s m link; train --output link --force --seed 4; test -L link; grep -q '"seed": 4' m/model.json
        ! ls -d .*.tmp .*.try
        """)
    #expect(result.code == 0, "\(result.errors)")
  }

  @Test("the place is tried before any data are read, and the trial leaves nothing behind")
  func triedFirst() throws {
    let result = try Program.shell(
      "echo x >file; $S train no-such.csv --target y --output file/m; echo $?; "
        + "$S train no-such.csv --target y --output new/folder/m; echo $?; ls")
    #expect(result.output == "73\n66\nfile\n", "\(result)")
  }

  @Test(
    "predict does not overwrite what it reads, keeps links, and knows devices",
    arguments: [
      ("$S predict $m --data new.csv --output new.csv", 73, "is an input of this command"),
      ("ln -s new.csv link; $S predict $m --data new.csv --output link", 73, "is an input of this command"),
      ("ln new.csv hard; $S predict $m --data new.csv --output hard", 73, "is an input of this command"),
      ("$S predict $m --output new.csv <new.csv", 73, "is an input of this command"),
      ("cp -r $m m; $S predict m --data new.csv --output m/README.md", 73, "is an input of this command"),
      ("mkdir d; $S predict $m --data new.csv --output d", 73, "is a folder"),
      ("ln -s nowhere l; $S predict $m --data new.csv --output l", 73, "is a link to nowhere"),
      ("$S predict $m --data none.csv --output /none/out.csv", 73, "cannot be written"),
      ("echo old >o; ln -s o l; $S predict $m --data new.csv --output l; test -L l && grep -q setosa o", 0, ""),
      ("echo old >o; chmod 640 o; $S predict $m --data new.csv --output o; test $(stat -c %a o) = 640", 0, ""),
      ("$S predict $m --data new.csv --output /dev/null && test -c /dev/null", 0, ""),
      ("$S predict $m --data new.csv --output /dev/full", 73, "No space left on device"),
      ("$S predict $m --data new.csv >/dev/full", 73, "No space left on device"),
      ("$S inspect $m >/dev/full", 73, "No space left on device"),
      ("$S inspect Models/none 2>/dev/null; $S inspect $m --plot $m/model.json", 73, "is an input of this command"),
    ] as [(String, Int32, String)])
  func predictOutput(script: String, code: Int32, sentence: String) throws {
    let header = "sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm"
    let result = try Program.shell("m=$P/Models/iris; printf '\(header)\\n5.1,3.5,1.4,0.2\\n' >new.csv; \(script)")
    #expect(result.code == code, "\(result.errors)")
    if !sentence.isEmpty { #expect(result.errors.contains(sentence), "\(result.errors)") }
  }

  @Test(
    "messages that get lost change no exit code",
    arguments: [
      ("$S predict none 2>/dev/full", 66), ("$S predict none 2>&-", 66), ("$S train 2>/dev/full", 64),
      ("$S train $P/Datasets/iris --output m 2>/dev/full >/dev/null", 0),
      ("$S train $P/Datasets/iris --model mlp --output m 2> >(exec true) >/dev/null", 0),
      ("$S inspect $P/Datasets/digits | true; echo ${PIPESTATUS[0]} >&2; exit ${PIPESTATUS[0]}", 0),
    ] as [(String, Int32)])
  func lostMessages(script: String, code: Int32) throws {
    let result = try Program.shell(script)
    #expect(result.code == code, "\(result)")
  }

  @Test(
    "printed commands are quoted for the shell",
    arguments: ["a b", "it's", "", "$HOME", "ü", "Price, EUR", "plain-1.csv"])
  func quoting(word: String) throws {
    #expect(try Program.shell("printf %s " + shellWord(word)).output == word)
    #expect(shellWord("plain-1.csv") == "plain-1.csv")
  }

  @Test("the command of a model card makes the same model again")
  func cardCommand() throws {
    let result = try Program.shell(
      Self.exam + """
        set -e
        mv exam.csv 'my exam.csv'; swiftlet() { $S "$@"; }
        $S train 'my exam.csv' --target passed --model mlp --hidden 4,2 --epochs 3 --set 'features.exclude=[]' \
          --seed 5 --output 'a model' --quiet >/dev/null
        cp -r 'a model' first
        eval "$(grep '^swiftlet train' 'a model/README.md')" >/dev/null 2>&1
        cmp first/model.safetensors 'a model/model.safetensors'; cmp first/README.md 'a model/README.md'
        """)
    #expect(result.code == 0, "\(result.errors)")
  }

  @Test("quickstart's model card says how to train its model again, not how to run the tour")
  func quickstartCard() throws {
    #expect(
      try TrainCommand.parse(QuickstartCommand.training).command("Models/quickstart")
        == "swiftlet train Datasets/digits --output Models/quickstart --force")
  }

  @Test("a server whose log cannot be written goes on answering, counts the lost lines, and stops in order")
  func lostLog() throws {
    let result = try Program.shell(
      """
      slash=/
      $S serve $P/Models/iris --port 0 --log-requests --drain-seconds 0 2>/dev/full >out & pid=$!
      until port=$(grep -m1 -o '127.0.0.1:[0-9]*' out); do sleep 0.1; done
      ask() { exec 3<>/dev/tcp/${port/:/$slash}; printf "GET $1 HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n" >&3; cat <&3; }
      ask /v2/health/live | head -1; ask /v2/models/iris | head -1; ask /metrics | grep '^swiftlet_log_lines_lost'
      kill $pid; wait $pid; echo $?
      """)
    let lines = result.output.split(whereSeparator: \.isNewline)
    #expect(lines.count == 4 && lines[0].hasPrefix("HTTP/1.1 200") && lines[1].hasPrefix("HTTP/1.1 200"), "\(result)")
    #expect(lines.count == 4 && lines[2] != "swiftlet_log_lines_lost_total 0" && lines[3] == "0", "\(result)")
  }

  @Test(
    "what a model or a run was made of is not overwritten by any command that writes a file",
    arguments: [
      "$S report m/a --output exam.csv", "$S report a --output exam.csv", "$S report a --output m/a/model.json",
      "$S report m/a --output m/runs.sqlite", "$S report a --output m/runs.sqlite",
      "$S report a --output m/runs.sqlite-wal", "$S report m/a a --output m/a/history.csv",
      "$S report m/a.study --output exam.csv", "$S report m/a.study --output m/a.study/study.json",
      "$S export m/a --format onnx --output exam.csv", "$S export m/a --format html --output m/runs.sqlite",
      "echo 3 >new.csv; $S predict m/a --data new.csv --output exam.csv",
      "$S predict m/a --data new.csv --output m/runs.sqlite", "$S inspect m/a --plot exam.csv",
      "$S evaluate m/a --plot exam.csv", "$S evaluate m/a --data exam.csv --plot m/runs.sqlite",
      "mkdir p; ln exam.csv p/importance.svg; $S explain m/a --part importance --plots p",
      "cp exam.csv m/a/history.csv; $S train m/a/history.csv --target passed --output m/a --force",
    ])
  func protected(command: String) throws {
    let result = try Program.shell(
      Self.exam + """
        export SWIFTLET_RUNS=$PWD/m/runs.sqlite
        train --output m/a; mkdir m/a.study; echo '{"recipe": {"data": "exam.csv"}}' >m/a.study/study.json
        touch m/runs.sqlite-wal; before=$(cksum exam.csv m/a.study/* m/a/model.json)
        \(command); code=$?
        head -c 13 m/runs.sqlite; [ "$before" = "$(cksum exam.csv m/a.study/* m/a/model.json)" ] && echo kept
        exit $code
        """)
    #expect(result.code == 73, "\(result)")
    #expect(result.output == "SQLite formatkept\n" && result.errors.contains("is not overwritten"), "\(result)")
  }

  @Test("a proposed command replaces the flag that was given, and does not repeat it")
  func replacedFlags() throws {
    for epochs in [GivenSetting.recipe("training.epochs")("3"), try GivenSetting("training.epochs=3")] {
      let settings = [epochs, try GivenSetting("training.seed=5")]
      let words = ["iris"] + settings.flatMap(\.words)
      #expect(
        GivenSetting.replaced(settings, in: words, by: ["--epochs", "6"])
          == ["iris", "--set", "training.seed=5", "--epochs", "6"])
      #expect(
        GivenSetting.replaced(settings, in: words, by: ["--set", "training.seed=7"])
          == ["iris"] + epochs.words + ["--set", "training.seed=7"])
    }
  }
}
