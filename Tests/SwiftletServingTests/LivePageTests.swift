// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletModels
import Testing

@testable import SwiftletServing

@Suite("A page with a model in it")
struct LivePageTests {
  private static let models = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Models/"

  @Test("modules are joined in the order in which they need each other, each once and with names of its own")
  func joined() throws {
    let script = try PageScript(
      root: "a.js",
      modules: [
        "a.js": """
        // A comment.
        import { one, Two } from "./b.js";
        import { three } from "./c-d.js";

        one(new Two());
          // Another.
        """,
        "b.js": """
        import { three } from "./c-d.js";
        export const one = () => three();
        export class Two {}
        """,
        "c-d.js": "export async function three() { return 3; }",
      ])
    #expect(
      script.text == """
        const c_d_js = (() => {
        async function three() { return 3; }
        return { three };
        })();
        const b_js = (() => {
        const { three } = c_d_js;
        const one = () => three();
        class Two {}
        return { one, Two };
        })();
        const a_js = (() => {
        const { one, Two } = b_js;
        const { three } = c_d_js;
        one(new Two());
        return {  };
        })();

        """)
    #expect(throws: FormatError.self) {
      try PageScript(root: "a.js", modules: ["a.js": "import { x } from \"./b.js\";"])
    }
  }

  @Test("every line of the playground that imports or exports is understood")
  func understood() throws {
    let script = try PageScript(root: "app.js", modules: StaticAsset.pageModules).text
    for line in script.split(separator: "\n") {
      #expect(!line.hasPrefix("import ") && !line.hasPrefix("export "), "\(line)")
    }
  }

  @Test("holds the model, its card and nothing from elsewhere, and allows its own script alone")
  func page() throws {
    var bundle = try ModelBundle.load(from: Self.models + "iris")
    bundle.card += "\n</script><script>alert(1)</script> __SCRIPT__ &amp;\n"
    let html = try livePage(of: bundle)
    #expect(html.components(separatedBy: "</script>").count == 3)
    #expect(!html.contains("alert(1)</script>") && html.contains("&lt;/script>&lt;script>alert(1)"))
    #expect(!html.contains("src=") && !html.contains("@import") && !html.contains(" href=\"assets"))
    let script = try #require(html.firstMatch(of: /<script>([\s\S]*?)<\/script>/)?.1)
    var hash = SHA256()
    hash.update(Array(script.utf8)[...])
    #expect(html.contains("script-src 'sha256-\(Data(hash.digest()).base64EncodedString())'"))
    let json = try #require(html.firstMatch(of: /id="model">(.*?)<\/script>/)?.1)
    let model = try JSONValue.parse(Array(json.utf8)[...], name: "page")
    #expect(model["description"]?["name"] == "iris" && model["pipeline"]?.array?.count == 4)
    let bytes = try #require(model["weights"]?.string.flatMap { Data(base64Encoded: $0) })
    let tensors = try Safetensors.decode(Array(bytes), name: "page").tensors
    #expect(tensors.map(\.name) == bundle.network.parameters.map(\.name))
  }

  @Test("SHA-256 is that of the standard, as bytes and as text")
  func hash() {
    var hash = SHA256()
    hash.update(Array("abc".utf8)[...])
    var same = hash
    #expect(hash.hexDigest() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(Data(same.digest()).base64EncodedString() == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
  }
}
