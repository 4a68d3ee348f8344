// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `swiftlet train --live` as a process, and a browser in the shape of curl.
@Suite("A training in a browser")
struct LiveTests {
  /// Begins a training without an end, and waits for its address.
  private static let begin = """
    $S train $P/Datasets/concrete --model mlp --hidden 4 --epochs 1000000 --set training.early_stopping=0 --quiet \
      --no-track --output m --live >out 2>err &
    for i in $(seq 600); do grep -q 127.0.0.1 err && break; sleep 0.1; done
    url=$(grep -o 'http://127.0.0.1:[0-9]*/' err); get="curl -sN --max-time 300"

    """

  @Test("an event for each epoch; one that comes later gets what it missed, and Ctrl-C ends the answers")
  func events() throws {
    let script =
      Self.begin + """
        $get ${url}events | head -n 20 >first
        $get -H 'Last-Event-ID: 3' ${url}events | grep -m 1 ^id: >later
        $get ${url}events >all & curl=$!
        for i in $(seq 600); do grep -q '^id: 5' all && break; sleep 0.1; done
        kill -INT $!; kill -INT %1; wait %1; echo $?; wait $curl; cat later first; tail -n 4 all; ls m
        """
    let made = try Program.shell(script.replacingOccurrences(of: "kill -INT $!; ", with: ""))
    #expect(
      made.output.hasPrefix("130\nid: 4\nretry: 500\n\nid: 1\nevent: begin\ndata: {\"name\": \"m\"}\n\nid: 2\n"),
      "\(made)")
    #expect(made.output.contains("event: epoch\ndata: {\"epoch\": 1, \"train\": "), "\(made)")
    #expect(made.output.contains("event: end\ndata: {\"sentence\": \"Over after "), "\(made)")
    #expect(made.output.contains("model.json"))
  }

  @Test("the page is for this machine, has a small script, and asks nobody else for anything")
  func page() throws {
    let script =
      Self.begin + """
        $get -i $url; $get ${url}training.js >training.js; wc -l <training.js
        code="$get -o body -w %{http_code}\\n"
        $code -H 'Host: evil.example' $url; $code -X POST ${url}events -d x; $code ${url}nothing
        for i in $(seq 16); do $get ${url}events >seat$i & done
        for i in $(seq 600); do [ $(find . -name 'seat*' -size +0 | wc -l) = 16 ] && break; sleep 0.1; done
        full=$(curl -s --max-time 60 -o body -w %{http_code} ${url}events)
        echo $full
        kill -INT %1; wait %1; echo $?
        """
    let made = try Program.shell(script)
    #expect(made.output.contains("HTTP/1.1 200 OK") && made.output.contains("default-src 'none'; script-src 'self'"))
    #expect(made.output.contains("<script src=\"/training.js\"></script>") && !made.output.contains("http"))
    let ends = made.output.components(separatedBy: "</html>\n").last ?? ""
    let lines = ends.split(separator: "\n")
    #expect(lines.first.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) } ?? 999 <= 80)
    #expect(lines.dropFirst().map(String.init) == ["403", "405", "404", "204", "130"], "\(made)")
  }

  @Test("a port that is taken is said before the training, and flags that do not go together are refused")
  func refusals() throws {
    let script =
      Self.begin + """
        port=$(grep -oE '[0-9]+/$' err | tr -d /)
        $S train $P/Datasets/iris --output n --live --live-port $port; echo $?; kill -INT %1; wait %1; ls
        """
    let made = try Program.shell(script)
    #expect(made.output.hasPrefix("69\n") && !made.output.contains("\nn\n"), "\(made)")
    #expect(made.errors.contains("is in use by another program; choose another with --live-port"), "\(made)")
    #expect(try Program.shell("$S train $P/Datasets/iris --live-port 80").code == 64)
    #expect(try Program.shell("$S train $P/Datasets/iris --live --live-port 70000").code == 64)
  }

  @Test("a training that nobody watches ends as always")
  func unwatched() throws {
    let made = try Program.shell("$S train $P/Datasets/iris --output m --live --quiet --no-track; echo $?; ls m")
    #expect(made.output.contains("0\n") && made.output.contains("model.json"), "\(made)")
  }
}
