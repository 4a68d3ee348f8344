// SPDX-License-Identifier: Apache-2.0
//
// OutputFile: writing a result where the user wants it, whole or not at all.
//
// Before    TextTable.swift     After    ProtectedFiles.swift

import Foundation
import SwiftletFormats

/// A file that a command writes; `-` is standard output.
struct OutputFile {
  /// The path as the user gave it.
  let path: String
  /// Where it leads: a symbolic link stays, and the file it points to is written.
  private let place: String
  /// The file that is there now, if there is one.
  private let existing: stat?

  /// Checks whether the file can be written, before any data are read.
  ///
  /// - Parameter inputs: The files and folders the command reads; none of their files is overwritten.
  /// - Throws: ``OutputError`` if the file is an input, or cannot be written.
  init(_ path: String, inputs: [String]) throws {
    self.path = path
    guard path != "-" else {
      place = path
      existing = nil
      return
    }
    place = try OutputFile.place(path)
    existing = status(of: place)
    guard let existing else {
      guard !inputs.contains(where: { resolved($0) == resolved(path) }) else { throw OutputFile.isInput(path) }
      try tryWriting()
      return
    }
    guard existing.st_mode & S_IFMT != S_IFDIR else { throw OutputError(message: "\(path) is a folder, not a file.") }
    if existing.st_mode & S_IFMT == S_IFREG {
      let read = inputs.flatMap(filesRead).map(status(of:)) + [statusOfStandardInput()]
      let isRead = read.contains { $0?.st_dev == existing.st_dev && $0?.st_ino == existing.st_ino }
      guard !isRead, !inputs.contains(where: { isPicture(place, in: $0) }) else {
        throw OutputFile.isInput(path)
      }
      try tryWriting()
    }
  }

  /// Writes a text as the whole file.
  func write(_ text: String) throws { try writing { write in try write(text) } }

  /// Writes the file, piece by piece. An ordinary file is replaced in one step when all is written; a device or a pipe
  /// takes the text as it comes.
  func writing(_ body: (_ write: (String) throws -> Void) throws -> Void) throws {
    guard path != "-" else {
      do { return try body(writeToStandardOutput) } catch is ReaderIsGone { return }
    }
    try writing(to: { descriptor in
      try body { text in try check(writeAll(text.utf8, to: descriptor)) }
    })
  }

  /// Writes bytes as the whole file, which is not standard output.
  func write(bytes: [UInt8]) throws {
    try writing(to: { try check(writeAll(bytes, to: $0)) })
  }

  /// Opens the file, or one that takes its place when all is written.
  private func writing(to body: (_ descriptor: Int32) throws -> Void) throws {
    if let existing, existing.st_mode & S_IFMT != S_IFREG {
      let descriptor = open(place, O_WRONLY)
      guard descriptor >= 0 else { throw cannotWrite(errno) }
      defer { close(descriptor) }
      return try body(descriptor)
    }
    let temporary = try openTemporary()
    defer { unlink(temporary.path) }  // gone after the renaming
    defer { close(temporary.descriptor) }
    try body(temporary.descriptor)
    try check(fsync(temporary.descriptor) == 0 ? 0 : errno)
    try check(rename(temporary.path, place) == 0 ? 0 : errno)
  }

  private static func place(_ path: String) throws -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
      throw OutputError(message: "\(path) cannot be written: it is a link to \(target), which does not exist.")
    }
    return path
  }

  /// Tries what `write` will do, and leaves everything as it was.
  private func tryWriting() throws {
    if existing != nil {
      let descriptor = open(place, O_WRONLY | O_APPEND)
      guard descriptor >= 0 else { throw cannotWrite(errno) }
      close(descriptor)
    }
    let temporary = try openTemporary()
    close(temporary.descriptor)
    unlink(temporary.path)
  }

  private func openTemporary() throws -> (path: String, descriptor: Int32) {
    let url = URL(fileURLWithPath: place)
    let folder = url.deletingLastPathComponent().path
    let temporary = folder + "/.\(url.lastPathComponent).\(getpid()).tmp"
    let descriptor = open(temporary, O_CREAT | O_TRUNC | O_WRONLY, 0o666)
    guard descriptor >= 0 else { throw cannotWrite(errno) }
    if let existing { fchmod(descriptor, existing.st_mode & 0o7777) }
    return (temporary, descriptor)
  }

  private static func isInput(_ path: String) -> OutputError {
    OutputError(
      message: "\(path) is an input of this command, or belongs to one, so it is not overwritten. Choose another file.")
  }

  private func check(_ code: Int32) throws { if code != 0 { throw cannotWrite(code) } }

  private func cannotWrite(_ code: Int32) -> OutputError {
    OutputError(message: "\(path) cannot be written: \(String(cString: strerror(code))).")
  }
}

/// Writes a result to standard output.
///
/// - Throws: ``OutputError`` if it cannot be written, and ``ReaderIsGone``.
func writeToStandardOutput(_ text: String) throws {
  try flushStandardOutput()  // what was printed before comes first
  let code = writeAll(text.utf8, to: STDOUT_FILENO)
  if code == EPIPE { throw ReaderIsGone() }
  if code != 0 { throw standardOutputError(code) }
}

/// The reader of standard output, such as `head`, has closed its end: nothing is lost, and there is nothing more to do.
struct ReaderIsGone: Error {}

/// Flushes what was printed, and throws if that fails.
func flushStandardOutput() throws {
  if fflush(nil) != 0, errno != EPIPE { throw standardOutputError(errno) }
}

private func standardOutputError(_ code: Int32) -> OutputError {
  OutputError(message: "standard output cannot be written: \(String(cString: strerror(code))).")
}

private func status(of path: String) -> stat? {
  var status = stat()
  return stat(path, &status) == 0 ? status : nil
}

private func statusOfStandardInput() -> stat? {
  var status = stat()
  return fstat(STDIN_FILENO, &status) == 0 ? status : nil
}

/// A file, or the files in a folder.
private func filesRead(_ input: String) -> [String] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: input)) ?? []
  return [input] + names.map { input + "/" + $0 }
}

/// A path without links in its folders, also of a file that comes and goes, such as the log of a list of runs.
private func resolved(_ path: String) -> String {
  let url = URL(fileURLWithPath: path).standardized
  return url.deletingLastPathComponent().resolvingSymlinksInPath().path + "/" + url.lastPathComponent
}

/// Whether a file is a picture in a folder of an input: pictures lie in a folder for each class.
private func isPicture(_ place: String, in input: String) -> Bool {
  guard let real = realpath(input, nil) else { return false }
  defer { free(real) }
  return SwiftletFormats.Picture.endings.contains { place.lowercased().hasSuffix($0) }
    && place.hasPrefix(String(cString: real) + "/")
}
