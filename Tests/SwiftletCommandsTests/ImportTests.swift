// SPDX-License-Identifier: Apache-2.0

import Testing

/// `swiftlet import` as a process.
@Suite("Imports")
struct ImportTests {
  private static let weights = "$P/Tests/SwiftletInterchangeTests/Golden/PyTorch"

  @Test("a model's own parameters give its answers again, like the model and like the recipe")
  func roundTrip() throws {
    let made = try Program.shell(
      """
      ln -s $P/Models $P/Datasets . && set -e
      $S import Models/iris/model.safetensors --like Models/iris --output a >/dev/null
      $S predict a --data Datasets/iris/iris.csv >a.csv
      $S predict Models/iris --data Datasets/iris/iris.csv | cmp - a.csv
      $S import Models/iris/model.safetensors --like Datasets/iris --output b >/dev/null
      $S predict b --data Datasets/iris/iris.csv | cmp - a.csv
      $S evaluate a --json | sed 's/"model": *"[^"]*"//' >e.json
      $S evaluate Models/iris --json | sed 's/"model": *"[^"]*"//' | cmp - e.json
      $S inspect a >/dev/null; $S inspect b | grep -c imported || true
      """)
    #expect(made.code == 0, "\(made.errors)")
  }

  @Test("names that are others are matched by their order, and the figures are measured")
  func byOrder() throws {
    let made = try Program.shell(
      """
      ln -s $P/Datasets . && $S import \(Self.weights)/named.pt --like Datasets/iris --set model.kind=mlp \
      --set 'model.hidden=[5]' --output m && ls m && $S import \(Self.weights)/named.pt --like m --output m
      """)
    #expect(made.code == 73 && made.errors.contains("m: exists already. Use --force"), "\(made.code) \(made.errors)")
    #expect(made.errors.contains("warning: The parameters were learned elsewhere"))
    #expect(
      made.output.hasPrefix("The names are others, so the order decides:\nfc1.weight  is 0.weight\n"), "\(made.output)")
    #expect(
      made.output.contains("accuracy")
        && made.output.hasSuffix("README.md\nhistory.csv\nmodel.json\nmodel.safetensors\n"))
  }

  @Test(
    "what does not fit is said in a sentence, and nothing is written",
    arguments: [
      ("named.pt --like Models/iris", 65, "there are 4 tensors (fc1.weight [5, 4], "),
      (
        "sequential.pt --like Datasets/iris --set model.kind=mlp --set model.hidden=[8]", 65,
        "the parameter 0.weight has"
      ),
      (
        "named.pt --like Datasets/iris --set model.kind=mlp --set model.hidden=[8]", 65,
        "\"fc1.weight\" has the shape [5, 4]"
      ),
      ("named.pt --like Models/iris --set model.kind=mlp", 64, "Settings are for recipes"),
      ("system.pt --like Models/iris", 65, "system.pt: names \"posix.system\""),
      ("nothing.pt --like Models/iris", 66, "there is no such file"),
      ("named.pt --like nothing", 66, "nothing"),
      ("../make_golden.py --like Models/iris", 65, "is not a state_dict of PyTorch or a file of safetensors"),
    ])
  func refusals(arguments: String, code: Int32, sentence: String) throws {
    let refused = try Program.shell(
      "ln -s $P/Models $P/Datasets .; $S import \(Self.weights)/\(arguments) --output m; code=$?; ls; exit $code")
    #expect(refused.code == code && refused.errors.contains(sentence), "\(refused.code) \(refused.errors)")
    #expect(refused.output == "Datasets\nModels\n")
  }

  @Test("like a model whose data are not there, nothing is measured, and that is said")
  func unmeasured() throws {
    let made = try Program.shell(
      "cp -r $P/Models . && $S import Models/iris/model.safetensors --like Models/iris --output m && $S inspect m")
    #expect(made.code == 0 && made.errors.contains("warning: Nothing was measured"), "\(made.errors)")
  }
}
