// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import Testing

/// The program as a process: what it prints, and the code with which it ends.
@Suite("The command line", .serialized)
struct ProcessTests {
  private static let project = Program.project
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-cli-\(UUID())").path

  private func run(_ arguments: [String], input: String = "") throws -> (code: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: Self.project)
    let (output, errors, stdin) = (Pipe(), Pipe(), Pipe())
    (process.standardOutput, process.standardError, process.standardInput) = (output, errors, stdin)
    try process.run()
    stdin.fileHandleForWriting.write(Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    let complained = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: said, as: UTF8.self), String(decoding: complained, as: UTF8.self)
    )
  }

  private func write(_ text: String, as name: String) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    return folder + "/" + name
  }

  @Test("trains, evaluates, predicts and inspects, with the same figures everywhere")
  func wholeWay() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = folder + "/iris"
    let trained = try run(["train", "Datasets/iris", "--output", model, "--json", "--quiet"])
    #expect(trained.code == 0)
    // --quiet is about progress: two flowers of the data set are equal in all numbers, and that is said.
    #expect(trained.errors.hasPrefix("warning: 1 of the 30 test rows is in training too"))
    #expect(trained.errors.split(separator: "\n").count == 1)
    let report = try #require(try JSONSerialization.jsonObject(with: Data(trained.output.utf8)) as? [String: Any])
    #expect(report["task"] as? String == "classification")
    #expect(report["rows"] as? [String: Int] == ["train": 108, "validation": 12, "test": 30])
    let metrics = try #require((report["metrics"] as? [String: [String: Double]])?["test"])
    #expect(try #require(metrics["accuracy"]) >= 0.9)

    let evaluated = try run(["evaluate", model, "--json"])
    let evaluation = try #require(try JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any])
    #expect(evaluation["metrics"] as? [String: Double] == metrics)
    #expect((evaluation["confusion_matrix"] as? [[Int]])?.flatMap { $0 }.reduce(0, +) == 30)

    let rows =
      "petal_width_cm,sepal_length_cm,sepal_width_cm,petal_length_cm\n0.2,5.1,3.5,1.4\n2.3,6.9,3.2,5.7\n,6,3,4.5\n"
    let predicted = try run(["predict", model], input: rows)
    let lines = predicted.output.split(separator: "\n")
    #expect(lines[0] == "prediction,probability_setosa,probability_versicolor,probability_virginica")
    #expect(lines[1].hasPrefix("setosa,") && lines[2].hasPrefix("virginica,") && lines.count == 4)
    #expect(
      try run(["predict", model, "--format", "jsonl"], input: rows).output.hasPrefix("{\"prediction\": \"setosa\""))
    #expect(try run(["inspect", model]).output.contains("0  Linear(4 → 3)"))
    #expect(try run(["inspect", "Datasets/iris"]).output.contains("Iris: 150 rows, 6 columns"))
    #expect(try run(["train", "Datasets/iris", "--output", model]).code == 73)
  }

  @Test("the same recipe and seed give the same bytes of parameters, and another seed others")
  func reproducible() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func parameters(seed: String) throws -> Data {
      #expect(
        try run([
          "train", "Datasets/iris", "--model", "mlp", "--epochs", "5", "--seed", seed, "--set", "model.dropout=0.2",
          "--output", folder + "/m", "--force", "--quiet",
        ]).code == 0)
      return try Data(contentsOf: URL(fileURLWithPath: folder + "/m/model.safetensors"))
    }
    let first = try parameters(seed: "3")
    #expect(try parameters(seed: "3") == first)
    #expect(try parameters(seed: "4") != first)
  }

  @Test(
    "wrong flags, absent files and bad data have their codes and sentences",
    arguments: [
      (["train"], 64, "Missing expected argument"),
      (["train", "Datasets/iris", "--no-such-flag"], 64, "Unknown option"),
      (["train", "Datasets/iris", "--set", "training.epoch=3"], 64, "Did you mean \"training.epochs\"?"),
      (["train", "Datasets/iris", "--set", "epochs"], 64, "--set needs KEY=VALUE"),
      (["train", "Datasets/iris", "--epochs", "0", "--model", "mlp"], 64, "a whole number from 1"),
      (["train", "Datasets/iris", "--model", "linear", "--output", "/tmp/swiftlet-none"], 65, "Use --model logistic"),
      (
        ["train", "Datasets/iris", "--target", "specie", "--output", "/tmp/swiftlet-none"], 65,
        "Did you mean \"species\"?"
      ),
      (["train", "no-such.csv", "--target", "y"], 66, "there is no such file"),
      (["evaluate", "Datasets"], 66, "is not a model"),
      (["evaluate", "Models/iris", "--split", "tests"], 64, "--split is test, validation, train or all"),
      (["predict", "Models/none"], 66, "is not a model"),
      (["inspect", "no-such-folder"], 66, "there is no such file"),
    ] as [([String], Int32, String)])
  func refusals(arguments: [String], code: Int32, message: String) throws {
    let result = try run(arguments)
    #expect(result.code == code, "\(result.errors)")
    #expect(result.errors.contains(message), "\(result.errors)")
    #expect(result.output.isEmpty)
    #expect(!result.errors.contains("Fatal error"))
  }

  @Test("rows to predict are read as the training rows were: types, and what means missing")
  func predictsAsTrained() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rows = (0..<60).map {
      "\($0 % 3 == 0 ? "1" : $0 % 3 == 1 ? "2" : "x"),\($0 % 10 == 0 ? "-999" : "\($0)"),\($0 % 2)"
    }
    let path = try write("code,size,y\n" + rows.joined(separator: "\n"), as: "t.csv")
    let model = folder + "/m"
    let arguments = ["--model", "logistic", "--set", "source.missing=[-999]", "--quiet", "--output", model]
    #expect(try run(["train", path, "--target", "y"] + arguments).code == 0)
    // Alone, the codes look like numbers; and -999 is no size.
    let alone = try run(["predict", model], input: "code,size\n1,-999\n")
    let file = try write("code,size\n1,-999\nx,-999\n", as: "new.csv")
    let together = try run(["predict", model, "--data", file])
    #expect(alone.code == 0 && together.code == 0, "\(alone.errors)\(together.errors)")
    #expect(alone.output.split(separator: "\n")[1] == together.output.split(separator: "\n")[1])
    // The median fills what is missing: as far from -999 as training was.
    let filled = try run(["predict", model], input: "code,size\n1,\(30)\n").output.split(separator: "\n")[1]
    let missing = together.output.split(separator: "\n")[1]
    let difference =
      try #require(Double(filled.split(separator: ",")[1])) - (try #require(Double(missing.split(separator: ",")[1])))
    #expect(difference.magnitude < 0.05)
  }

  @Test("a run that goes out of bounds says what to try, and writes nothing")
  func divergence() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let result = try run([
      "train", "Datasets/concrete", "--model", "mlp", "--optimizer", "sgd", "--learning-rate", "1000", "--set",
      "training.schedule=constant", "--output",
      folder + "/m", "--quiet",
    ])
    #expect(result.code == 65)
    #expect(result.errors.contains("Try a smaller one (--learning-rate 100.0)"))
    #expect(result.errors.contains("D1  The step is too large: the loss was no longer a number at epoch 1."))
    #expect(!result.errors.contains("D7"))
    #expect(!FileManager.default.fileExists(atPath: folder + "/m"))
  }

  @Test("a CSV with odd things in it is trained on, and they are said")
  func oddCSV() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rows = (0..<60).map { i in
      "\(i + 1);\"town \(i % 3)\";\(i % 7 == 0 ? "NA" : "\(i % 10).5");\(i % 4 == 0 ? "" : i % 2 == 0 ? "ja" : "nein")"
    }
    let path = try write("\u{FEFF}id;town;size;answer\r\n" + rows.joined(separator: "\r\n"), as: "odd.csv")
    let result = try run(["train", path, "--target", "answer", "--output", folder + "/odd", "--json"])
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.errors.contains("15 rows have no target and were left out"))
    #expect(result.output.contains("\"labels\": [\"ja\", \"nein\"]"))
  }

  @Test("inspect prints the columns of data, and a model as its file has it, as JSON")
  func inspectJSON() throws {
    func json(_ path: String) throws -> [String: Any] {
      let result = try run(["inspect", path, "--json"])
      #expect(result.code == 0 && result.errors.isEmpty, "\(result.errors)")
      return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }
    let data = try json("Datasets/iris")
    let columns = try #require(data["columns"] as? [[String: Any]])
    #expect(data["name"] as? String == "iris" && data["rows"] as? Int == 150 && columns.count == 6)
    #expect(columns[0]["name"] as? String == "sepal_length_cm" && columns[0]["type"] as? String == "number")
    #expect(columns[0]["missing"] as? Int == 0)
    let model = try json("Models/iris")
    #expect(model["name"] as? String == "iris" && (model["pipeline"] as? [Any])?.count == 4)
  }

  @Test("quickstart goes all the way, and ends with commands that work")
  func quickstart() throws {
    let result = try Program.shell("ln -s $P/Datasets .; $S quickstart; echo $?; ls Models/quickstart")
    for part in [
      "this is a 0", "learns from 3439 such rows; 384 more choose its best epoch, and 1797 test it", "accuracy",
      "█ ", " serve Models/quickstart\n", "\n0\n", "model.json",
    ] { #expect(result.output.contains(part), "\(part): \(result)") }
    let elsewhere = try Program.shell("$S quickstart")
    #expect(
      elsewhere.code != 0 && elsewhere.errors.contains("Run quickstart in the folder of the project"), "\(elsewhere)")
  }

  @Test("draws a learning curve and a confusion matrix, and says why where it cannot")
  func plots() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = try write("", as: "plot.svg")
    #expect(try run(["inspect", "Models/digits", "--plot", file]).code == 0)
    #expect(try String(contentsOfFile: file, encoding: .utf8).contains(">validation loss</text>"))
    let matrix = try run(["evaluate", "Models/iris", "--plot", "-"])
    #expect(matrix.output.hasPrefix("<svg ") && matrix.output.contains("iris on 30 test rows"))
    #expect(try run(["inspect", "Datasets/iris", "--plot", file]).code == 65)
    #expect(try run(["evaluate", "Models/iris", "--plot", "/nowhere/plot.svg"]).code == 73)
    #expect(try run(["evaluate", "Models/iris", "--plot", "-", "--json"]).code == 64)
  }

  @Test("shows what a model of pictures looks at, as text, JSON, PNG and SVG, and says why where it cannot")
  func saliency() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let png = try write("", as: "looks.png")
    let asked = ["inspect", "Models/digits", "--saliency", "Datasets/digits", "--row", "2"]
    let text = try run(asked + ["--output", png])
    #expect(text.code == 0 && text.output.contains("Row 2 of Datasets/digits: digits answers "), "\(text)")
    #expect(text.output.contains("by gradient, in the ninths of the picture:"))
    let drawn = try Picture.decode([UInt8](Data(contentsOf: URL(fileURLWithPath: png))), name: "looks.png")
    #expect(drawn.width == 528 && drawn.height == 256)  // twice 8 · 32, and 16 between them
    let svg = try write("", as: "looks.svg")
    #expect(try run(asked + ["--method", "occlusion", "--about", "7", "--output", svg]).code == 0)
    let plot = try String(contentsOfFile: svg, encoding: .utf8)
    #expect(plot.contains("on which 7 depends most, by occlusion.") && plot.contains("data:image/png;base64,"))
    let json = try run(asked + ["--json"])
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect((object["saliency"] as? [[Double]])?.map(\.count) == Array(repeating: 8, count: 8))
    for (words, code, sentence) in [
      (["Models/iris", "--saliency", "Datasets/iris"], Int32(65), "the inputs of iris are columns"),
      (["Datasets/iris", "--saliency", "Datasets/iris"], 65, "Datasets/iris is not a model"),
      (
        ["Models/digits", "--saliency", "Datasets/digits", "--row", "9999"], 65,
        "has 5620 rows, so there is no row 9999"
      ),
      (["Models/digits", "--saliency", "Datasets/digits", "--about", "x"], 65, "does not answer \"x\", but: 0, 1"),
      (["Models/digits", "--saliency", "none.png"], 66, "none.png"),
      (["Models/digits", "--saliency", "Datasets/digits", "--output", "/nowhere/a.png"], 73, "/nowhere/a.png"),
      (["Models/digits", "--saliency", "Datasets/digits", "--output", "a.gif"], 64, "ends in .png or .svg"),
      (["Models/digits", "--saliency", "Datasets/digits", "--row", "0"], 64, "from 1 on, not 0"),
      (["Models/digits", "--saliency", "Datasets/digits", "--method", "x"], 64, "gradient or occlusion"),
      (["Models/digits", "--row", "1"], 64, "belong to --saliency"),
    ] {
      let refused = try run(["inspect"] + words)
      #expect(refused.code == code && refused.errors.contains(sentence), "\(words): \(refused)")
    }
  }

  @Test("evaluates on a file, whose target the model knows from the data set's description")
  func otherData() throws {
    let evaluated = try run(["evaluate", "Models/iris", "--data", "Datasets/iris/iris.csv", "--json"])
    #expect(evaluated.code == 0 && evaluated.output.contains("\"rows\": 150"), "\(evaluated.errors)")
    // And on rows of which none is for training.
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let lines = try String(contentsOfFile: Self.project + "/Datasets/iris/iris.csv", encoding: .utf8).split(
      separator: "\n")
    let test = [lines[0]] + lines.filter { $0.hasSuffix(",test") }
    let file = try write(test.joined(separator: "\n") + "\n", as: "test.csv")
    let judged = try run(["evaluate", "Models/iris", "--data", file, "--json"])
    #expect(judged.code == 0 && judged.output.contains("\"rows\": 30"), "\(judged.errors)")
  }

  @Test("evaluates at another threshold, where there are two classes")
  func threshold() throws {
    func recallOfMalignant(_ arguments: [String]) throws -> Int {
      let evaluated = try run(["evaluate", "Models/breast-cancer", "--json"] + arguments)
      let json = try JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any]
      return (json?["confusion_matrix"] as? [[Int]])?.last?.last ?? 0
    }
    #expect(try recallOfMalignant(["--threshold", "0.01"]) > recallOfMalignant(["--threshold", "0.99"]))
    #expect(try run(["evaluate", "Models/breast-cancer", "--threshold", "1.5"]).code == 64)
    let many = try run(["evaluate", "Models/iris", "--threshold", "0.3"])
    #expect(many.code == 65 && many.errors.contains("--threshold is for models of two classes, and iris has 3."))
  }

  @Test("makes a data set that can be trained on, lists them all, and replaces nothing unasked")
  func synthesize() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let listed = try run(["synthesize"])
    #expect(listed.code == 0 && listed.output.contains("card-fraud") && listed.output.contains("spirals"))
    let arguments = ["synthesize", "moons", "--seed", "3", "--rows", "90", "--output", folder + "/moons"]
    #expect(try run(arguments).code == 0)
    #expect(try run(["train", folder + "/moons", "--output", folder + "/model", "--quiet"]).code == 0)
    #expect(try run(arguments).code == 73)
    #expect(try run(arguments + ["--force"]).code == 0)
    let misspelt = try run(["synthesize", "moon"])
    #expect(misspelt.code == 64 && misspelt.errors.contains("Did you mean \"moons\"?"), "\(misspelt.errors)")
    #expect(try run(["synthesize", "moons", "--rows", "0"]).code == 64)
    #expect(try run(["synthesize", "moons", "--output", "/proc/nowhere"]).code == 73)
  }

  @Test("standard input that is closed, or a folder, is a missing input and no defect", arguments: ["<&-", "<."])
  func unreadableInput(redirection: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "'\(Program.path)' predict Models/iris \(redirection)"]
    process.currentDirectoryURL = URL(fileURLWithPath: Self.project)
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 66 && said.contains("standard input: cannot be read"), "\(said)")
  }
}
