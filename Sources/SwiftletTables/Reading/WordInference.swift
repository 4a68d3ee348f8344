// SPDX-License-Identifier: Apache-2.0
//
// WordInference: whether a column of words holds truth values, numbers in some form, dates, or just words.
//
// All cells count, and none is guessed: if a tenth or fewer are not what the others are, or if the numbers can be read in
// two ways, the column gets a doubt, and a run that needs the column stops with its sentence.
//
// Before    ColumnEvidence.swift     After    ColumnBuilder.swift

import SwiftletFormats

/// The type of a column of words.
enum WordInference {
  case words(doubt: Doubt?)
  case truth
  /// Numbers: one for each word.
  case numbers([Double], NumberStyle)
  /// Dates: seconds for each word.
  case dates([Double])

  /// The largest part of odd cells in a column that otherwise has a type.
  private static let oddPart = 0.1

  init(_ words: WordCounts, _ options: ReadingOptions, areQuoted: Bool) {
    if TruthWords.areTruthValues(words.words) {
      self = .truth
    } else if let found = WordInference.numbers(words, options, areQuoted: areQuoted) {
      self = found
    } else if let found = WordInference.dates(words) {
      self = found
    } else {
      self = .words(doubt: WordInference.truthDoubt(words))
    }
  }

  // MARK: Numbers

  /// Each word as a number, in each form.
  private struct Readings {
    var numbers: [NumberWithUnit?] = []
    /// By form, then by word.
    var values: [[Double?]]
    let forms: [NumberForm]
  }

  /// `nil` if the column holds too many other cells.
  private static func numbers(_ words: WordCounts, _ options: ReadingOptions, areQuoted: Bool) -> WordInference? {
    guard let readings = readings(words, options) else { return nil }
    // 01067 in quotes is a name.
    if areQuoted, words.words.contains(where: hasLeadingZero) { return nil }
    let forms = readings.forms
    let weights = forms.indices.map { form in
      words.counts.indices.reduce(0) { $0 + (readings.values[form][$1] == nil ? 0 : words.counts[$1]) }
    }
    guard let best = weights.max(), best > 0 else { return nil }
    let fitting = forms.indices.filter { weights[$0] == best }
    let isPercent = hasPercent(words, readings)
    let chosen = fitting[0]
    let values = readings.values[chosen]
    let odd = words.words.indices.filter { values[$0] == nil || (readings.numbers[$0]?.unit == "%") != isPercent }
    let oddCount = odd.reduce(0) { $0 + words.counts[$1] }
    guard Double(oddCount) <= oddPart * Double(words.total) else {
      return mixture(words, readings, odd)
    }
    guard odd.isEmpty else {
      let known = values.compactMap { $0 }
      let canBeCategories = words.words.count <= 1000 && known.allSatisfy { $0 == $0.rounded() }
      return .words(doubt: words.doubt("numbers", odd: odd, canBeCategories: canBeCategories))
    }
    if forms[chosen] != .plain, let doubt = ambiguity(words, readings, fitting) {
      return .words(doubt: Doubt(doubt))
    }
    if let doubt = currencyDoubt(words, readings) { return .words(doubt: doubt) }
    return .numbers(values.compactMap { $0 }, NumberStyle(form: forms[chosen], isPercent: isPercent))
  }

  /// Numbers that are written in several ways: 1'234.5 and 2.345,5, or 5% and 0.05.
  private static func mixture(_ words: WordCounts, _ readings: Readings, _ odd: [Int])
    -> WordInference?
  {
    let isReadable: (Int) -> Bool = { word in readings.values.contains { $0[word] != nil } }
    let readable = words.words.indices.filter(isReadable)
    let others = Set(odd).intersection(readable)
    let readableCount = readable.reduce(0) { $0 + words.counts[$1] }
    guard let first = readable.first(where: { !others.contains($0) }), let other = others.min(),
      Double(words.total - readableCount) <= oddPart * Double(words.total)
    else { return nil }
    return .words(
      doubt: Doubt(
        "\(quoted(words.name)) holds numbers that are written in several ways: \(words.shown([first, other])). Write "
          + "them in one", remedies: words.remedies))
  }

  /// Amounts of several currencies cannot be compared.
  private static func currencyDoubt(_ words: WordCounts, _ readings: Readings) -> Doubt? {
    var first: [String: Int] = [:]
    for (word, number) in readings.numbers.enumerated() {
      guard let unit = number?.unit, !unit.isEmpty else { continue }
      first[unit] = first[unit] ?? word
    }
    guard first.count > 1 else { return nil }
    return Doubt(
      "\(quoted(words.name)) holds amounts of \(first.count) currencies: \(words.shown(Array(first.values))). Convert them "
        + "to one", remedies: words.remedies)
  }

  private static func readings(_ words: WordCounts, _ options: ReadingOptions) -> Readings? {
    let forms = options.forms
    var readings = Readings(values: Array(repeating: [], count: forms.count), forms: forms)
    let oddLimit = oddPart * Double(words.total)
    var oddCount = 0
    for (word, count) in zip(words.words, words.counts) {
      let number = NumberWithUnit(word)
      readings.numbers.append(number)
      for form in forms.indices { readings.values[form].append(number.flatMap { forms[form].value(of: $0) }) }
      if number == nil { oddCount += count }
      if Double(oddCount) > oddLimit { return nil }
    }
    return readings
  }

  /// Whether most numbers have a percent sign.
  private static func hasPercent(_ words: WordCounts, _ readings: Readings) -> Bool {
    var balance = 0
    for (number, count) in zip(readings.numbers, words.counts) {
      guard let number else { continue }
      balance += number.unit == "%" ? count : -count
    }
    return balance > 0
  }

  /// The sentence with both readings of a word that fits two forms, and is another number in each.
  private static func ambiguity(_ words: WordCounts, _ readings: Readings, _ fitting: [Int]) -> String? {
    for word in words.words.indices {
      guard let first = readings.values[fitting[0]][word] else { continue }
      for form in fitting.dropFirst() {
        guard let other = readings.values[form][word], other != first else { continue }
        return "\(quoted(words.words[word])) in \"\(words.name)\" (\(words.placeNoun) \(words.places[word])) can be "
          + "\(meaning(first, readings.forms[fitting[0]])), or \(meaning(other, readings.forms[form]))."
      }
    }
    return nil
  }

  /// A reading with the setting that chooses it.
  private static func meaning(_ value: Double, _ form: NumberForm) -> String {
    let setting =
      form.thousands == .none
      ? setFlag("source.decimal", .string(form.decimal.rawValue))
      : setFlag("source.thousands", .string(form.thousands.settingWord))
    return "\(JSONValue.spelling(of: value)) with \(setting)"
  }

  // MARK: Dates and truth values

  private static func dates(_ words: WordCounts) -> WordInference? {
    var seconds: [Double] = []
    var odd: [Int] = []
    var oddCount = 0
    for (position, word) in words.words.enumerated() {
      if let date = CalendarDate(word) {
        seconds.append(date.seconds)
        continue
      }
      odd.append(position)
      oddCount += words.counts[position]
      if Double(oddCount) > oddPart * Double(words.total) { return otherDates(words) }
    }
    guard odd.isEmpty else { return .words(doubt: words.doubt("dates", odd: odd, canBeCategories: false)) }
    return seconds.isEmpty ? nil : .dates(seconds)
  }

  /// Dates in a form that is not read get a sentence.
  private static func otherDates(_ words: WordCounts) -> WordInference? {
    var otherCount = 0
    var seenCount = 0
    for (word, count) in zip(words.words, words.counts) {
      seenCount += count
      if CalendarDate(word) == nil, CalendarDate.looksLikeOtherForm(word) { otherCount += count }
      if Double(seenCount - otherCount) > oddPart * Double(words.total) { return nil }
    }
    return .words(
      doubt: Doubt(
        "\"\(words.name)\" holds dates such as \(quoted(words.words[0])), and dates are read in the form 2024-03-31 or "
          + "2024-03-31 18:30. Write them so", remedies: words.remedies))
  }

  private static func truthDoubt(_ words: WordCounts) -> Doubt? {
    guard words.words.count > 2, words.words.count <= 20 else { return nil }
    let truths = words.words.indices.filter { TruthWords.value(of: words.words[$0]) != nil }
    let odd = words.words.indices.filter { TruthWords.value(of: words.words[$0]) == nil }
    let oddCount = odd.reduce(0) { $0 + words.counts[$1] }
    guard !odd.isEmpty, Double(oddCount) <= oddPart * Double(words.total),
      TruthWords.areTruthValues(truths.map { words.words[$0] })
    else { return nil }
    return words.doubt("truth values", odd: odd, canBeCategories: true)
  }
}

extension NumberForm.Thousands {
  /// Its word in the setting.
  package var settingWord: String {
    switch self {
    case .none: "none"
    case .comma: ","
    case .point: "."
    case .space: "space"
    case .apostrophe: "apostrophe"
    }
  }
}
