// SPDX-License-Identifier: Apache-2.0
//
// Resizing: a picture of one size from one of another.
//
// A pixel of the result is the mean of the area that it covers, so that every pixel of the original counts: taking the
// nearest one would lose thin lines, and taking four would lose them at a fifth of the size. The sides are
// stretched independently; nothing is cut off.
//
// Shapes    H the height, W the width, K channels
// Before    Orientation.swift     After    Binary/NPY.swift

extension Picture {
  /// The picture in another size, each pixel the mean of the area that it covers.
  ///
  /// - Parameters:
  ///   - width: From 1.
  ///   - height: From 1.
  public func resized(width: Int, height: Int) -> Picture {
    guard width != self.width || height != self.height else { return self }
    let columns = Coverage.all(from: self.width, to: width)
    let lines = Coverage.all(from: self.height, to: height)
    // [H, new W, K] is never kept as a whole: a line of the result adds up the lines that it covers.
    var resized: [UInt8] = []
    resized.reserveCapacity(width * height * channels)
    var sums = [Float](repeating: 0, count: width * channels)
    for line in lines {
      for position in sums.indices { sums[position] = 0 }
      for (offset, share) in line.shares.enumerated() {
        add(line: line.first + offset, share: share, columns, to: &sums)
      }
      resized.append(contentsOf: sums.lazy.map { UInt8(min(max($0, 0), 255).rounded()) })
    }
    return Picture(width: width, height: height, channels: channels, bytes: resized)
  }

  /// Adds a line of the original, narrowed or widened, to a line of the result.
  private func add(line: Int, share: Float, _ columns: [Coverage], to sums: inout [Float]) {
    let start = line * width * channels
    bytes.withUnsafeBufferPointer { bytes in
      for (column, coverage) in columns.enumerated() {
        for channel in 0..<channels {
          var sum: Float = 0
          var place = start + coverage.first * channels + channel
          for weight in coverage.shares {
            sum += weight * Float(bytes[place])
            place += channels  // the same channel of the next pixel
          }
          sums[column * channels + channel] += share * sum
        }
      }
    }
  }
}

/// The pixels of the original that one pixel of the result covers, along one side.
private struct Coverage {
  let first: Int
  /// The share of each, adding up to one.
  let shares: [Float]

  /// - Parameters:
  ///   - old: The number of pixels of the original.
  ///   - new: The number of pixels of the result.
  static func all(from old: Int, to new: Int) -> [Coverage] {
    (0..<new).map { pixel in
      // In units of 1 / (old · new) of the side, so that every border is a whole number.
      let start = pixel * old
      let end = start + old
      let first = start / new
      let last = (end - 1) / new
      let shares = (first...last).map { Float(min(end, ($0 + 1) * new) - max(start, $0 * new)) / Float(old) }
      return Coverage(first: first, shares: shares)
    }
  }
}
