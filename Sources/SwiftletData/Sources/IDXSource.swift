// SPDX-License-Identifier: Apache-2.0
//
// IDX: pictures as bytes, and labels as a byte each.
//
// Before    CSVSource.swift     After    SQLiteSource.swift

import SwiftletFormats
import SwiftletTables

enum IDXSource: Source {
  static func holds(_ place: Place) throws -> Bool { place.isNamed("ubyte", ".idx") }

  static func table(_ place: Place) throws -> Table { try Table([images(place)]) }

  /// The pictures of a file, as a column.
  static func images(_ place: Place) throws -> Column {
    let idx = try IDX.read(place.bytes)
    let channels = idx.sizes.count == 4 ? idx.sizes[3] : 1
    guard [3, 4].contains(idx.sizes.count), idx.sizes.allSatisfy({ $0 > 0 }), channels <= ImageColumn.mostChannels
    else {
      throw FormatError(
        place.bytes.name,
        "holds an array of \(idx.sizes); images have three axes, number, height and width, and color images a fourth "
          + "of up to \(ImageColumn.mostChannels) channels.")
    }
    let pictures = ImageColumn(
      height: idx.sizes[1], width: idx.sizes[2], channels: channels,
      bytes: Picture.planes(idx.bytes, pixelCount: idx.sizes[1] * idx.sizes[2], channels: channels))
    return Column(name: "image", type: .image, values: .images(pictures))
  }

  /// The labels of a file, as a column with the name of the target: numbers, or what the description calls them.
  static func labels(_ place: Place, of dataset: DatasetDescription) throws -> Column {
    let idx = try IDX.read(place.bytes)
    let name = dataset.targets.first ?? "label"
    guard idx.sizes.count == 1 else {
      throw FormatError(place.bytes.name, "holds an array of \(idx.sizes); labels have one axis.")
    }
    guard let names = dataset.column(name)?.labelNames else {
      return Column(name: name, type: .number, values: .numbers(Numbers(idx.bytes.lazy.map { Double($0) })))
    }
    if let wrong = idx.bytes.first(where: { Int($0) >= names.count }) {
      throw FormatError(place.bytes.name, "holds the label \(wrong), and dataset.yaml names \(names.count).")
    }
    return Column(name: name, type: .category, values: .codes(idx.bytes.map { Int32($0) }, categories: names))
  }
}
