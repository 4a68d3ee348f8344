// swift-tools-version: 6.1
// SPDX-License-Identifier: Apache-2.0
//
// Benchmarks are a package of their own, so that nobody who uses Swiftlet has to resolve what only they need.
// `Benchmarks/run` builds it; README.md says how to read what it prints.

import PackageDescription

let swiftlet: [Target.Dependency] = [
  "SwiftletTensors", "SwiftletAutograd", "SwiftletNN", "SwiftletFormats", "SwiftletTables", "SwiftletData",
  "SwiftletModels", "SwiftletTraining",
].map { .product(name: $0, package: "swiftlet") }

let package = Package(
  name: "swiftlet-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "swiftlet", path: ".."),
    // Without its traits it needs no replacement for malloc; a trait is what a package may switch on.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .systemLibrary(
      name: "CBareBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .target(name: "Workloads", dependencies: swiftlet + ["CBareBLAS"]),
    .executableTarget(
      name: "swiftlet-bench", dependencies: ["Workloads", .product(name: "SwiftletTensors", package: "swiftlet")]),
    .executableTarget(
      name: "Ratios", dependencies: ["Workloads", .product(name: "Benchmark", package: "benchmark")],
      path: "Benchmarks/Ratios", plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
  ],
  swiftLanguageModes: [.v6]
)
