// SPDX-License-Identifier: Apache-2.0
//
// WallFollowing: a robot drives clockwise through a room, and keeps a wall on its left.
//
// It has 24 sonars in a ring and a controller of four rules, which is what a model is to learn. Sonars are noisy, and one
// echo in a hundred is lost. The last fifth of the drive is for test: neighboring steps are nearly the same.
//
// Before    CardPayments.swift     After    LaneCamera.swift

import Foundation
import SwiftletFormats

enum WallFollowing {
  static let dataset = SyntheticDataset(
    name: "wall-follow", summary: "control from 24 sonars", seed: 41, rows: 5000,
    shipped: {
      ShippedFiles(
        description: PackageResources.wall_follow_dataset_yaml, recipe: PackageResources.wall_follow_recipe_yaml,
        readme: PackageResources.wall_follow_readme_md)
    },
    make: { [("wall_follow.csv", csv(seed: $0, rows: $1))] })

  static func csv(seed: UInt64, rows: Int) -> [UInt8] {
    let sonars = (1...24).map { $0 < 10 ? "us0\($0)" : "us\($0)" }
    var file = CSVFile(sonars + ["front", "left", "right", "back", "action", "split"])
    var robot = Robot(seed: seed)
    let firstTest = Int(0.8 * Double(rows))
    for row in 0..<rows {
      let (heard, action) = robot.step()
      file.add(heard.map { decimals($0, 3) } + [action, row < firstTest ? "train" : "test"])
    }
    return file.bytes
  }
}

/// The robot, its room and its controller. Lengths are meters, angles radians.
private struct Robot {
  private var chance: Chance
  private var x = 1.0
  private var y = 4.6
  private var heading = 0.0

  init(seed: UInt64) { chance = Chance(seed: seed) }

  /// The room and the boxes in it, as walls from one point to another.
  private static let walls: [(x: Double, y: Double, toX: Double, toY: Double)] = [
    (0, 0, 7.0, 5.6), (5.2, 0, 7.0, 1.2), (2.6, 5.0, 3.6, 5.6), (0, 2.2, 0.5, 3.2),
  ].flatMap { (left, top, right, bottom) in
    [
      (left, top, right, top), (right, top, right, bottom), (right, bottom, left, bottom), (left, bottom, left, top),
    ]
  }

  /// Listens, decides, drives a ninth of a second.
  mutating func step() -> (heard: [Double], action: String) {
    // A sonar hears the nearest thing in a cone: three rays stand for it.
    let distances = (0..<24).map { sonar -> Double in
      let degrees = [-6.0, 0, 6].map { $0 - 15 * Double(sonar) }
      return degrees.map { ray(heading + $0 * (.pi / 180)) }.min() ?? 5
    }
    let sonars = distances.map { distance in
      let noisy = distance + chance.normal(0, 0.01 + 0.01 * distance)
      return (chance.happens(0.01) ? 5 : noisy).clamped(to: 0.2...5)
    }
    func nearest(_ first: Int) -> Double { (first..<first + 5).map { sonars[($0 + 24) % 24] }.min() ?? 5 }
    let front = nearest(-2)
    let left = nearest(-8)
    let right = nearest(4)
    let back = nearest(10)

    let (action, speed, turn): (String, Double, Double) =
      front <= 0.9
      ? ("sharp-right-turn", 0, -0.5)
      : left > 0.9
        ? ("slight-left-turn", 0.22, 0.5)
        : left < 0.55 ? ("slight-right-turn", 0.22, -0.35) : ("move-forward", 0.3, 0)
    drive(speed, turn, nearestWall: distances.min() ?? 5)
    return (sonars + [front, left, right, back], action)
  }

  private mutating func drive(_ speed: Double, _ turn: Double, nearestWall: Double) {
    let time = 1 / 9.0
    heading += (turn + chance.normal(0, 0.05)) * time
    x += speed * cos(heading) * time
    y += speed * sin(heading) * time
    // It has touched something: back to the start.
    if nearestWall < 0.25 || !(x > 0 && x < 7 && y > 0 && y < 5.6) {
      x = 1
      y = 4.6
      heading = chance.uniform(-0.3, 0.3)
    }
  }

  /// How far it is to the nearest wall in a direction; at most 5.
  private func ray(_ angle: Double) -> Double {
    var nearest = 5.0
    let dx = cos(angle)
    let dy = sin(angle)
    for wall in Self.walls {
      let ex = wall.toX - wall.x
      let ey = wall.toY - wall.y
      let determinant = dx * ey - dy * ex
      if abs(determinant) < 1e-12 { continue }  // parallel
      let along = ((wall.x - x) * ey - (wall.y - y) * ex) / determinant
      let onWall = ((wall.x - x) * dy - (wall.y - y) * dx) / determinant
      if along > 0, onWall >= 0, onWall <= 1, along < nearest { nearest = along }
    }
    return nearest
  }
}
