// SPDX-License-Identifier: Apache-2.0
//
// Fuzz: bytes that libFuzzer makes up, given to everything here that reads bytes from a stranger.
//
// libFuzzer watches which parts of the program an input reaches, and changes those that reached something new. A
// surface may throw, refuse or answer; it may not trap, hang or answer with a defect of ours. `run` beside this file
// builds the program, gives each surface something to begin with, and lets it go for a while.
//
// Source    LLVM, "libFuzzer – a library for coverage-guided fuzz testing"

import Foundation

/// Called by libFuzzer with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  chosen(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// What reads the bytes, by the name in the environment's SURFACE.
nonisolated(unsafe) private let chosen: ([UInt8]) -> Void = {
  let name = ProcessInfo.processInfo.environment["SURFACE"] ?? "none"
  guard let surface = fileSurfaces[name] ?? ServerSurfaces.all[name] else {
    let names = (Array(fileSurfaces.keys) + ServerSurfaces.all.keys).sorted().joined(separator: " ")
    fatalError("SURFACE is \(name), and must be one of: \(names)")
  }
  return surface
}()
