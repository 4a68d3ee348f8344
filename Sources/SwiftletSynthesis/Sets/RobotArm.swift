// SPDX-License-Identifier: Apache-2.0
//
// RobotArm: where the hand of an arm with two joints is, and by which angles it came there.
//
// The elbow bends one way only, so each place belongs to one pair of angles and the inverse is a function.
//
//     x = 0.40 cos a + 0.30 cos(a + b)      a shoulder, b elbow, lengths in meters
//     y = 0.40 sin a + 0.30 sin(a + b)
//
// Before    Toys.swift     After    ShopSessions.swift
// Source    Lynch, Park, "Modern Robotics" (2017), section 6.1.1

import Foundation
import SwiftletFormats

enum RobotArm {
  static let dataset = SyntheticDataset(
    name: "arm", summary: "inverse kinematics of an arm with two joints", seed: 43, rows: 3000,
    shipped: {
      ShippedFiles(
        description: PackageResources.arm_dataset_yaml, recipe: PackageResources.arm_recipe_yaml,
        readme: PackageResources.arm_readme_md)
    },
    make: { [("arm.csv", csv(seed: $0, rows: $1))] })

  static func csv(seed: UInt64, rows: Int) -> [UInt8] {
    let upper = 0.40
    let lower = 0.30
    var file = CSVFile(["x_m", "y_m", "shoulder_rad", "elbow_rad", "split"])
    for row in 0..<rows {
      var chance = Chance(seed: seed, row)
      let shoulder = chance.uniform(-.pi / 2, .pi / 2)
      let elbow = chance.uniform(0.15, 2.6)
      let x = upper * cos(shoulder) + lower * cos(shoulder + elbow)
      let y = upper * sin(shoulder) + lower * sin(shoulder + elbow)
      // A millimeter of noise: no camera sees the hand better.
      let seenX = x + chance.normal(0, 0.001)
      let seenY = y + chance.normal(0, 0.001)
      file.add([decimals(seenX, 5), decimals(seenY, 5), decimals(shoulder, 5), decimals(elbow, 5), hashSplit(row)])
    }
    return file.bytes
  }
}
