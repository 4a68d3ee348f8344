// SPDX-License-Identifier: Apache-2.0
//
// Fashion-MNIST: 60,000 pictures of 28 by 28 pixels in ten classes, from the files of the Debian package.
//
// Where only the amount of work matters and nothing is compared with a peer, random pictures do as well.
//
// Before    GEMMFloor.swift     After    MLPTraining.swift

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors
import SwiftletTraining

/// Pictures and their labels.
struct FashionMNIST {
  /// Ten kinds of clothes.
  static let head = ClassHead(labels: (0..<10).map { "\($0)" })

  static let folder = "/usr/share/datasets/fashion-mnist"
  let images: ImageColumn
  let labels: [Int32]

  /// Reads the first pictures of the training file.
  init(rows: Int) throws {
    let images = try IDX.read(.file(FashionMNIST.folder + "/train-images-idx3-ubyte.gz"))
    let labels = try IDX.read(.file(FashionMNIST.folder + "/train-labels-idx1-ubyte.gz"))
    guard images.sizes == [60_000, 28, 28], labels.sizes == [60_000], rows <= 60_000 else {
      throw UsageError("\(FashionMNIST.folder) must hold 60,000 pictures of 28 by 28, and rows= must be no more.")
    }
    self.images = ImageColumn(height: 28, width: 28, bytes: Array(images.bytes[..<(rows * 784)]))
    self.labels = labels.bytes[..<rows].map { Int32($0) }
  }

  /// Random pictures and labels, always the same.
  init(randomRows rows: Int) {
    var generator = Generator(seed: 1)
    images = ImageColumn(
      height: 28, width: 28, bytes: (0..<(rows * 784)).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
    labels = (0..<rows).map { _ in Int32(generator.below(10)) }
  }

  /// The pictures that the options `rows` and `data` ask for.
  init(_ options: Options, rows standard: Int) throws {
    let rows = try options.count("rows", default: standard)
    if options.text("data", default: "fashion") == "random" {
      self.init(randomRows: rows)
    } else {
      try self.init(rows: rows)
    }
  }

  /// As `swiftlet train` feeds them: bytes that become numbers when their batch is put together.
  var examples: Examples { Examples(features: .images(images, scale: .unit), truth: Truth(labels: labels)) }

  /// As a matrix of numbers from 0 to 1.
  var numbers: Tensor { FeatureMatrix.images(images, scale: .unit).rows(0..<labels.count) }
}
