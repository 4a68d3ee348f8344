// SPDX-License-Identifier: Apache-2.0
//
// Toys: points in the plane, to look at what a classifier does.
//
// Before    CSVFile.swift     After    RobotArm.swift

import Foundation
import SwiftletFormats

/// The five shapes. A name's length is a part of the stream's name, so the shapes do not share their noise.
enum Toy: String, CaseIterable {
  case moons, circles, spirals, xor, blobs

  var dataset: SyntheticDataset {
    SyntheticDataset(
      name: rawValue, summary: summary, seed: 81, rows: 400, shipped: { shipped },
      make: { [("\(rawValue).csv", csv(seed: $0, rows: $1))] })
  }

  private var summary: String {
    switch self {
    case .moons: "two half circles that reach into each other"
    case .circles: "a ring around another"
    case .spirals: "three arms of a spiral"
    case .xor: "four squares, two classes"
    case .blobs: "three clouds"
    }
  }

  private var shipped: ShippedFiles {
    switch self {
    case .moons:
      ShippedFiles(
        description: PackageResources.moons_dataset_yaml, recipe: PackageResources.moons_recipe_yaml,
        readme: PackageResources.moons_readme_md)
    case .circles:
      ShippedFiles(
        description: PackageResources.circles_dataset_yaml, recipe: PackageResources.circles_recipe_yaml,
        readme: PackageResources.circles_readme_md)
    case .spirals:
      ShippedFiles(
        description: PackageResources.spirals_dataset_yaml, recipe: PackageResources.spirals_recipe_yaml,
        readme: PackageResources.spirals_readme_md)
    case .xor:
      ShippedFiles(
        description: PackageResources.xor_dataset_yaml, recipe: PackageResources.xor_recipe_yaml,
        readme: PackageResources.xor_readme_md)
    case .blobs:
      ShippedFiles(
        description: PackageResources.blobs_dataset_yaml, recipe: PackageResources.blobs_recipe_yaml,
        readme: PackageResources.blobs_readme_md)
    }
  }

  func csv(seed: UInt64, rows: Int) -> [UInt8] {
    var file = CSVFile(["x", "y", "label", "split"])
    for row in 0..<rows {
      var chance = Chance(seed: seed, rawValue.utf8.count, row)
      let (x, y, label, noise) = point(row, &chance)
      let noisyX = x + chance.normal(0, noise)
      let noisyY = y + chance.normal(0, noise)
      file.add([decimals(noisyX, 5), decimals(noisyY, 5), "\(label)", row / 6 % 5 == 0 ? "test" : "train"])
    }
    return file.bytes
  }

  /// Where a point stands before the noise, to which group it belongs, and how strong the noise is.
  private func point(_ row: Int, _ chance: inout Chance) -> (x: Double, y: Double, label: Int, noise: Double) {
    switch self {
    case .moons:
      let angle = .pi * chance.unit()
      return row % 2 == 0
        ? (cos(angle), sin(angle), 0, 0.15) : (1 - cos(angle), 0.5 - sin(angle), 1, 0.15)
    case .circles:
      let angle = 2 * .pi * chance.unit()
      let radius = row % 2 == 0 ? 1 : 0.5
      return (radius * cos(angle), radius * sin(angle), row % 2, 0.08)
    case .spirals:
      let radius = chance.unit()
      let angle = 4 * radius + 2 * .pi * Double(row % 3) / 3
      return (radius * cos(angle), radius * sin(angle), row % 3, 0.04)
    case .xor:
      let x = chance.uniform(-1, 1)
      let y = chance.uniform(-1, 1)
      return (x, y, (x > 0) != (y > 0) ? 1 : 0, 0.05)
    case .blobs:
      let (x, y) = [(-1.5, 0.0), (1.5, 0), (0, 2)][row % 3]
      return (x, y, row % 3, 0.6)
    }
  }
}
