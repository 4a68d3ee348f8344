// SPDX-License-Identifier: Apache-2.0
//
// InputSchema: what one input of a model is, as data.
//
// A server, an OpenAPI document, a page with a form, a model's signature and a monitor all ask the same of a column:
// its name, how its values are written, which of them are known, what a typical one is. They read this description and
// never the kind of the column, so that a new kind of column changes none of them.
//
// Shapes    H, W the height and the width of a picture
// Before    ColumnProfile.swift     After    ColumnEncoder.swift

import SwiftletFormats
import SwiftletTensors

/// One input of a model: its name, how its values are written, and which of them training had.
public struct InputSchema: Sendable, Equatable {
  /// How a single value is written in a request. The protocols know only these few forms.
  public enum Form: Sendable {
    /// A number.
    case number
    /// A whole number from 0 to 255, such as a pixel.
    case byte
    /// A text.
    case word
    /// A truth value, or one of the two words for it.
    case truth
  }

  /// The column's name.
  public var name: String
  /// The column's type in the training data.
  public var type: ColumnType
  /// How a value is written.
  public var form: Form
  /// The shape of one row's values: `[]` for a cell of a table, `[H, W]` for a picture.
  public var rowShape: Shape = []
  /// The unit, if the data set names one.
  public var unit: String?
  /// The numbers that are accepted. Others are too far from the training data.
  public var bounds: ClosedRange<Double>?
  /// The words of the training rows; for truth values the word for false, then that for true.
  public var words: [String] = []
  /// The number of training rows of each word, if the encoder kept them.
  public var counts: [Int] = []
  /// The value that replaces a missing one, if there is one.
  public var fill: JSONValue = .null
  /// A typical value of the training rows. A picture is filled with it.
  public var typical: JSONValue
  /// A sentence about the values, for their senders.
  public var meaning: String
  /// Range and mean of the training rows, if the values are numbers.
  public var profile: ColumnProfile?

  /// How numbers were written in training.
  public var style = NumberStyle()

  /// Whether a row's value is a single cell of a table.
  public var isCell: Bool { rowShape.rank == 0 }

  /// A row's value in the input's shape, made of ``typical`` values.
  public var example: JSONValue {
    rowShape.reversed().reduce(typical) { .array(Array(repeating: $0, count: $1)) }
  }

  /// Whether a value can stand in the column, `null` where it is missing.
  public func accepts(_ value: JSONValue) -> Bool {
    guard isCell else { return false }
    if value == .null { return true }
    switch form {
    case .number, .byte: return value.number?.isFinite ?? false
    case .word: return value.string != nil
    case .truth: return value.string.map { TruthWords.value(of: $0) != nil } ?? false
    }
  }

  /// Why a number is refused, because an answer to it would mean nothing; `nil` for one that is accepted.
  ///
  /// - Parameter row: The number of its row, for the message.
  package func refusal(of number: Double, row: Int) -> String? {
    guard let bounds, number < bounds.lowerBound || number > bounds.upperBound else { return nil }
    return "The number \(number) at row \(row) for \(quoted(name)) is too far from what the model was trained on: "
      + "it answers from \(bounds.lowerBound) to \(bounds.upperBound)."
  }

  /// The type by which the column is read from a file or a request; `nil` if it is a picture.
  ///
  /// A column has the type that it had in training, even if a few rows look different. Truth values are read as
  /// categories, so that another word is counted and not refused.
  public var readingType: ColumnType? { isCell ? (form == .truth ? .category : type) : nil }

  /// The input in a model's signature.
  public var json: JSONValue {
    var members: [JSONValue.Member] = [.init("name", .string(name)), .init("type", .string(type.rawValue))]
    if form == .word { members.append(.init("categories", JSONValue(words))) }
    return .object(members + sizeMembers + (profile?.members ?? []))
  }

  /// Height and width, if the input is a picture.
  package var sizeMembers: [JSONValue.Member] {
    zip(["height", "width"], rowShape.suffix(2)).map { .init($0, JSONValue($1)) }
  }
}

extension InputSchema {
  /// An input of cells. The other properties are set afterwards.
  public init(name: String, type: ColumnType, form: Form, typical: JSONValue) {
    self.init(name: name, type: type, form: form, typical: typical, meaning: name)
  }
}
