// SPDX-License-Identifier: Apache-2.0
//
// Commands that are printed to be pasted: words are quoted if a shell would interpret them.
//
// Before    SettingPage.swift     After    Binary/IDX.swift

/// Words as a shell reads them back.
package func shellCommand(_ words: [String]) -> String { words.map(shellWord).joined(separator: " ") }

/// A word as a shell reads it back: `a b` as `'a b'`, `it's` as `'it'\''s'`.
package func shellWord(_ word: String) -> String {
  let isPlain = word.utf8.allSatisfy { byte in
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "_./:@%+=,-".utf8.contains(byte)
  }
  return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}

/// An option with its value, as words of a command. A value that begins with a hyphen would be taken for an option.
package func optionWords(_ name: String, _ value: String) -> [String] {
  value.hasPrefix("-") ? ["--\(name)=\(value)"] : ["--\(name)", value]
}

/// The flag that gives a setting a value, ready to be pasted: `--set 'features.exclude=[id]'`.
package func setFlag(_ key: String, _ value: JSONValue) -> String { "--set " + shellWord("\(key)=\(value.flowYAML)") }
