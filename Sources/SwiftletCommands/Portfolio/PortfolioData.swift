// SPDX-License-Identifier: Apache-2.0
//
// The data of a portfolio: which files they are, and whether these may travel with it.
//
// Before    Portfolio.swift     After    Workshop.swift

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletTables

/// Where the data of a portfolio are, and what becomes of them.
struct PortfolioData {
  /// A file of the data.
  struct File {
    /// Its place in the folder `data`; absolute, if it stays where it is.
    let name: String
    /// Where it is now.
    let path: String
    let sha256: String

    init(_ name: String, at path: String) throws {
      self.name = name
      self.path = URL(fileURLWithPath: path).path
      sha256 = try ByteSource.file(path).sha256()
    }
  }

  /// No more bytes than these are carried.
  static let mostBytes = 10_000_000

  /// The place that was named.
  let source: String
  /// The description, if the place is a data set's folder.
  let description: DatasetDescription?
  /// The files that hold the rows.
  let files: [File]
  /// Whether the place is a single file.
  private let isFile: Bool
  /// Files beside them that say what they are.
  let papers: [File]
  /// Why the rows are not in the portfolio; `nil` if they are.
  let absence: String?

  /// Looks at a place without reading its rows.
  ///
  /// - Throws: `FormatError` for a place that cannot be found again, and for files that are not there.
  init(_ source: String, isCarried: Bool) throws {
    guard FileManager.default.fileExists(atPath: source) else {
      throw FormatError(source, "there is no such file.", isMissingInput: true)
    }
    self.source = source
    description = try DataLoader.description(at: source)
    files = try PortfolioData.files(at: source, description)
    isFile = description == nil && PortfolioData.size(of: source) != nil
    let folder = description == nil ? nil : source
    papers = try ["dataset.yaml", "README.md", "LICENSE"].compactMap { name in
      let path = folder.map { $0 + "/" + name } ?? ""
      return PortfolioData.size(of: path) == nil ? nil : try File(name, at: path)
    }
    let size = files.reduce(0) { $0 + (PortfolioData.size(of: $1.path) ?? 0) }
    absence =
      !isCarried
      ? "They were left out on request."
      : PortfolioData.refusal(of: description?.licence) ?? PortfolioData.refusal(ofSize: size)
  }

  /// What the recipe of the portfolio names as its data.
  var recipeValue: String { isFile ? "data/" + files[0].name : "data" }

  private static func files(at source: String, _ description: DatasetDescription?) throws -> [File] {
    if let description {
      let parts = [description.files] + (description.testFiles.map { [$0] } ?? [])
      return try parts.flatMap { part in
        switch part {
        case .table(let file): [file]
        case .images(let images, let labels): [images, labels]
        }
      }.map { name in
        let path = name.hasPrefix("/") ? name : source + "/" + name
        guard !name.split(separator: "/").contains("..") else {
          throw FormatError(
            source,
            "its description names \(quoted(name)), which is outside of it. A portfolio carries the folder: copy the file "
              + "into it.")
        }
        guard size(of: path) != nil else {
          let remedy = description.install.map { " Install it: \($0)" } ?? ""
          throw FormatError(path, "there is no such file.\(remedy)", isMissingInput: true)
        }
        return try File(name, at: path)
      }
    }
    if size(of: source) != nil { return [try File(safe(URL(fileURLWithPath: source).lastPathComponent), at: source)] }
    let inside = FileManager.default.enumerator(atPath: source)?.compactMap { $0 as? String } ?? []
    let files = try inside.sorted().filter { name in
      !name.split(separator: "/").contains { $0.hasPrefix(".") } && size(of: source + "/" + name) != nil
    }.map { try File($0, at: source + "/" + $0) }
    guard !files.isEmpty else {
      throw FormatError(source, "cannot be read a second time, and a portfolio needs that. Save the data in a file.")
    }
    return files
  }

  /// A name that no shell, address or Makefile has to quote.
  private static func safe(_ name: String) -> String {
    let plain = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" })
    return plain.hasPrefix("-") || plain.hasPrefix(".") ? "data" + plain : plain
  }

  /// The bytes of a file; `nil` if it cannot be read.
  private static func size(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  private static func refusal(ofSize size: Int) -> String? {
    guard size > mostBytes else { return nil }
    return "They have \(size / 1_000_000) MB, and a repository should not carry more than \(mostBytes / 1_000_000)."
  }

  /// Licences by whose names it is known that the data may be passed on, unchanged and with credit.
  private static func refusal(of licence: String?) -> String? {
    guard let licence else { return nil }  // of data of your own, you decide
    let open = [
      "apache", "bsd", "cc", "cdla", "gpl", "lgpl", "mit", "mpl", "odbl", "odc", "pddl", "public domain", "unlicense",
    ]
    let word = licence.lowercased()
    guard !open.contains(where: word.hasPrefix) else { return nil }
    return "Their licence, \(licence), is not known to allow passing them on."
  }
}
