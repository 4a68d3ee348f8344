// SPDX-License-Identifier: Apache-2.0
//
// Modules joined into one script, without the comments between their lines.
//
// A module becomes a function that gives what it exports, so names of one module do not meet those of another:
//
//     import { element } from "./dom.js";        const { element } = dom_js;
//     export function makeForm(…) { … }          const form_js = (() => { function makeForm(…) { … }
//                                                  return { makeForm }; })();
//
// Before    Playground/PlaygroundSaliency.swift     After    LivePage.swift

import Foundation
import SwiftletFormats

/// A script of several modules, each after those that it imports.
struct PageScript {
  private let modules: [String: String]
  private var joined: [String] = []
  private(set) var text = ""

  /// Joins a module and all that it imports, directly or not.
  ///
  /// - Parameters:
  ///   - root: The module that begins.
  ///   - modules: The text of each module by its name. A module imports and exports on lines of their own.
  /// - Throws: `FormatError` for a module that is not there.
  init(root: String, modules: [String: String]) throws {
    self.modules = modules
    try add(root, for: root)
  }

  private mutating func add(_ name: String, for importer: String) throws {
    guard !joined.contains(name) else { return }
    joined.append(name)
    guard let module = modules[name] else { throw FormatError(importer, "imports \(name), which is not in the page.") }
    var exports: [String] = []
    var body = ""
    for line in module.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("//") {
      if let (names, source) = PageScript.importing(line) {
        try add(source, for: name)
        body += "const \(names) = \(PageScript.identifier(source));\n"
      } else if line.hasPrefix("export ") {
        let declaration = line.dropFirst("export ".count)
        exports += PageScript.declared(declaration)
        body += declaration + "\n"
      } else {
        body += line + "\n"
      }
    }
    text +=
      "const \(PageScript.identifier(name)) = (() => {\n\(body)return { \(exports.joined(separator: ", ")) };\n})();\n"
  }

  /// The names and the module of `import { a, b } from "./c.js";`.
  private static func importing(_ line: Substring) -> (names: Substring, module: String)? {
    guard line.hasPrefix("import "), let from = line.range(of: " from \"./"), let end = line.lastIndex(of: "\"")
    else { return nil }
    return (
      line[line.index(line.startIndex, offsetBy: "import ".count)..<from.lowerBound],
      String(line[from.upperBound..<end])
    )
  }

  /// The name that a declaration gives: `async function ask(…` gives `ask`.
  private static func declared(_ declaration: Substring) -> [String] {
    let words = declaration.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "$") }
    let keywords: Set<Substring> = ["async", "function", "class", "const", "let"]
    return words.first { !keywords.contains($0) }.map { [String($0)] } ?? []
  }

  /// A module's name as a variable.
  private static func identifier(_ module: String) -> String {
    String(module.map { $0.isLetter || $0.isNumber ? $0 : "_" })
  }
}
