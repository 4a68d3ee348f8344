// SPDX-License-Identifier: Apache-2.0
//
// Winograd's convolution: sixteen products where nine had been, of a quarter as many rows.
//
// Four neighboring results of a window of 3 × 3 take 36 multiplications for each pair of channels. Sums and differences
// of pixels, and of weights, make 16 of them; sums and differences of their products are the four results. What is
// added up in another order has other last bits, about as far from the true sum as before.
//
// Shapes    N pictures, H the height, W the width, C channels in, K channels out, T tiles of 4 × 4 pixels
// Before    Convolution.swift     After    PackedConvolution.swift
// Source    Lavin and Gray, "Fast algorithms for convolutional neural networks" (2015), arXiv:1509.09308, section 4.1

import CVectorMath

/// The weights of a convolution of 3 × 3, changed once for all tiles.
struct WinogradWeights: Sendable {
  private let inputCount: Int
  private let outputCount: Int
  /// G · g · Gᵀ for each pair of channels: a weight [K, C] at each of the sixteen places.
  private let places: [PackedMatrix]
  private let instructions: VectorInstructions

  /// About as many tiles are multiplied at once; more would leave the cache before they are read again.
  private static let tilesAtOnce = 112

  /// Changes a weight of shape `[K, C, 3, 3]`; `nil` where the result is more than a tensor holds.
  init?(_ weight: Tensor, instructions: VectorInstructions) {
    let (k, c) = (weight.shape[0], weight.shape[1])
    guard Shape.elementCount(of: [k, c, 16]) != nil else { return nil }
    let windows = weight.reshaped(to: [k * c, 9])
    let changed = matmul(windows, WinogradWeights.change).transposed().reshaped(to: [16, k, c])
    let places = (0..<16).compactMap { place in
      PackedMatrix(changed.rows(place..<place + 1).reshaped(to: [k, c]), instructions: instructions)
    }
    guard places.count == 16 else { return nil }
    self.places = places
    inputCount = c
    outputCount = k
    self.instructions = instructions
  }

  /// The matrix that makes the nine weights of a window sixteen: the Kronecker product of G with itself, transposed.
  private static let change: Tensor = {
    let g: [[Float]] = [[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]]
    var change = Tensor.zeros([9, 16])
    for window in 0..<9 {
      for place in 0..<16 {
        change[window, place] = g[place / 4][window / 3] * g[place % 4][window % 3]
      }
    }
    return change
  }()

  /// y ← x ∗ w
  ///
  /// - Parameters:
  ///   - x: N · H · W · C numbers.
  ///   - keepsLargest: Whether only the largest of every square of four results is written, `[N, H / 2, W / 2, K]`.
  ///   - y: Room for N · H · W · K numbers, or for the largest.
  func multiply(
    _ x: UnsafePointer<Float>, pictures: Int, _ size: PictureSize, keepsLargest: Bool,
    into y: UnsafeMutablePointer<Float>
  ) {
    let tiling = Tiling(size, channels: inputCount, keepsLargest: keepsLargest)
    let columnsAtOnce = min(tiling.tilesInRow, WinogradWeights.tilesAtOnce)
    let rowsAtOnce = max(1, WinogradWeights.tilesAtOnce / max(tiling.tilesInRow, 1))
    let rowCount = pictures * tiling.rowCount
    guard columnsAtOnce > 0 else { return }
    let scratch = WinogradScratch(
      picture: tiling.borderedCount, tiles: min(rowsAtOnce, rowCount) * columnsAtOnce, inputs: inputCount,
      outputs: outputCount)
    withExtendedLifetime(scratch) {
      for row in stride(from: 0, to: rowCount, by: rowsAtOnce) {
        // Several rows, or, of a wide picture, a part of one.
        for column in stride(from: 0, to: tiling.tilesInRow, by: columnsAtOnce) {
          let block = TileBlock(
            rows: row..<min(row + rowsAtOnce, rowCount),
            columns: column..<min(column + columnsAtOnce, tiling.tilesInRow))
          writeInputs(of: x, block, tiling, scratch)
          multiplyPlaces(tiles: block.count, scratch)
          writeOutputs(block, tiling, scratch, into: y)
        }
      }
    }
  }

  /// One product for each of the sixteen places.
  private func multiplyPlaces(tiles: Int, _ scratch: WinogradScratch) {
    for (place, weight) in places.enumerated() {
      weight.multiply(
        scratch.inputs + place * tiles * inputCount, rows: tiles, into: scratch.outputs + place * tiles * outputCount)
    }
  }

  /// The tiles of a block, changed for their products.
  private func writeInputs(
    of x: UnsafePointer<Float>, _ block: TileBlock, _ tiling: Tiling, _ scratch: WinogradScratch
  ) {
    let step = tiling.borderedWidth * inputCount
    let row = block.row(channels: inputCount)
    for number in block.rows {
      let (picture, rowInPicture) = number.quotientAndRemainder(dividingBy: tiling.rowCount)
      // The blocks are in order, so that the picture stays where it is until its last row.
      if rowInPicture == 0, block.columns.lowerBound == 0 {
        tiling.pad(x + picture * tiling.size.pixelCount * inputCount, channels: inputCount, into: scratch.picture)
      }
      // In bounds: the bordered picture has two rows and two pixels more than its tiles are apart.
      swiftlet_winograd_inputs(
        instructions.rawValue,
        scratch.picture + 2 * rowInPicture * step + 2 * block.columns.lowerBound * inputCount, step, row,
        scratch.inputs + block.start(ofRow: number) * inputCount)
    }
  }

  /// The results of a block's tiles, from their products.
  private func writeOutputs(
    _ block: TileBlock, _ tiling: Tiling, _ scratch: WinogradScratch, into y: UnsafeMutablePointer<Float>
  ) {
    let size = tiling.size
    let row = block.row(channels: outputCount)
    for number in block.rows {
      let places = scratch.outputs + block.start(ofRow: number) * outputCount
      if tiling.keepsLargest {
        swiftlet_winograd_largest_outputs(
          instructions.rawValue, places, row,
          y + (number * tiling.tilesInRow + block.columns.lowerBound) * outputCount)
        continue
      }
      let (picture, rowInPicture) = number.quotientAndRemainder(dividingBy: tiling.rowCount)
      let column = 2 * block.columns.lowerBound
      let target = y + ((picture * size.height + 2 * rowInPicture) * size.width + column) * outputCount
      let height = min(2, size.height - 2 * rowInPicture)
      let width = min(2 * block.columns.count, size.width - column)
      if width == 2 * block.columns.count, height == 2 {
        swiftlet_winograd_outputs(instructions.rawValue, places, row, target, size.width * outputCount)
        continue
      }
      // The last row or column of an odd number: the tile's other half is left out.
      let step = 2 * block.columns.count * outputCount
      swiftlet_winograd_outputs(instructions.rawValue, places, row, scratch.edge, step)
      for i in 0..<height {
        (target + i * size.width * outputCount).update(from: scratch.edge + i * step, count: width * outputCount)
      }
    }
  }
}

/// Tiles that are multiplied at once.
private struct TileBlock {
  /// Rows of tiles; those of one picture follow those of another.
  let rows: Range<Int>
  /// The same in each row.
  let columns: Range<Int>

  var count: Int { rows.count * columns.count }

  /// The number of tiles before a row's first.
  func start(ofRow row: Int) -> Int { (row - rows.lowerBound) * columns.count }

  /// A row of the block before its products or behind them.
  func row(channels: Int) -> swiftlet_tile_row {
    swiftlet_tile_row(tiles: columns.count, channels: channels, place_step: count * channels)
  }
}

/// How the tiles lie over a picture: every two pixels one, which reaches a pixel further to all sides.
private struct Tiling {
  let size: PictureSize
  let keepsLargest: Bool
  /// Number of rows of tiles.
  let rowCount: Int
  let tilesInRow: Int
  let borderedWidth: Int
  /// Numbers of a bordered picture.
  let borderedCount: Int

  init(_ size: PictureSize, channels: Int, keepsLargest: Bool) {
    self.size = size
    self.keepsLargest = keepsLargest
    // A last row or column without a partner has no square whose largest could be kept.
    let rest = keepsLargest ? 0 : 1
    rowCount = (size.height + rest) / 2
    tilesInRow = (size.width + rest) / 2
    borderedWidth = (size.width + 1) / 2 * 2 + 2
    borderedCount = ((size.height + 1) / 2 * 2 + 2) * borderedWidth * channels
  }

  /// Writes a picture into the middle of a bordered one, whose border is zero and stays so.
  func pad(_ x: UnsafePointer<Float>, channels c: Int, into padded: UnsafeMutablePointer<Float>) {
    for row in 0..<size.height {
      (padded + ((row + 1) * borderedWidth + 1) * c).update(from: x + row * size.width * c, count: size.width * c)
    }
  }
}

/// The memory in which tiles are changed and multiplied, from the pool of tensors, so that a single picture waits for no
/// new pages.
private struct WinogradScratch {
  private let block: TensorStorage
  /// A picture with a border of zeros.
  let picture: UnsafeMutablePointer<Float>
  /// `[16, T, C]`
  let inputs: UnsafeMutablePointer<Float>
  /// `[16, T, K]`
  let outputs: UnsafeMutablePointer<Float>
  /// Two rows of results, where not all of a tile belong to the picture.
  let edge: UnsafeMutablePointer<Float>

  init(picture pictureCount: Int, tiles: Int, inputs inputCount: Int, outputs outputCount: Int) {
    block = TensorStorage(count: pictureCount + tiles * (16 * inputCount + 20 * outputCount))
    picture = block.base
    picture.update(repeating: 0, count: pictureCount)
    inputs = picture + pictureCount
    outputs = inputs + 16 * tiles * inputCount
    edge = outputs + 16 * tiles * outputCount
  }
}
