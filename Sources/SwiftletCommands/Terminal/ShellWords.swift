// SPDX-License-Identifier: Apache-2.0
//
// Commands that are printed to be pasted: every word quoted where a shell would read more into it.
//
// Before    OutputFile.swift     After    Interruption.swift

/// Words as a shell reads them back.
func shellCommand(_ words: [String]) -> String { words.map(shellWord).joined(separator: " ") }

/// A word as a shell reads it back: `a b` as `'a b'`, `it's` as `'it'\''s'`.
func shellWord(_ word: String) -> String {
  let isPlain = word.utf8.allSatisfy { byte in
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "_./:@%+=,-".utf8.contains(byte)
  }
  return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}
