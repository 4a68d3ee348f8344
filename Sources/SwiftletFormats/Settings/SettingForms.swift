// SPDX-License-Identifier: Apache-2.0
//
// Settings by the type of the property that holds them.
//
// Before    Setting.swift     After    SettingTable.swift

extension Setting {
  /// A 64-bit number.
  package static func number(
    _ key: String, _ path: WritableKeyPath<Root, Double> & Sendable, _ range: ClosedRange<Double>, _ help: String
  ) -> Setting {
    Setting(key, .number(range), help) {
      .number($0[keyPath: path])
    } set: {
      $0[keyPath: path] = $1.number ?? 0
    }
  }

  /// A 32-bit number, written with the fewest digits that identify it in 32 bits.
  package static func number(
    _ key: String, _ path: WritableKeyPath<Root, Float> & Sendable, _ range: ClosedRange<Double>, _ help: String
  ) -> Setting {
    Setting(key, .number(range), help) {
      .number(shortest($0[keyPath: path]))
    } set: {
      $0[keyPath: path] = Float($1.number ?? 0)
    }
  }

  /// A whole number, of which 0 can be written as a word.
  package static func integer(
    _ key: String, _ path: WritableKeyPath<Root, Int> & Sendable, _ range: ClosedRange<Int>, zero: String = "none",
    _ help: String
  ) -> Setting {
    Setting(key, .integer(range, zero: zero), help) {
      JSONValue($0[keyPath: path])
    } set: {
      $0[keyPath: path] = $1.integer ?? 0
    }
  }

  /// The sizes of layers, one after another.
  package static func sizes(
    _ key: String, _ path: WritableKeyPath<Root, [Int]> & Sendable, noun: String, _ help: String
  ) -> Setting {
    Setting(key, .integers(noun: noun, 1...1 << 16, atMost: 32), help) {
      .array($0[keyPath: path].map { JSONValue($0) })
    } set: {
      $0[keyPath: path] = $1.integers
    }
  }

  /// The seed of a generator.
  package static func seed(
    _ key: String, _ path: WritableKeyPath<Root, UInt64> & Sendable, _ help: String
  ) -> Setting {
    Setting(key, .integer(0...Int(Int32.max)), help) {
      JSONValue(Int(clamping: $0[keyPath: path]))
    } set: {
      $0[keyPath: path] = UInt64(clamping: $1.integer ?? 0)
    }
  }

  /// A word that stands for a case.
  package static func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _ path: WritableKeyPath<Root, Choice> & Sendable, _ help: String
  ) -> Setting where Choice.RawValue == String {
    Setting(key, .choice(Choice.allCases.map(\.rawValue)), help) {
      .string($0[keyPath: path].rawValue)
    } set: { root, word in
      if let choice = Choice(rawValue: word.string ?? "") { root[keyPath: path] = choice }
    }
  }

  /// True or false.
  package static func truth(_ key: String, _ path: WritableKeyPath<Root, Bool> & Sendable, _ help: String) -> Setting {
    Setting(key, .truth, help) {
      .bool($0[keyPath: path])
    } set: {
      $0[keyPath: path] = $1.bool ?? false
    }
  }

  /// A text.
  package static func text(_ key: String, _ path: WritableKeyPath<Root, String> & Sendable, _ help: String) -> Setting {
    Setting(key, .text, help) {
      .string($0[keyPath: path])
    } set: {
      $0[keyPath: path] = $1.string ?? ""
    }
  }

  /// A text, or the word for "there is none".
  package static func optionalText(
    _ key: String, none: String = "none", _ path: WritableKeyPath<Root, String?> & Sendable, _ help: String
  ) -> Setting {
    Setting(key, .optionalText(none: none), help) {
      .string($0[keyPath: path] ?? none)
    } set: {
      $0[keyPath: path] = $1.string
    }
  }

  /// Several names, with commas between them or as a list.
  package static func names(
    _ key: String, _ path: WritableKeyPath<Root, [String]> & Sendable, _ help: String
  ) -> Setting {
    list(key, .names, path, help)
  }

  /// Several texts.
  package static func texts(
    _ key: String, _ path: WritableKeyPath<Root, [String]> & Sendable, _ help: String
  ) -> Setting {
    list(key, .texts, path, help)
  }

  private static func list(
    _ key: String, _ kind: SettingKind, _ path: WritableKeyPath<Root, [String]> & Sendable, _ help: String
  ) -> Setting {
    Setting(key, kind, help) {
      JSONValue($0[keyPath: path])
    } set: {
      $0[keyPath: path] = $1.texts
    }
  }
}

extension JSONValue {
  /// The texts of a list.
  package var texts: [String] { array?.compactMap(\.string) ?? [] }
  /// The whole numbers of a list.
  package var integers: [Int] { array?.compactMap(\.integer) ?? [] }
}
