// SPDX-License-Identifier: Apache-2.0
//
// A table of settings for readers: as text, as a page, and as a JSON Schema for editors.
//
// Before    SettingTable.swift     After    ShellWords.swift
// Source    JSON Schema, draft 2020-12

extension SettingTable {
  /// The sections in their order: the parts of the keys before the last, none for keys at the top.
  package var sections: [String] {
    var sections: [String] = []
    for setting in settings where !sections.contains(setting.section) { sections.append(setting.section) }
    return sections
  }

  /// A list of all settings, or of those in a section.
  ///
  /// - Parameter defaults: Where the defaults are read from.
  package func list(_ section: String? = nil, defaults: Root) -> String {
    let shown = sections.filter { section == nil || $0 == section || $0.hasPrefix((section ?? "") + ".") }
    return shown.map { section in
      let rows = settings.filter { $0.section == section }.map { setting in
        (left: "  \(setting.key)  \(text(of: setting, in: defaults))", right: setting.help)
      }
      let width = min(rows.map(\.left.count).max() ?? 0, 44)
      let lines = rows.map { row in
        let space = String(repeating: " ", count: max(0, width - row.left.count))
        return row.left + space + "  " + row.right
      }
      return (section.isEmpty ? "" : section + "\n") + lines.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  /// Everything about a setting.
  package func text(about setting: Setting<Root>, defaults: Root) -> String {
    var lines = [setting.key, "", setting.help]
    if !setting.detail.isEmpty { lines += ["", setting.detail] }
    lines += ["", "  Value     \(setting.expected)", "  Default   \(text(of: setting, in: defaults))"]
    if let search = setting.search {
      lines.append(
        "  Try       from \(search.range.lowerBound) to \(search.range.upperBound), \(search.scale.rawValue)")
    }
    lines.append("  Example   \(setting.key)=\(setting.example)")
    if let flag = setting.flag { lines.append("  Flag      --\(flag)") }
    if !setting.environment.isEmpty {
      lines.append("  Variable  " + setting.environment.joined(separator: ", "))
    }
    return lines.joined(separator: "\n")
  }

  /// A value as it is written in YAML.
  package func text(of setting: Setting<Root>, in root: Root) -> String {
    guard let value = setting.get(root) else { return setting.kind.unwritten }
    return value.string ?? (value == .object([]) ? "{}" : value.encoded())
  }

  /// The settings as tables of Markdown, a section each.
  package func markdown(defaults: Root) -> String {
    sections.map { section in
      let rows = settings.filter { $0.section == section }.map { setting in
        let more = [setting.help, setting.detail].filter { !$0.isEmpty }.joined(separator: " ")
        let cells = ["`\(setting.key)`", "`\(text(of: setting, in: defaults))`", setting.expected]
        return "| " + (cells + [more, "`\(setting.example)`"]).joined(separator: " | ") + " |"
      }
      return """
        ## \(section.isEmpty ? "The first keys" : section)

        | key | default | value | what it does | example |
        | --- | --- | --- | --- | --- |
        \(rows.joined(separator: "\n"))
        """
    }.joined(separator: "\n\n") + "\n"
  }

  /// A JSON Schema: editors complete keys by it, and underline what is wrong.
  package func schema(title: String, defaults: Root) -> JSONValue {
    func object(_ section: String) -> JSONValue {
      let properties: [JSONValue.Member] = names(in: section).map { name in
        let key = section.isEmpty ? name : section + "." + name
        guard let setting = self[key] else { return .init(name, object(key)) }
        var members = setting.kind.schema.members ?? []
        members.insert(.init("description", .string(setting.help)), at: 0)
        if let value = setting.get(defaults) { members.append(.init("default", value)) }
        return .init(name, .object(members))
      }
      return ["type": "object", "additionalProperties": false, "properties": .object(properties)]
    }
    let head: [JSONValue.Member] = [
      .init("$schema", "https://json-schema.org/draft/2020-12/schema"), .init("title", .string(title)),
    ]
    return .object(head + (object("").members ?? []))
  }
}

extension Setting {
  /// The part of its key before the last word.
  package var section: String { key.split(separator: ".").dropLast().joined(separator: ".") }
}
