// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `swiftlet export` as a process.
@Suite("Exports")
struct ExportTests {
  @Test("the form follows from the ending or is named; a page says what to do with it")
  func forms() throws {
    let made = try Program.shell(
      """
      ln -s $P/Models .; $S export Models/iris --output a.html && $S export Models/iris --format html &&
      $S export Models/iris --format html --output - | cmp - a.html && cmp a.html iris.html
      """)
    #expect(made.code == 0, "\(made.errors)")
    #expect(
      made.output == """
        Wrote a.html. Open it in a browser; it needs no server.
        Wrote iris.html. Open it in a browser; it needs no server.

        """)
  }

  @Test("Core ML and PMML follow from names and endings; PMML is text for standard output, Core ML is not")
  func phonesAndBanks() throws {
    let made = try Program.shell(
      """
      ln -s $P/Models .; $S export Models/iris --output Iris.mlmodel && $S export Models/iris --format coreml &&
      cmp Iris.mlmodel iris.mlmodel && $S export Models/iris --output iris.pmml &&
      $S export Models/iris --format pmml --output - | cmp - iris.pmml && head -n 2 iris.pmml
      $S export Models/iris --format coreml --output -; echo $?
      """)
    #expect(
      made.output == """
        Wrote Iris.mlmodel. Add it to an app in Xcode, which makes a class of it.
        Wrote iris.mlmodel. Add it to an app in Xcode, which makes a class of it.
        Wrote iris.pmml.
        <?xml version="1.0" encoding="UTF-8"?>
        <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
        73

        """, "\(made.errors)")
    #expect(made.errors.contains("is bytes and no text for standard output"))
  }

  @Test(
    "what cannot be written is said in a sentence",
    arguments: [
      ("Models/iris", 64, "Which form? Give --format (html"),
      ("Models/iris --output iris.exe", 64, "Which form?"),
      ("Models/iris --format exe", 64, "There is no form \"exe\". The forms are: html"),
      ("Models/nothing --format html", 66, "Models/nothing is not a model"),
      ("Models/iris --output no/iris.html", 73, "no/iris.html cannot be written"),
    ])
  func refusals(arguments: String, code: Int32, sentence: String) throws {
    let refused = try Program.shell("ln -s $P/Models .; $S export \(arguments)")
    #expect(refused.code == code && refused.errors.contains(sentence), "\(refused.code) \(refused.errors)")
    #expect(refused.output.isEmpty)
  }

  @Test("a model that recommends is refused by its name, and nothing is written")
  func recommender() throws {
    let refused = try Program.shell(
      """
      ln -s $P/Datasets .; $S train Datasets/ratings --epochs 1 --output m --quiet --no-track >/dev/null 2>&1
      $S export m --output m.html; code=$?; ls m.html; exit $code
      """)
    #expect(refused.code == 65 && refused.errors.contains("recommends items, and a page answers for rows"))
  }
}
