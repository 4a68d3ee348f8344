// SPDX-License-Identifier: Apache-2.0
//
// The files of a folder of pictures, in an order that depends on their names alone.
//
// Before    PictureSource.swift     After    JSONLinesSource.swift

import Foundation
import SwiftletFormats
import SwiftletTables

/// A file that should be a picture.
struct PictureFile {
  /// Its place in the folder, such as `stop/17.png`.
  let name: String
  let bytes: ByteSource
  /// The name of its class, if there are classes.
  var label: String?
  /// The part it plays, if folders say so.
  var split: Split?

  /// The file of a place.
  init(picture place: Place) {
    name = place.bytes.name
    bytes = place.bytes
  }

  fileprivate init(_ name: String, in folder: String, label: String?, split: Split?) {
    self.name = name
    self.label = label
    self.split = split
    bytes = .file(folder + "/" + name)
  }
}

/// A folder of pictures, by class or not.
struct PictureFolder {
  private let path: String
  /// All files, by split, class and name.
  private(set) var files: [PictureFile] = []
  /// What was not read, though it may have been meant to be.
  private var unused: [String] = []

  /// Lists a folder. Nothing is decoded yet.
  ///
  /// - Throws: `FormatError` for a folder without pictures, for a class without any, and for a name that is not UTF-8.
  init(_ path: String) throws {
    self.path = path
    let (folders, plain) = try entries("")
    // A folder called train is a part if it has folders of classes, and else a class of trains.
    let parts = try folders.contains { try Split(word: $0) == .train && !entries($0).folders.isEmpty }
    if parts {
      for split in Split.allCases {
        for folder in folders where Split(word: folder) == split {
          let (labels, plain) = try entries(folder)
          try addClasses(in: folder + "/", labels, split)
          leaveOut(plain, in: folder + "/")
        }
      }
      unused += folders.filter { Split(word: $0) == nil }
      leaveOut(plain, in: "")
    } else if folders.isEmpty {
      files = plain.map { PictureFile($0, in: path, label: nil, split: nil) }
    } else {
      try addClasses(in: "", folders, nil)
      leaveOut(plain, in: "")
    }
    guard files.isEmpty else { return }
    throw FormatError(
      path, "is a folder without a dataset.yaml, which would describe its data, and without pictures.",
      isMissingInput: true)
  }

  /// Notes the pictures among files that stand beside folders; a README may stand there.
  private mutating func leaveOut(_ files: [String], in prefix: String) {
    unused += files.filter { file in Picture.endings.contains { file.lowercased().hasSuffix($0) } }.map { prefix + $0 }
  }

  /// A warning about what was not read.
  var warning: String? {
    guard !unused.isEmpty else { return nil }
    let names = unused.prefix(5).map { quoted($0) }.joined(separator: ", ")
    let more = unused.count > 5 ? " and \(unused.count - 5) more" : ""
    return
      "Not read: \(names)\(more). Pictures are read from folders of classes, and these from the folder itself or from "
      + "train, validation and test."
  }

  private mutating func addClasses(in prefix: String, _ labels: [String], _ split: Split?) throws {
    for label in labels {
      let (folders, plain) = try entries(prefix + label)
      if let inner = folders.first {
        throw FormatError(
          path, "has the folder \(quoted(prefix + label + "/" + inner)) in that of a class; a class has pictures only.")
      }
      guard !plain.isEmpty else {
        throw FormatError(
          path, "has no pictures of the class \(quoted(label)): its folder is empty. Add some, or remove it.")
      }
      files += plain.map { PictureFile(prefix + label + "/" + $0, in: path, label: label, split: split) }
    }
  }

  /// The folders and the files in a folder, sorted by their bytes; hidden ones are left out.
  private func entries(_ place: String) throws -> (folders: [String], files: [String]) {
    let folder = place.isEmpty ? path : path + "/" + place
    guard let stream = opendir(folder) else {
      throw FormatError(folder, "cannot be opened: \(String(cString: strerror(errno))).", isMissingInput: true)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      guard let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) else { continue }
      // In bounds: the system ends each name with a zero.
      let name = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
      guard let text = String(validatingCString: name) else {
        throw FormatError(
          folder, "holds the file \(quoted(String(cString: name))), whose name is not UTF-8. Rename it.")
      }
      if !text.hasPrefix(".") { names.append(text) }
    }
    names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    if let pair = zip(names, names.dropFirst()).first(where: { $0 == $1 }) {
      throw FormatError(
        folder, "holds \(quoted(pair.0)) twice, written with different characters that look alike. Rename one of them.")
    }
    return (
      names.filter { FolderSource.isFolder(folder + "/" + $0) },
      names.filter { !FolderSource.isFolder(folder + "/" + $0) }
    )
  }
}
