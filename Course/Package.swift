// swift-tools-version: 6.1
// SPDX-License-Identifier: Apache-2.0
//
// The course is a package of its own, so that a program builds only the library that it names: the first lesson
// compiles no server. `swift run --package-path Course 01-tensors` runs one; `Snippets` at the top is a link that leads
// here too. The folder itself must not be called Snippets: SwiftPM makes a program of every Swift file in a folder of
// that name and links all libraries to each, this file and the checkouts in `.build` included.

import PackageDescription

/// A lesson and its solution, with the library that they need. It brings those that it stands on.
let lessons: KeyValuePairs = [
  "01-tensors": ["SwiftletTensors"],
  "02-broadcasting": ["SwiftletTensors"],
  "03-slope-by-hand": ["SwiftletTensors"],
  "04-gradient-by-machine": ["SwiftletAutograd"],
  "05-fitting-a-line": ["SwiftletNN"],
  "06-logistic-regression": ["SwiftletAutograd"],
  "07-xor": ["SwiftletNN"],
  "08-digits": ["SwiftletTraining", "SwiftletData"],
  "09-overfitting": ["SwiftletNN"],
  "10-table-to-features": ["SwiftletTraining"],
  "11-threshold": ["SwiftletTraining", "SwiftletData"],
  "12-save-and-load": ["SwiftletTraining", "SwiftletData"],
  "13-serve": ["SwiftletServing"],
  "14-convolution": ["SwiftletTensors"],
  "15-what-a-filter-sees": ["SwiftletNN"],
  "16-recommend": ["SwiftletAutograd"],
  "17-importance": ["SwiftletUnderstanding"],
  "18-choosing": ["SwiftletSearch", "SwiftletData"],
  "19-luck": ["SwiftletModels"],
]

/// One file of a folder as a program.
func program(_ name: String, in folder: String, beside others: [String], _ libraries: [String]) -> Target {
  .executableTarget(
    name: name, dependencies: libraries.map { .product(name: $0, package: "swiftlet") }, path: folder,
    exclude: others.filter { $0 != name }.map { $0 + ".swift" }, sources: [name + ".swift"])
}

let names = lessons.map { $0.key }
let solutions = names.map { "solutions-" + $0.prefix(2) }
let programs = zip(names, solutions).enumerated().flatMap { index, pair in
  [
    program(pair.0, in: "Lessons", beside: names, lessons[index].value),
    program(pair.1, in: "Solutions", beside: solutions, lessons[index].value),
  ]
}

let package = Package(
  name: "swiftlet-course",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "swiftlet", path: "..")],
  targets: programs + [
    .testTarget(
      name: "CourseTests", dependencies: [.product(name: "SwiftletTensors", package: "swiftlet")], path: "Tests")
  ],
  swiftLanguageModes: [.v6]
)
