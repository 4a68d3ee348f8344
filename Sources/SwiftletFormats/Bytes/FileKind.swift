// SPDX-License-Identifier: Apache-2.0
//
// FileKind: what a file is, by its first bytes, whatever its name says.
//
// A file of a kind that is not supported is refused by the name of its kind, with the remedy.
//
// Before    TextReader.swift     After    LineWriter.swift
// Source    file(1), magic numbers; Apache Parquet, "File Format"

/// The kind of a file, as its first bytes show it.
package enum FileKind: Equatable {
  /// A SQLite database.
  case sqlite
  /// Objects of JSON: one on each line, or in a list.
  case json
  /// A PNG or a JPEG.
  case picture
  /// A kind that is not supported: its name, and what to do.
  case other(name: String, remedy: String)
  /// Most likely delimited text.
  case text

  /// Number of bytes that are looked at.
  private static let length = 4096

  /// Looks at the beginning of a source, inflated.
  package init(_ source: ByteSource) throws {
    var bytes = Array(repeating: UInt8(0), count: FileKind.length)
    let reader = try TextReader(source)
    var count = 0
    while count < bytes.count {
      let more = try bytes.withUnsafeMutableBytes {
        try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[count...]))
      }
      guard more > 0 else { break }
      count += more
    }
    self.init(beginning: bytes[..<count])
  }

  init(beginning bytes: ArraySlice<UInt8>) {
    if Picture.begins(bytes) {
      self = .picture
      return
    }
    if let signature = Signature.all.first(where: { bytes.starts(with: $0.bytes) }) {
      self = signature.bytes == Signature.sqlite ? .sqlite : FileKind.kind(of: signature, bytes)
      return
    }
    // UTF-32 reads as UTF-16 with a zero before each character.
    if bytes.count > 3, bytes.prefix(4).enumerated().allSatisfy({ ($1 == 0) == ($0 % 2 == 0) }) {
      self = .other(name: "text in UTF-32", remedy: "Save it as UTF-8.")
      return
    }
    var text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    text = text.drop(while: isSpace)
    let second = text.dropFirst().first { !isSpace($0) }
    switch text.first {
    case UInt8(ascii: "{") where second == UInt8(ascii: "\"") || second == UInt8(ascii: "}"): self = .json
    case UInt8(ascii: "[") where second == UInt8(ascii: "{"): self = .json
    case UInt8(ascii: "<"): self = FileKind.markup(text)
    default: self = FileKind.isLibSVM(text) ? FileKind.libSVM : FileKind.isARFF(text) ? FileKind.arff : .text
    }
  }

  private static func kind(of signature: Signature, _ bytes: ArraySlice<UInt8>) -> FileKind {
    func holds(_ name: String) -> Bool { bytes.firstRange(of: Array(name.utf8)) != nil }
    if signature.name == "a zip archive" {
      let isSpreadsheet = holds("xl/") || holds("[Content_Types].xml") || holds("opendocument.spreadsheet")
      if isSpreadsheet {
        return .other(name: "a spreadsheet", remedy: "Save the sheet as CSV from the program that made it.")
      }
    }
    return .other(name: signature.name, remedy: signature.remedy)
  }

  private static func markup(_ text: ArraySlice<UInt8>) -> FileKind {
    let beginning = String(decoding: text.prefix(200), as: UTF8.self).lowercased()
    if beginning.hasPrefix("<?xml") { return .other(name: "XML", remedy: "Convert it to CSV.") }
    if beginning.hasPrefix("<stata_dta>") {
      return .other(
        name: "a Stata file",
        remedy: "Convert it to CSV: pandas.read_stata(FILE).to_csv(\"data.csv\", index=False).")
    }
    guard
      ["<!doctype html", "<html", "<table", "<head", "<body"].contains(where: beginning.hasPrefix)
    else { return .text }
    return .other(name: "a web page", remedy: "Download the file itself, not the page that shows it.")
  }

  private static let arff = FileKind.other(
    name: "an ARFF file",
    remedy: "Keep the lines after @data, and put a line with the names of the columns before them.")

  private static func isARFF(_ text: ArraySlice<UInt8>) -> Bool {
    let lines = String(decoding: text.prefix(2000), as: UTF8.self).lowercased().split(whereSeparator: \.isNewline)
    return lines.first { !$0.hasPrefix("%") }?.hasPrefix("@relation") ?? false
  }

  private static let libSVM = FileKind.other(
    name: "a file of LIBSVM",
    remedy: "Convert it to CSV: sklearn.datasets.load_svmlight_file reads it, and pandas writes it.")

  /// Whether the first line is a number, then positions with their values: `1 3:0.5 17:2`.
  private static func isLibSVM(_ text: ArraySlice<UInt8>) -> Bool {
    let line = String(decoding: text.prefix { $0 != 0x0A }.prefix(400), as: UTF8.self)
    let parts = line.split(separator: " ").dropLast(line.utf8.count >= 400 ? 1 : 0)
    guard parts.count > 1, Double(parts[0]) != nil else { return false }
    return parts.dropFirst().allSatisfy { part in
      let pair = part.split(separator: ":", omittingEmptySubsequences: false)
      return pair.count == 2 && Int(pair[0]) != nil && Double(pair[1].filter { $0 != "\r" }) != nil
    }
  }
}

/// The bytes with which files of one kind begin.
private struct Signature {
  let bytes: [UInt8]
  let name: String
  let remedy: String

  init(_ bytes: [UInt8], _ name: String, _ remedy: String) {
    self.bytes = bytes
    self.name = name
    self.remedy = remedy
  }

  static let sqlite = Array("SQLite format 3\0".utf8)

  private static let unpack = "Unpack it first; the only compressed files that can be read are .gz."
  private static let save = "Save the picture as PNG or JPEG."
  private static let pandas = "Convert it to CSV: with pandas, pd.read_"

  static let all: [Signature] = [
    Signature(sqlite, "a SQLite database", ""),
    Signature(Array("GIF8".utf8), "a GIF", save),
    Signature([0x49, 0x49, 42, 0], "a TIFF", save),
    Signature([0x4D, 0x4D, 0, 42], "a TIFF", save),
    Signature([0x50, 0x4B, 0x03, 0x04], "a zip archive", unpack),
    Signature([0x50, 0x4B, 0x05, 0x06], "an empty zip archive", unpack),
    Signature(Array("BZh".utf8), "compressed by bzip2", unpack),
    Signature([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "compressed by xz", unpack),
    Signature([0x28, 0xB5, 0x2F, 0xFD], "compressed by zstd", unpack),
    Signature([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive", unpack),
    Signature(Array("Rar!".utf8), "a RAR archive", unpack),
    Signature(Array("PAR1".utf8), "a Parquet file", pandas + "parquet(FILE).to_csv(\"data.csv\", index=False)."),
    Signature(Array("ARROW1".utf8), "an Arrow file", pandas + "feather(FILE).to_csv(\"data.csv\", index=False)."),
    Signature(Array("FEA1".utf8), "a Feather file", pandas + "feather(FILE).to_csv(\"data.csv\", index=False)."),
    Signature(Array("ORC".utf8) + [0x0A], "an ORC file", pandas + "orc(FILE).to_csv(\"data.csv\", index=False)."),
    Signature([0xD0, 0xCF, 0x11, 0xE0], "an old Excel file", "Save the sheet as CSV from the program that made it."),
    Signature([0x89, 0x48, 0x44, 0x46], "an HDF5 file", pandas + "hdf(FILE).to_csv(\"data.csv\", index=False)."),
    Signature([0x93] + Array("NUMPY".utf8), "a NumPy array", "Save it as text: numpy.savetxt with delimiter=\",\"."),
    Signature(
      [0x80, 0x04, 0x95], "a pickle of Python", "Save the table as CSV from Python; a pickle can run programs."),
    Signature(
      [0x80, 0x05, 0x95], "a pickle of Python", "Save the table as CSV from Python; a pickle can run programs."),
    Signature(Array("$FL2".utf8), "an SPSS file", pandas + "spss(FILE).to_csv(\"data.csv\", index=False)."),
    Signature(
      Array("MATLAB 5.0".utf8), "a MATLAB file",
      "Write the table as CSV: writetable(T, \"data.csv\")."),
    Signature(
      Array("RDX".utf8), "an R data file",
      "Write the table as CSV: write.csv(d, \"data.csv\", row.names = FALSE)."),
    Signature(
      Array("Obj".utf8) + [1], "an Avro file",
      "Convert it to CSV or JSON Lines: avro-tools tojson FILE."),
    Signature([0, 0, 0xFE, 0xFF], "text in UTF-32", "Save it as UTF-8."),
    Signature(Array("%PDF".utf8), "a PDF", "Get the table behind it as CSV."),
  ]
}
