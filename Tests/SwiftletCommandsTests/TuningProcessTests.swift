// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import Testing

/// `tune`, `compare`, `runs` and what notes a training, as processes.
@Suite("Searching, comparing and tracking on the command line", .serialized)
struct TuningProcessTests {
  private static let iris = "$P/Datasets/iris --set split.validation=0.2 --trials 3 --folds 2 --quiet --json"

  private func json(_ text: some StringProtocol) throws -> JSONValue {
    try JSONValue.parse(Array(text.utf8)[...], name: "output")
  }

  @Test("an array of jobs finds what one search finds, and its trials are parts of one run")
  func jobs() throws {
    let result = try Program.shell(
      """
      $S tune \(Self.iris) --output whole/iris || exit 1
      for i in 2 0 1; do $S tune run \(Self.iris) --index $i --output jobs/iris >/dev/null 2>&1 || exit 2; done
      $S tune collect \(Self.iris) --output jobs/iris || exit 3
      for i in 0 1 2; do cmp whole/iris.study/trial-$i.json jobs/iris.study/trial-$i.json || exit 4; done
      cmp whole/iris/model.safetensors jobs/iris/model.safetensors || exit 5
      $S runs --runs jobs --json; $S runs list --runs jobs --all --json; $S runs show latest --runs jobs
      """)
    #expect(result.code == 0, "\(result)")
    let lines = result.output.split(separator: "\n")
    let (whole, jobs) = (try json(lines[0]), try json(lines[1]))
    #expect(whole["winner"] == jobs["winner"] && whole["recipe"] == jobs["recipe"] && whole["finished"] == 3)
    // 24 rows cannot tell three trials apart; but the folds compared them.
    #expect(whole["diagnosis"]?.array?.isEmpty == true && whole["diagnosis"] == jobs["diagnosis"])
    let listed = try #require(try json(lines[2]).array)
    #expect(listed.count == 1 && listed[0]["parts"] == 3 && listed[0]["kind"] == "tune")
    #expect(listed[0]["metric"] == "log_loss" && listed[0]["score"] == jobs["winner"]?["mean"])
    #expect(listed[0]["state"] == "completed" && listed[0]["bundle"] == "jobs/iris")
    let names = try json(lines[3]).array?.map { $0["name"]?.string }
    #expect(names.map(Set.init) == ["iris", "trial-0", "trial-1", "trial-2"])
    #expect(result.output.contains("Its parts"))
  }

  @Test("--seed and tune.seed move the search, and a setting of the section can be given like any other")
  func seeds() throws {
    let result = try Program.shell(
      """
      for seed in 1 2; do $S tune \(Self.iris) --seed $seed --output s$seed/iris >/dev/null 2>&1 || exit 1; done
      cmp -s s1/iris.study/trial-1.json s2/iris.study/trial-1.json && exit 2
      $S tune \(Self.iris) --set tune.seed=2 --set tune.folds=3 --folds 2 --output t/iris >/dev/null 2>&1 || exit 3
      grep -c '"seed": *2' t/iris.study/study.json; cmp s2/iris.study/trial-1.json t/iris.study/trial-1.json || exit 4
      $S tune \(Self.iris) --set tune.sed=2 --output u/iris; exit $?
      """)
    #expect(result.code == 64 || result.code == 65, "\(result)")
    #expect(result.output.hasPrefix("1") && result.errors.contains("Did you mean \"tune.seed\"?"), "\(result)")
  }

  @Test("a search that is over goes on with more trials, and the run is the same")
  func more() throws {
    let result = try Program.shell(
      """
      $S tune \(Self.iris) --output a/iris >/dev/null 2>&1 || exit 1
      stat -c %Y.%i a/iris.study/trial-1.json
      $S tune \(Self.iris) --trials 5 --output a/iris --force >/dev/null 2>&1 || exit 2
      stat -c %Y.%i a/iris.study/trial-1.json; ls a/iris.study
      $S runs --runs a --json
      """)
    #expect(result.code == 0, "\(result)")
    let lines = result.output.split(separator: "\n")
    #expect(lines[0] == lines[1])  // it was not run again
    #expect(lines.contains("trial-4.json") && lines.contains("recipe.yaml") && lines.contains("setting-1.svg"))
    let listed = try #require(try json(lines[lines.count - 1]).array)
    #expect(listed.count == 1 && listed[0]["parts"] == 5)
  }

  @Test(
    "what cannot be searched is a sentence and a code, and nothing is written",
    arguments: [
      ("--search training.l3=[1]", 65, "there is no setting \"training.l3\". Did you mean \"training.l2\"?"),
      ("--search 'training.l2={from: 2, to: 1}'", 65, "the range of training.l2 from 2.0 to 1.0 is empty"),
      ("--metric acuracy", 65, "There is no metric \"acuracy\". Did you mean \"accuracy\"?"),
      ("--search training.l2", 64, "--search needs KEY=VALUES"),
      ("--set split.validation=0", 65, "there are none. Use --set split.validation=0.2."),
      ("--trials 0", 64, "\"tune.trials\" must be a whole number from 1 to 100000"),
      ("--minutes -1", 64, "minutes"),
      ("--set tune.trails=3", 64, "there is no key \"tune.trails\". Did you mean \"tune.trials\"?"),
      ("--set training.epoch=3", 64, "there is no key \"training.epoch\". Did you mean \"training.epochs\"?"),
    ])
  func refusals(words: String, code: Int, sentence: String) throws {
    let result = try Program.shell("$S tune \(Self.iris) --output a/iris \(words); echo $?; ls")
    #expect(result.output == "\(code)\n" && result.errors.contains(sentence), "\(result)")
    guard !words.hasPrefix("--minutes") else { return }  // the minus is refused by the parser of flags, with the usage
    // One sentence: the usage of all commands would hide it.
    #expect(result.errors.hasPrefix("swiftlet: ") && result.errors.split(separator: "\n").count == 1, "\(result)")
  }

  @Test("a training leaves the settings of a search alone, and refuses those that do not exist")
  func othersSettings() throws {
    let result = try Program.shell(
      """
      $S train $P/Datasets/iris --quiet --no-track --set tune.trials=3 --output a >/dev/null; echo $?
      $S train $P/Datasets/iris --quiet --no-track --set tune.trails=3 --output b; echo $?; ls
      """)
    #expect(result.output == "0\n64\na\n" && result.errors.contains("Did you mean \"tune.trials\"?"), "\(result)")
  }

  @Test("a search of something else, a folder that is a file, and a trial that does not exist are refused")
  func otherRefusals() throws {
    let result = try Program.shell(
      """
      $S tune \(Self.iris) --output a/iris >/dev/null 2>&1
      $S tune \(Self.iris) --output a/iris --force --set training.l2=3; echo $?
      $S tune \(Self.iris) --output a/iris; echo $?
      mkdir b; touch b/iris.study; $S tune \(Self.iris) --output b/iris; echo $?
      $S tune run \(Self.iris) --index 3 --output c/iris; echo $?
      """)
    #expect(result.output == "65\n73\n73\n64\n", "\(result)")
    #expect(result.errors.contains("is a study of something else: its recipe differs"))
    #expect(result.errors.contains("--index is from 0 to 2, for there are 3 trials."))
  }

  @Test("a list of runs of a newer version is a warning, stays as it is, and the search is whole")
  func newerList() throws {
    let result = try Program.shell(
      """
      mkdir a; $S train $P/Datasets/iris --quiet --output a/first >/dev/null
      printf '\\x00\\x00\\x00\\x63' | dd of=a/runs.sqlite bs=1 seek=60 conv=notrunc 2>/dev/null
      rm -f a/runs.sqlite-wal a/runs.sqlite-shm; cp a/runs.sqlite before
      $S tune \(Self.iris) --output a/iris >/dev/null; echo $?
      cmp before a/runs.sqlite && ls a/iris/model.json
      $S runs --runs a; echo $?
      """)
    #expect(result.output == "0\na/iris/model.json\n65\n", "\(result)")
    #expect(result.errors.contains("is of version 99"))
  }

  @Test("compare finds a recipe equal to itself, and refuses what it cannot compare")
  func compare() throws {
    let result = try Program.shell(
      """
      cp $P/Datasets/iris/recipe.yaml a.yaml
      $S compare a.yaml a.yaml --data $P/Datasets/iris --folds 3 --quiet --json; echo $?
      $S compare a.yaml --data $P/Datasets/iris --folds 3 --quiet | head -1
      $S compare a.yaml --data $P/Datasets/iris --folds 1; echo $?
      $S compare a.yaml --data $P/Datasets/iris --folds 3 --metric f1; echo $?
      $S compare a.yaml --data $P/Datasets/nowhere; echo $?
      """)
    let lines = result.output.split(separator: "\n")
    let compared = try json(lines[0])
    #expect(compared["differences"]?.array?.first?["verdict"] == "not distinguishable")
    #expect(compared["folds"] == 3 && compared["recipes"]?.array?.count == 2)
    #expect(lines.dropFirst() == ["0", "log_loss over 3 folds; less is better", "64", "65", "66"], "\(result)")
    #expect(result.errors.contains("There is no metric \"f1\"."))
  }

  @Test("where no trial was compared with the recipe, it is not said that none is better")
  func nothingCompared() throws {
    let result = try Program.shell(
      """
      tune="--set split.validation=0.2 --folds 2 --quiet --no-track"
      $S tune $P/Datasets/iris $tune --trials 1 --output one/iris
      $S tune collect $P/Datasets/iris $tune --trials 3 --output mistyped/iris
      $S tune $P/Datasets/iris $tune --trials 3 --search 'training.learning_rate=[1e6]' --set training.clip_norm=0 \\
        --set training.optimizer=sgd --output all/iris
      """)
    #expect(
      result.output.contains("No trial was compared with the recipe: one trial is the recipe itself."), "\(result)")
    #expect(result.output.contains("none is in the folder. If they were run, look whether --output"), "\(result)")
    #expect(result.output.contains("all that were run failed, such as: "), "\(result)")
    #expect(!result.output.contains("No trial is better"), "\(result)")
  }

  @Test("a folder for TensorBoard that cannot be made is a sentence")
  func eventFolders() throws {
    let result = try Program.shell("$S train $P/Datasets/iris --tensorboard /proc/x --output m --quiet >/dev/null")
    #expect(
      result.code == 0
        && result.errors.contains("This run is not in /proc/x as a whole: No such file or directory."))
    #expect(!result.errors.contains("Domain"), "\(result.errors)")
    let export = try Program.shell(
      "$S train $P/Datasets/iris --output m/iris --quiet >/dev/null 2>&1; $S runs export --runs m --tensorboard /proc/x"
    )
    #expect(export.code == 73 && !export.errors.contains("writes it anew"), "\(export)")
  }

  @Test("folds that there are too few rows for are refused before anything is trained, and ranges of what is no number")
  func refusedBefore() throws {
    let result = try Program.shell(
      """
      $S train $P/Datasets/iris --folds 500 --output m/iris; echo $?
      $S tune $P/Datasets/iris --folds 500 --trials 2 --output m/iris; echo $?
      $S tune $P/Datasets/iris --search 'model.hidden={from: 1, to: 5}' --output m/iris; echo $?; ls -A
      """)
    #expect(result.output == "65\n65\n65\n", "\(result)")
    #expect(result.errors.components(separatedBy: "500 folds need at least 1000 rows").count == 3, "\(result.errors)")
    #expect(result.errors.contains("model.hidden is not a number") && !result.errors.contains("epoch"))
  }

  @Test("train --folds judges the recipe by folds too, and notes it")
  func folds() throws {
    let result = try Program.shell(
      """
      $S train $P/Datasets/iris --folds 3 --quiet --json --output a/iris
      $S runs show latest --runs a --json
      $S train $P/Datasets/iris --folds 1 --output b/iris; echo $?
      """)
    let lines = result.output.split(separator: "\n")
    let folds = try #require(try json(lines[0])["folds"])
    #expect(folds["count"] == 3)
    let mean = try #require(folds["metrics"]?["accuracy"]?["mean"]?.number)
    #expect(mean > 0.8 && mean <= 1)
    let noted = try json(lines[1])["metrics"]?.array?.first { $0["split"] == "folds" && $0["name"] == "accuracy" }
    #expect(noted?["value"]?.number == mean && noted?["low"] == folds["metrics"]?["accuracy"]?["low"])
    #expect(lines[2] == "64")
  }

  @Test("runs lists, shows, compares, exports and deletes")
  func runs() throws {
    let result = try Program.shell(
      """
      $S train $P/Datasets/iris --quiet --output a/one >/dev/null
      $S train $P/Datasets/iris --l2 3 --quiet --output a/two >/dev/null
      $S runs --runs a | wc -l; $S runs compare one two --runs a | grep l2; $S runs show three --runs a; echo $?
      $S runs export --runs a; echo $?; $S runs export --runs a --mlflow ftp://x; echo $?
      $S runs export one --runs a --mlflow http://127.0.0.1:9; echo $?
      $S runs export --runs a --tensorboard events; ls events | wc -l
      $S runs delete two --runs a; $S runs --runs a --json; $S runs --runs nowhere; echo $?
      """)
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines[0].trimmingCharacters(in: .whitespaces) == "3" && lines[1].contains("training.l2"), "\(result)")
    #expect(Array(lines[2...5]) == ["66", "64", "64", "73"])
    #expect(lines[6] == "Wrote 2 runs to events." && lines[7].trimmingCharacters(in: .whitespaces) == "2")
    let left = try json(lines[9]).array
    #expect(lines[8].hasSuffix("(two).") && left?.count == 1 && lines[10] == "66")
  }
}
