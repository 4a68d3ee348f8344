// SPDX-License-Identifier: Apache-2.0
//
// Writing CSV: quotes where they are needed, and nowhere else.
//
// Before    NumberParsing.swift     After    Numbers/Decimal.swift
// Source    RFC 4180, section 2

/// One record as a line, with its line end.
public func csvLine(_ fields: [String]) -> String {
  fields.map { field in
    let needsQuotes = field.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    return needsQuotes
      ? "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : field
  }.joined(separator: ",") + "\n"
}
