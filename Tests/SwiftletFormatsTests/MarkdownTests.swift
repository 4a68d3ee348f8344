// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SwiftletFormats

@Suite struct MarkdownTests {
  @Test(
    "a text stands in a page as it is",
    arguments: [
      ("plain snake_case, 1.5 - 2 (x)", "plain snake_case, 1.5 - 2 (x)"), ("a\nb\r\nc", "a b  c"),
      ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"), ("<!-- end -->", "&lt;!-- end -->"),
      ("a|b", #"a\|b"#), ("c`d", #"c\`d"#), ("*a* * b", #"\*a\* * b"#), ("_a_b_", #"\_a_b\_"#), ("a\\b", #"a\\b"#),
      ("[x](http://y)", #"[x\](http://y)"#.replacing("[x", with: "\\[x")), ("Iris [Dataset].", "Iris [Dataset]."),
      ("AT&T &amp; R&D", "AT&amp;T &amp;amp; R&amp;D"), ("a & b", "a & b"), ("# x", "\\# x"), ("12. x", "12\\. x"),
      ("- x", "\\- x"), ("C#", "C#"), ("~~x~~ ~5", #"\~\~x\~\~ ~5"#), ("|\u{301}", "\\|\u{301}"), ("", ""),
    ])
  func text(text: String, expected: String) {
    #expect(Markdown.text(text) == expected)
    let isOneLine = !text.contains { $0.isNewline }
    #expect(!isOneLine || Markdown.plain(Markdown.text(text)) == text)
  }

  @Test("what was escaped is read back, whatever it was")
  func plain() {
    let characters = Array("ab \\`*_[]()<>&|#-+.!~1:l;t")
    var state: UInt64 = 7
    var wrong: [String] = []
    for _ in 0..<2000 {
      let text = String(
        (0..<12).map { _ in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return characters[Int(state >> 33) % characters.count]
        })
      let escaped = Markdown.text(text)
      if Markdown.plain(escaped) != text || escaped.contains("<") { wrong.append(text) }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
  }

  @Test("code stands in a span that it does not end")
  func code() {
    #expect(Markdown.code("a_b") == "`a_b`")
    #expect(Markdown.code("c`d") == "``c`d``")
    #expect(Markdown.code("`") == "`` ` ``")
    #expect(Markdown.code("a``\u{301}b`") == "``` a``\u{301}b` ```")
    #expect(Markdown.code(" a ") == "`  a  `")
    #expect(Markdown.code("a\nb") == "`a b`")
    #expect(Markdown.code("a|b") == "`a|b`" && Markdown.code("a|b", isCell: true) == #"`a\|b`"#)
    #expect(Markdown.code("<script>") == "`<script>`")
    #expect(Markdown.code("<!-- end -->") == "&lt;!-- end -->")
    #expect(Markdown.code(" ") == " " && Markdown.code("") == "")
    #expect(Markdown.block("a\n```\nb") == ["````", "a\n```\nb", "````"])
  }
}
