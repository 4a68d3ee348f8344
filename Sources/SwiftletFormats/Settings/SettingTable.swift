// SPDX-License-Identifier: Apache-2.0
//
// SettingTable: all settings of one thing, read and written by their keys.
//
// A key is a path through mappings: `training.epochs` is `epochs` in `training`. A key that does not exist is refused
// with the nearest that does, at its line.
//
// Before    SettingForms.swift     After    SettingPage.swift

/// All settings of one thing, in the order in which they are written and listed.
package struct SettingTable<Root>: Sendable {
  /// The settings.
  package let settings: [Setting<Root>]
  /// The word for a file of these settings, as in "the recipe must be a mapping".
  package let noun: String

  /// A table.
  package init(_ noun: String, _ settings: [Setting<Root>]) {
    self.noun = noun
    self.settings = settings
  }

  /// The setting with a key.
  package subscript(key: String) -> Setting<Root>? { settings.first { $0.key == key } }

  /// Lays a document over what is set already.
  ///
  /// - Throws: ``FormatError`` with the line of the first key or value that is wrong.
  package func read(_ document: YAMLDocument, into root: inout Root) throws {
    guard document.value != .null else { return }
    do {
      try apply(document.value, at: "", to: &root)
    } catch let error as SettingError {
      throw document.error(at: error.key, error.message)
    }
  }

  /// Sets one setting, or a mapping of several, by its path.
  ///
  /// - Throws: ``SettingError`` for a key that does not exist, and for a value that is not allowed.
  package func apply(_ value: JSONValue, at path: String, to root: inout Root) throws {
    if let setting = self[path] { return try setting.apply(value, to: &root) }
    let inside = path.isEmpty ? "" : path + "."
    if path.isEmpty || settings.contains(where: { $0.key.hasPrefix(inside) }) {
      guard let members = value.members else {
        let name = path.isEmpty ? "the \(noun)" : path
        throw SettingError(key: path, "\"\(name)\" must be a mapping of keys to values, not \(value.kind).")
      }
      for member in members { try apply(member.value, at: inside + member.name, to: &root) }
    } else if let setting = settings.first(where: { $0.takesNames && path.hasPrefix($0.key + ".") }) {
      let name = String(path.dropFirst(setting.key.count + 1))
      try setting.apply(.object([.init(name, value)]), to: &root)
    } else {
      throw unknown(path)
    }
  }

  /// All settings as a document.
  package func json(of root: Root) -> JSONValue {
    settings.reduce(into: .object([])) { json, setting in
      guard setting.isWritten(root), let value = setting.get(root) else { return }
      json.insert(value, at: setting.key.split(separator: ".").map(String.init)[...])
    }
  }

  /// The value of one setting.
  package func value(of key: String, in root: Root) -> JSONValue? { self[key]?.get(root) }

  /// The error for a key that does not exist: which part of it, and the nearest that exists.
  private func unknown(_ path: String) -> SettingError {
    let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    var known = ""
    for part in parts {
      let next = known.isEmpty ? part : known + "." + part
      guard self[next] == nil else {
        return SettingError(key: next, "\"\(next)\" is one value, so there is nothing to set in it.")
      }
      guard settings.contains(where: { $0.key.hasPrefix(next + ".") }) else {
        return SettingError(key: next, "there is no key \"\(next)\".\(hint(for: part, in: known))")
      }
      known = next
    }
    return SettingError(key: path, "there is no key \"\(path)\".")  // an empty part
  }

  /// The nearest key beside it, or else one that ends with this word.
  private func hint(for word: String, in section: String) -> String {
    let siblings = names(in: section)
    if nearestName(to: word, in: siblings) == nil,
      let elsewhere = settings.first(where: { $0.key.hasSuffix("." + word) })
    {
      return " Did you mean \"\(elsewhere.key)\"?"
    }
    if !section.isEmpty, let nearest = nearestName(to: word, in: siblings) {
      return " Did you mean \"\(section).\(nearest)\"?"
    }
    return suggestion(for: word, in: siblings)
  }

  /// The keys and sections in a section.
  package func names(in section: String) -> [String] {
    let start = section.isEmpty ? "" : section + "."
    var names: [String] = []
    for setting in settings where setting.key.hasPrefix(start) {
      let name = String(setting.key.dropFirst(start.count).split(separator: ".")[0])
      if names.last != name { names.append(name) }
    }
    return names
  }
}

extension Setting {
  /// Whether each name has a value of its own: `columns.year=category`.
  var takesNames: Bool { if case .namedChoices = kind { true } else { false } }
}

extension JSONValue {
  /// Adds a member, through the objects that lead to it.
  package mutating func insert(_ value: JSONValue, at keys: ArraySlice<String>) {
    guard let key = keys.first else { return self = value }
    var members = self.members ?? []
    if let position = members.firstIndex(where: { $0.name == key }) {
      members[position].value.insert(value, at: keys.dropFirst())
    } else {
      var inner = JSONValue.object([])
      inner.insert(value, at: keys.dropFirst())
      members.append(.init(key, inner))
    }
    self = .object(members)
  }
}
