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

  @Test(
    "what cannot be written is said in a sentence",
    arguments: [
      ("Models/iris", 64, "Which form? Give --format (html"),
      ("Models/iris --output iris.exe", 64, "Which form?"),
      ("Models/iris --format exe", 64, "There is no form \"exe\". The forms are: html"),
      ("Models/nothing --format html", 66, "Models/nothing: is not a model"),
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
