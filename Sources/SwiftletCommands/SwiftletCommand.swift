// SPDX-License-Identifier: Apache-2.0
//
// The command line: `swiftlet COMMAND …`.
//
// Results go to standard output, progress and messages to standard error. Exit codes are those of
// sysexits(3): 64 for a wrong flag, 65 for bad data, 66 for missing input, 69 for an address that
// cannot be opened, 73 for output that cannot be written, 70 for a bug of Swiftlet, and 130 for an interruption.
//
// Before    SwiftletTraining     After    AddressSpace.swift

import ArgumentParser
import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletServing
import SwiftletTables
import SwiftletTraining

/// The root of all commands.
public struct SwiftletCommand: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "swiftlet",
    abstract: "Machine learning from a data file to a trained, tested, saved model.",
    discussion: """
      Begin with the tour, which trains a model that reads handwritten digits:

        swiftlet quickstart

      Then with data of your own:

        swiftlet inspect my.csv
        swiftlet train my.csv --target COLUMN
        swiftlet evaluate Models/my
        swiftlet explain Models/my
        swiftlet predict Models/my --data new.csv --keep id
        swiftlet serve Models/my

      Everything that can be set, with its default:

        swiftlet help settings
      """,
    version: swiftletVersion,
    subcommands: [
      QuickstartCommand.self, InspectCommand.self, TrainCommand.self, CompareCommand.self, TuneCommand.self,
      SettingsCommand.self, EvaluateCommand.self, ExplainCommand.self, PredictCommand.self, RecommendCommand.self,
      RunsCommand.self, ReportCommand.self, ServeCommand.self, PackageCommand.self, ExportCommand.self,
      ImportCommand.self, NewCommand.self, SynthesizeCommand.self,
    ])

  public init() {}

  /// Runs the command that the arguments ask for, and ends the program with its code.
  public static func main() async {
    signal(SIGPIPE, SIG_IGN)  // a closed standard error does not end the work
    var arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.starts(with: ["help", "settings"]) { arguments.removeFirst() }  // with a key, or --schema
    do {
      var command = try await asyncParseAsRoot(arguments)
      AddressSpace.check()
      if var asynchronous = command as? AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      try reportingErrors { try flushStandardOutput() }
    } catch {
      exit(withError: error)
    }
  }
}

/// The codes with which the program ends.
enum ExitStatus {
  static let usage = ExitCode(64)
  static let badData = ExitCode(65)
  static let noInput = ExitCode(66)
  static let defect = ExitCode(70)
  static let cannotListen = ExitCode(69)
  static let cannotWrite = ExitCode(73)
  static let interrupted = ExitCode(130)
}

/// Runs the body of a command; an error becomes a sentence on standard error and an exit code.
func reportingErrors<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let code as ExitCode {
    throw code
  } catch let error as FormatError {
    printError("swiftlet: \(error)")
    throw error.isAboutOutput
      ? ExitStatus.cannotWrite : error.isMissingInput ? ExitStatus.noInput : ExitStatus.badData
  } catch is ReaderIsGone {
    throw ExitCode.success
  } catch let error as OutputError {
    printError("swiftlet: \(error.message)")
    throw ExitStatus.cannotWrite
  } catch let error as DataError {
    printError("swiftlet: \(error)")
    throw ExitStatus.badData
  } catch let error as TrainingPageError {
    printError("swiftlet: \(error)")
    throw ExitStatus.cannotListen
  } catch let error as DivergenceError {
    printError("swiftlet: \(error)")
    throw ExitStatus.badData
  } catch let error as ValidationError {
    printError("swiftlet: \(error.message)")
    throw ExitStatus.usage
  } catch let error as SettingError {
    printError("swiftlet: \(error.message)")
    throw ExitStatus.usage
  } catch {
    printError("swiftlet: \(error)")
    throw ExitStatus.defect
  }
}

/// Runs a body that writes: its errors are about the output, not about the data.
func writing<Result>(_ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let error as FormatError { throw OutputError(message: error.description) }
}

/// Output that cannot be written.
struct OutputError: Error {
  let message: String
}

/// Writes a line to standard error.
func printError(_ text: String) { LineWriter.standardError.write(text + "\n") }

/// The path by which the program was called, for commands that are printed to be pasted.
var programPath: String { CommandLine.arguments.first ?? "swiftlet" }
