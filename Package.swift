// swift-tools-version: 6.1
// SPDX-License-Identifier: Apache-2.0
//
// One target per concern, arrows one way. README.md, part ARCHITECTURE, draws the picture.

import PackageDescription

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let sqlite: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let yaml: Target.Dependency = .product(name: "Yams", package: "Yams")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
// Hummingbird's server, and the packages whose types it speaks in.
let http: [Target.Dependency] = [
  .product(name: "HummingbirdCore", package: "hummingbird"),
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
  .product(name: "NIOHTTP1", package: "swift-nio"),
  .product(name: "NIOHTTP2", package: "swift-nio-http2"),
  .product(name: "NIOHPACK", package: "swift-nio-http2"),
  .product(name: "Logging", package: "swift-log"),
  .product(name: "UnixSignals", package: "swift-service-lifecycle"),
]

// The pages of the server, compiled into it.
let playground = [
  "index.html", "docs.html", "style.css", "docs.css", "swiftlet.svg", "answer.js", "api.js",
  "app.js", "contributions.js", "docs.js", "dom.js", "form.js", "ink.js", "key.js", "markdown.js",
  "pad.js", "payload.js", "picture.js", "recommend.js", "schema.js", "snippets.js", "trial.js",
]

// What a page with a model in it has besides.
let livePage = ["live.html", "here.js", "absent.js", "model.js"]

// What `swiftlet package` writes, compiled into it.
let packaging = [
  "Dockerfile", "dockerignore", "README.md", "deployment.yaml", "service.yaml", "autoscaler.yaml",
  "disruption-budget.yaml", "network-policy.yaml", "serving-runtime.yaml", "inference-service.yaml",
]

// What `swiftlet new` writes as it stands.
let portfolio = [
  "ask.py", "Ask.java", "ask.R", "Ask.scala", "Makefile", "check.sh", "check.js", "check.yml", "pages.yml", "gitignore",
  "mit.txt",
]

// What the shipped data sets say of themselves, compiled into those who make more of them.
let generated = [
  "moons", "circles", "spirals", "xor", "blobs", "arm", "wall-follow", "lane-camera", "shop-sessions", "card-fraud",
]

let package = Package(
  name: "swiftlet",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "swiftlet", targets: ["swiftlet"]),
    .library(name: "SwiftletTensors", targets: ["SwiftletTensors"]),
    .library(name: "SwiftletAutograd", targets: ["SwiftletAutograd"]),
    .library(name: "SwiftletNN", targets: ["SwiftletNN"]),
    .library(name: "SwiftletFormats", targets: ["SwiftletFormats"]),
    .library(name: "SwiftletTables", targets: ["SwiftletTables"]),
    .library(name: "SwiftletData", targets: ["SwiftletData"]),
    .library(name: "SwiftletModels", targets: ["SwiftletModels"]),
    .library(name: "SwiftletTraining", targets: ["SwiftletTraining"]),
    .library(name: "SwiftletSearch", targets: ["SwiftletSearch"]),
    .library(name: "SwiftletUnderstanding", targets: ["SwiftletUnderstanding"]),
    .library(name: "SwiftletTracking", targets: ["SwiftletTracking"]),
    .library(name: "SwiftletReports", targets: ["SwiftletReports"]),
    .library(name: "SwiftletSynthesis", targets: ["SwiftletSynthesis"]),
    .library(name: "SwiftletInterchange", targets: ["SwiftletInterchange"]),
    .library(name: "SwiftletServing", targets: ["SwiftletServing"]),
    .library(name: "SwiftletCommands", targets: ["SwiftletCommands"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // The C side: four system libraries and four shims.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CTurboJPEG", pkgConfig: "libturbojpeg",
      providers: [.apt(["libturbojpeg0-dev"]), .brew(["jpeg-turbo"])]),
    .target(name: "CAddressSpace"),
    .target(name: "CCurl"),
    .target(name: "CFolderExchange"),
    .target(name: "CVectorMath"),

    // From numbers to networks.
    .target(name: "SwiftletTensors", dependencies: ["COpenBLAS", "CVectorMath"]),
    .target(name: "SwiftletAutograd", dependencies: ["SwiftletTensors"]),
    .target(
      name: "SwiftletNN", dependencies: ["SwiftletAutograd", "SwiftletFormats", "SwiftletTensors", "CVectorMath"]),

    // From files to features.
    .target(
      name: "SwiftletFormats", dependencies: ["SwiftletTensors", "CZlib", "CPNG", "CTurboJPEG", yaml]),
    .target(name: "SwiftletTables", dependencies: ["SwiftletFormats", "SwiftletTensors", "CVectorMath"]),
    .target(name: "SwiftletData", dependencies: ["SwiftletTables", "SwiftletFormats", sqlite]),

    // From features to a model that answers.
    .target(
      name: "SwiftletModels",
      dependencies: [
        "SwiftletNN", "SwiftletAutograd", "SwiftletTables", "SwiftletFormats", "SwiftletTensors", "CFolderExchange",
      ]),
    .target(
      name: "SwiftletTraining",
      dependencies: [
        "SwiftletModels", "SwiftletTables", "SwiftletFormats", "SwiftletNN", "SwiftletAutograd", "SwiftletTensors",
      ]),

    // Which recipe is better, and whether that is more than luck.
    .target(
      name: "SwiftletSearch",
      dependencies: ["SwiftletTraining", "SwiftletModels", "SwiftletTables", "SwiftletFormats", "SwiftletTensors"]),

    // From a model to reasons: what went wrong, what it looks at, where it is wrong.
    .target(
      name: "SwiftletUnderstanding",
      dependencies: [
        "SwiftletTraining", "SwiftletModels", "SwiftletTables", "SwiftletFormats", "SwiftletNN", "SwiftletTensors",
      ]),

    // What was tried, and what came of it.
    .target(
      name: "SwiftletTracking",
      dependencies: ["SwiftletTraining", "SwiftletModels", "SwiftletTables", "SwiftletFormats", "CCurl", sqlite]),

    // Data that a program makes.
    .target(
      name: "SwiftletSynthesis", dependencies: ["SwiftletFormats", "SwiftletTensors"],
      resources: generated.flatMap { name in
        ["dataset.yaml", "recipe.yaml", "readme.md"].map { .embedInCode("Descriptions/\(name).\($0)") }
      }),

    // Pictures of numbers.
    .target(name: "SwiftletReports"),

    // Models of other toolkits, and models for them.
    .target(
      name: "SwiftletInterchange",
      dependencies: ["SwiftletModels", "SwiftletTables", "SwiftletFormats", "SwiftletTensors"]),

    // A model that answers over HTTP. No database here.
    .target(
      name: "SwiftletServing",
      dependencies: [
        "SwiftletInterchange", "SwiftletModels", "SwiftletTables", "SwiftletNN", "SwiftletFormats", "SwiftletTensors",
        deque,
      ] + http,
      resources: playground.map { .embedInCode("Playground/Assets/\($0)") }
        + livePage.map { .embedInCode("LivePage/Assets/\($0)") }
        + ["training.html", "training.js"].map { .embedInCode("Watching/Assets/\($0)") }),

    // The command line.
    .target(
      name: "SwiftletCommands",
      dependencies: [
        "SwiftletReports", "SwiftletSynthesis", "SwiftletServing", "SwiftletInterchange", "SwiftletSearch",
        "SwiftletTracking",
        "SwiftletUnderstanding",
        "SwiftletTraining", "SwiftletData", "SwiftletModels", "SwiftletTables", "SwiftletFormats", "SwiftletTensors",
        "CAddressSpace", argumentParser,
      ],
      resources: packaging.map { .embedInCode("Packaging/Templates/\($0)") }
        + portfolio.map { .embedInCode("Portfolio/Templates/\($0)") }),
    .executableTarget(name: "swiftlet", dependencies: ["SwiftletCommands"]),

    // Tests: one target for each library, and what they share.
    .target(name: "SwiftletTestSupport", dependencies: ["SwiftletTensors"], path: "Tests/SwiftletTestSupport"),
    .testTarget(name: "SwiftletTensorsTests", dependencies: ["SwiftletTensors", "SwiftletTestSupport"]),
    .testTarget(
      name: "SwiftletAutogradTests", dependencies: ["SwiftletAutograd", "SwiftletTensors", "SwiftletTestSupport"]),
    .testTarget(
      name: "SwiftletNNTests",
      dependencies: [
        "SwiftletNN", "SwiftletAutograd", "SwiftletFormats", "SwiftletTensors", "CVectorMath", "SwiftletTestSupport",
      ],
      exclude: ["Golden"]),
    .testTarget(
      name: "SwiftletFormatsTests", dependencies: ["SwiftletFormats", "SwiftletTensors"],
      exclude: ["Golden/make_golden.py"]),
    .testTarget(
      name: "SwiftletTablesTests",
      dependencies: ["SwiftletTables", "SwiftletFormats", "SwiftletTensors", "CVectorMath", "SwiftletTestSupport"]),
    .testTarget(
      name: "SwiftletDataTests",
      dependencies: ["SwiftletData", "SwiftletTables", "SwiftletFormats", "SwiftletTestSupport", sqlite]),
    .testTarget(
      name: "SwiftletModelsTests",
      dependencies: [
        "SwiftletModels", "SwiftletTables", "SwiftletFormats", "SwiftletNN", "SwiftletAutograd", "SwiftletTensors",
        "SwiftletTestSupport",
      ], exclude: ["Fixtures", "Golden/make_golden.py"]),
    .testTarget(
      name: "SwiftletTrainingTests",
      dependencies: [
        "SwiftletTraining", "SwiftletData", "SwiftletModels", "SwiftletTables", "SwiftletFormats", "SwiftletNN",
        "SwiftletAutograd", "SwiftletTensors", "SwiftletTestSupport",
      ], exclude: ["Golden/make_golden.py"]),
    .testTarget(
      name: "SwiftletSearchTests",
      dependencies: [
        "SwiftletSearch", "SwiftletTraining", "SwiftletData", "SwiftletModels", "SwiftletTables", "SwiftletFormats",
      ]),
    .testTarget(
      name: "SwiftletUnderstandingTests",
      dependencies: [
        "SwiftletUnderstanding", "SwiftletTraining", "SwiftletData", "SwiftletModels", "SwiftletTables",
        "SwiftletFormats", "SwiftletNN", "SwiftletTensors",
      ], exclude: ["Golden/make_golden.py"]),
    .testTarget(
      name: "SwiftletTrackingTests",
      dependencies: [
        "SwiftletTracking", "SwiftletTraining", "SwiftletModels", "SwiftletFormats", sqlite,
      ]),
    .testTarget(
      name: "SwiftletSynthesisTests",
      dependencies: ["SwiftletSynthesis", "SwiftletTables", "SwiftletFormats"]),
    .testTarget(name: "SwiftletReportsTests", dependencies: ["SwiftletReports", "SwiftletTensors"]),
    .testTarget(
      name: "SwiftletInterchangeTests",
      dependencies: [
        "SwiftletInterchange", "SwiftletTraining", "SwiftletData", "SwiftletModels", "SwiftletTables",
        "SwiftletFormats", "SwiftletTensors",
      ],
      exclude: ["Golden"]),
    .testTarget(
      name: "SwiftletServingTests",
      dependencies: [
        "SwiftletServing", "SwiftletInterchange", "SwiftletModels", "SwiftletTables", "SwiftletFormats", "SwiftletNN",
        "SwiftletTensors", "SwiftletTestSupport",
        .product(name: "NIOEmbedded", package: "swift-nio"),
      ] + http, exclude: ["Golden"]),
    .testTarget(
      name: "SwiftletCommandsTests",
      dependencies: [
        "SwiftletCommands", "SwiftletServing", "SwiftletTraining", "SwiftletData", "SwiftletModels", "SwiftletNN",
        "SwiftletFormats", "SwiftletTestSupport", "swiftlet", argumentParser, sqlite,
      ]),
  ],
  swiftLanguageModes: [.v6]
)

// The fuzzer's program has no `main` of its own, so it is there only for Tests/Fuzzing/run.
if Context.environment["SWIFTLET_FUZZING"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "SwiftletServing", "SwiftletInterchange", "SwiftletTraining", "SwiftletData", "SwiftletModels",
        "SwiftletTables",
        "SwiftletFormats", "SwiftletNN", "SwiftletTensors",
        .product(name: "NIOEmbedded", package: "swift-nio"),
      ] + http,
      path: "Tests/Fuzzing", exclude: ["run"]))
}
