// SPDX-License-Identifier: Apache-2.0
//
// LaneCamera: a road as a camera in a car sees it, and the angle by which to steer.
//
// The camera stands 1.2 m above a flat road, is 70 degrees wide and looks down by 5. Every pixel is four rays that meet
// the road somewhere; there is grass, asphalt, a solid line to the right and a dashed one to the left, or sky.
//
// Shapes    40 × 20 gray pixels
// Before    WallFollowing.swift     After    SyntheticDataset.swift
// Source    Coulter, "Implementation of the pure pursuit path tracking algorithm" (1992), for the steering angle

import Foundation
import SwiftletFormats

enum LaneCamera {
  static let dataset = SyntheticDataset(
    name: "lane-camera", summary: "steering from pictures of a road", seed: 53, rows: 1900,
    shipped: {
      ShippedFiles(
        description: PackageResources.lane_camera_dataset_yaml, recipe: PackageResources.lane_camera_recipe_yaml,
        readme: PackageResources.lane_camera_readme_md)
    },
    make: { files(seed: $0, rows: $1) })

  private static let width = 40
  private static let height = 20

  /// Four files: images and labels, for training and for test in the proportion 15 to 4.
  static func files(seed: UInt64, rows: Int) -> [(name: String, bytes: [UInt8])] {
    let trainCount = max(1, rows * 15 / 19)
    return [("train", trainCount, 0), ("test", max(1, rows - trainCount), 1)].flatMap { name, count, part in
      var labels = CSVFile(["steer_rad", "curvature_per_m", "offset_m", "heading_rad"])
      var pixels: [UInt8] = []
      for row in 0..<count {
        var chance = Chance(seed: seed, part, row)
        let car = Car(&chance)
        pixels += picture(of: car, &chance)
        labels.add([
          decimals(car.steering, 5), decimals(car.curvature, 5), decimals(car.offset, 4), decimals(car.heading, 5),
        ])
      }
      let images = IDX(sizes: [count, height, width], bytes: pixels).encoded()
      return [
        (name: "\(name)-images-idx3-ubyte.gz", bytes: gzipped(images)),
        (name: "\(name)-labels.csv", bytes: labels.bytes),
      ]
    }
  }

  /// Where the car is in its lane, and how the road bends. Left is positive.
  private struct Car {
    let curvature: Double  // 1/m
    let offset: Double  // m from the center of the lane
    let heading: Double  // rad to the lane

    init(_ chance: inout Chance) {
      curvature = chance.normal(0, 0.012).clamped(to: -0.03...0.03)
      offset = chance.normal(0, 0.35).clamped(to: -1...1)
      heading = chance.normal(0, 0.06).clamped(to: -0.18...0.18)
    }

    /// Where the center of the lane is, `ahead` meters from here.
    func center(_ ahead: Double) -> Double { -offset - tan(heading) * ahead + 0.5 * curvature * ahead * ahead }

    /// The angle that leads to the center of the lane 8 m ahead, with axles 2.6 m apart.
    var steering: Double {
      let ahead = 8.0
      let aside = center(ahead)
      return atan(2.6 * 2 * aside / (ahead * ahead + aside * aside))
    }
  }

  /// The light and the colors of one picture, from 0 to 1.
  private struct Scene {
    let grass: Double
    let road: Double
    let mark: Double
    let sky: Double
    let gain: Double
    let dashPhase: Double
    let noise: Double
    let shadowStart: Double
    let shadowLength: Double

    init(_ chance: inout Chance) {
      grass = chance.uniform(0.40, 0.65)
      road = chance.uniform(0.18, 0.38)
      mark = chance.uniform(0.75, 1)
      sky = chance.uniform(0.7, 0.95)
      gain = chance.uniform(0.6, 1.2)
      dashPhase = chance.uniform(0, 6)
      noise = chance.uniform(0.01, 0.06)
      shadowStart = chance.uniform(4, 30)
      shadowLength = chance.happens(0.4) ? chance.uniform(2, 6) : 0
    }

    /// The gray of the ground at a place ahead, at a distance from the center of the lane.
    func ground(_ ahead: Double, _ aside: Double) -> Double {
      let halfLane = 1.75
      var gray = road
      if abs(aside) > halfLane + 0.5 {
        gray = grass
      } else if abs(abs(aside) - halfLane) < 0.08 + 0.004 * ahead {
        let isMarked = aside < 0 || fmod(ahead + dashPhase, 6) < 3.5
        gray = isMarked ? mark : road
      }
      let isInShadow = shadowLength > 0 && ahead > shadowStart && ahead < shadowStart + shadowLength
      return isInShadow ? gray * 0.55 : gray
    }
  }

  private static func picture(of car: Car, _ chance: inout Chance) -> [UInt8] {
    let scene = Scene(&chance)
    let focalLength = (Double(width) / 2) / tan(35 * (.pi / 180))
    let pitch = 5 * (Double.pi / 180)
    let cameraHeight = 1.2
    let cosPitch = cos(pitch)
    let sinPitch = sin(pitch)
    func gray(_ column: Double, _ row: Double) -> Double {
      let cx = (column - Double(width) / 2) / focalLength
      let cy = (row - Double(height) * 0.35) / focalLength
      let down = cy * cosPitch + sinPitch
      let forward = cosPitch - cy * sinPitch
      if down <= 0.012 { return scene.sky }
      let ahead = cameraHeight * forward / down
      let left = -cameraHeight * cx / down
      if ahead > 60 { return scene.sky * 0.9 }
      return scene.ground(ahead, left - car.center(ahead))
    }
    var pixels: [UInt8] = []
    for row in 0..<height {
      for column in 0..<width {
        var sum = 0.0
        for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
          sum += gray(Double(column) + dx, Double(row) + dy)
        }
        pixels.append(UInt8((255 * (scene.gain * sum / 4 + chance.normal(0, scene.noise))).clamped(to: 0...255)))
      }
    }
    return pixels
  }
}
