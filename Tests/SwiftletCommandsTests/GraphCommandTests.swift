// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Graphs of ONNX as processes: export, inspect, predict and evaluate.
@Suite("Graphs of ONNX")
struct GraphCommandTests {
  private static let begin = "ln -s $P/Datasets $P/Models .; $S export Models/iris --format onnx >/dev/null && "

  /// The cells of CSV without its header.
  private func cells(_ csv: String) -> [[Substring]] {
    csv.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
  }

  @Test("an exported model gives the labels and probabilities of its bundle")
  func exported() throws {
    let made = try Program.shell("ln -s $P/Models .; $S export Models/iris --format onnx && ls iris.onnx")
    #expect(made.code == 0 && made.errors.isEmpty, "\(made.errors)")
    #expect(made.output == "Wrote iris.onnx. Its inputs and outputs: swiftlet inspect FILE.\niris.onnx\n")
    let data = " --data Datasets/iris/iris.csv"
    let graph = try Program.shell(Self.begin + "$S predict iris.onnx" + data)
    let bundle = try Program.shell(Self.begin + "$S predict Models/iris" + data)
    #expect(graph.code == 0 && graph.errors.isEmpty, "\(graph.errors)")
    #expect(graph.output.split(separator: "\n")[0] == bundle.output.split(separator: "\n")[0])
    let rows = Array(zip(cells(graph.output), cells(bundle.output)))
    #expect(rows.count == 150)
    for (found, wanted) in rows {
      #expect(found[0] == wanted[0])
      for (a, b) in zip(found.dropFirst(), wanted.dropFirst()) {
        #expect(try abs(#require(Double(a)) - #require(Double(b))) < 1e-6)
      }
    }
  }

  @Test("what is kept stands beside the answers, also in lines of JSON")
  func kept() throws {
    let run = try Program.shell(
      Self.begin + "head -3 Datasets/iris/iris.csv | $S predict iris.onnx --keep species --format jsonl")
    #expect(run.code == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].hasPrefix("{\"species\": \"setosa\", \"prediction\": \"setosa\", "))
  }

  @Test("inspect shows who wrote it, its columns, and its operators")
  func inspected() throws {
    let run = try Program.shell(Self.begin + "$S inspect iris.onnx")
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("iris: classification\nONNX by swiftlet 0.1.0, IR 8, ai.onnx 15, ai.onnx.ml 2\n"))
    for part in ["Labels: setosa, versicolor, virginica", "sepal_length_cm", "[batch, 4]", "LabelEncoder 1"] {
      #expect(run.output.contains(part))
    }
    let json = try Program.shell(Self.begin + "$S inspect iris.onnx --json")
    #expect(
      json.output.hasPrefix("{\"name\": \"iris\", \"task\": \"classification\", ") && json.output.hasSuffix("}\n"))
  }

  @Test("evaluate measures it as it measures the bundle, and asks which column is true")
  func evaluated() throws {
    let graph = try Program.shell(Self.begin + "$S evaluate iris.onnx --data Datasets/iris")
    let bundle = try Program.shell(Self.begin + "$S evaluate Models/iris --data Datasets/iris/iris.csv --split all")
    #expect(graph.code == 0, "\(graph.errors)")
    let accuracy: (String) -> Substring? = { $0.split(separator: "\n").first { $0.hasPrefix("accuracy") } }
    #expect(accuracy(graph.output) == accuracy(bundle.output) && accuracy(graph.output) != nil)
    let unknown = try Program.shell(Self.begin + "$S evaluate iris.onnx")
    #expect(unknown.code == 65)
    #expect(unknown.errors == "swiftlet: iris.onnx does not say what it was trained on. Name rows with --data FILE.\n")
    let target = try Program.shell(Self.begin + "$S evaluate iris.onnx --data Datasets/iris/iris.csv --target kind")
    #expect(target.code == 65 && target.errors.contains("There is no column \"kind\""))
  }

  @Test("what is no graph, or is not there, is refused with a sentence")
  func refused() throws {
    let broken = try Program.shell("printf 'PK' >a.onnx; printf 'x\\n1\\n' | $S predict a.onnx")
    #expect(broken.code == 65 && broken.errors.hasPrefix("swiftlet: a.onnx is not a valid ONNX file: "))
    let absent = try Program.shell("$S predict b.onnx --data c.csv")
    #expect(absent.code == 66 && absent.errors.contains("b.onnx"))
    let column = try Program.shell(Self.begin + "printf 'a,b\\n1,2\\n' | $S predict iris.onnx")
    #expect(column.code == 65 && column.errors.contains("_cm\" in the data. Choose from a, b."))
    let text = try Program.shell("ln -s $P/Models .; $S export Models/iris --format onnx --output -")
    #expect(text.code == 73 && text.errors.contains("Name a file with --output."))
    let folder = try Program.shell("ln -s $P/Models .; mkdir iris.onnx; $S export Models/iris --format onnx")
    #expect(folder.code == 73 && folder.errors == "swiftlet: iris.onnx is a folder, not a file.\n")
    let none = try Program.shell("$S export nothing --format onnx")
    #expect(none.code == 66)
  }
}
