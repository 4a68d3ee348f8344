// SPDX-License-Identifier: Apache-2.0
//
// What a model's users will want to see of its data: the first training row, units, and the picture.
//
// Before    Evaluation.swift     After    TrainingRun.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

extension Illustration {
  /// Takes it from the data that a model was trained on.
  init(of data: PreparedData, pipeline: Pipeline, targets: [String]) {
    self.init()
    let isImage = !pipeline.isTabular
    if !isImage, let row = data.rows(.train).first {
      example = pipeline.columnNames.compactMap { name in
        data.features[name].map { .init(name, $0.json(at: Int(row))) }
      }
    }
    guard let dataset = data.loaded.dataset else { return }
    units = (pipeline.columnNames + targets).compactMap { name in
      dataset.column(name)?.unit.map { .init(name, .string($0)) }
    }
    guard let (width, height, maximum) = dataset.view else { return }
    // The cells are the columns of numbers in the order of the file, those that the model leaves out included.
    let cells = data.loaded.table.columns.filter {
      $0.type == .number && !dataset.targets.contains($0.name) && $0.name != data.targetColumn
    }
    let view = View(width: width, height: height, maximum: maximum, columns: isImage ? [] : cells.map(\.name))
    if view.fits(pipeline) { self.view = view }
  }
}
