// SPDX-License-Identifier: Apache-2.0
//
// What helps to look at a model's data: the first training row, units, and the picture.
//
// Before    Baseline.swift     After    Run.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

extension Illustration {
  /// Takes it from the data that a model was trained on.
  init(of data: PreparedData) {
    self.init()
    let (pipeline, experiment) = (data.pipeline, data.experiment)
    let isImage = !pipeline.isTabular
    if !isImage, let row = data.fold.rows(.train).first {
      example = pipeline.columnNames.compactMap { name in
        experiment.features[name].map { .init(name, $0.json(at: Int(row))) }
      }
    }
    guard let dataset = experiment.data.dataset else { return }
    units = (pipeline.columnNames + data.head.targetNames).compactMap { name in
      dataset.column(name)?.unit.map { .init(name, .string($0)) }
    }
    guard var view = dataset.view else { return }
    // The cells are the columns of numbers in the order of the file, those that the model leaves out included.
    let cells = experiment.data.table.columns.filter {
      $0.type == .number && !dataset.targets.contains($0.name) && $0.name != experiment.targetNames[0]
    }
    view.columns = isImage ? [] : cells.map(\.name)
    if view.fits(pipeline) { self.view = view }
  }
}
