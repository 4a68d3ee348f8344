// SPDX-License-Identifier: Apache-2.0
//
// Planes: parts of matrices, and pixels that become channels.
//
// Before    Reductions.swift     After    Ranking.swift
// Source    onnx, docs/Operators.md: Trilu, DepthToSpace, SpaceToDepth

extension Operators {
  static let planes: [Operator] = [
    Operator("Trilu", since: 14) { context in
      let isUpper = context.flag("upper", true)
      return { x in
        let value = try x[0]
        let diagonal = try x.optional(1) == nil ? 0 : x.integer(1)
        guard value.rank >= 2 else { throw GraphError("it takes matrices, and was given the shape \(value.shape)") }
        let rows = value.shape[value.rank - 2]
        let columns = value.shape[value.rank - 1]
        let picked = (0..<value.count).map { place -> Int in
          let offset = place % columns - place / columns % rows
          return (isUpper ? offset >= diagonal : offset <= diagonal) ? place : -1
        }
        return [value.picking(picked, shape: value.shape)]
      }
    },
    Operator("DepthToSpace") { context in
      let size = try blockSize(context)
      let isByColumn = context.text("mode", "DCR") == "CRD"
      return { x in
        let value = try x[0]
        guard value.rank == 4, value.shape[1] % (size * size) == 0 else {
          throw GraphError("the channels of \(value.shape) cannot be split into blocks of \(size) by \(size)")
        }
        let (n, c) = (value.shape[0], value.shape[1] / (size * size))
        let (h, w) = (value.shape[2], value.shape[3])
        let parts = value.reshaped(isByColumn ? [n, c, size, size, h, w] : [n, size, size, c, h, w])
        let moved = try transposed(parts, isByColumn ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2])
        return [moved.reshaped([n, c, h * size, w * size])]
      }
    },
    Operator("SpaceToDepth") { context in
      let size = try blockSize(context)
      let isByColumn = context.text("mode", "DCR") == "CRD"
      return { x in
        let value = try x[0]
        guard value.rank == 4, value.shape[2] % size == 0, value.shape[3] % size == 0 else {
          throw GraphError("the pixels of \(value.shape) cannot be split into blocks of \(size) by \(size)")
        }
        let (n, c) = (value.shape[0], value.shape[1])
        let (h, w) = (value.shape[2] / size, value.shape[3] / size)
        let parts = value.reshaped([n, c, h, size, w, size])
        let moved = try transposed(parts, isByColumn ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4])
        return [moved.reshaped([n, c * size * size, h, w])]
      }
    },
  ]

  private static func blockSize(_ context: NodeContext) throws -> Int {
    let size = try context.integer("blocksize").orThrow(context.missing("blocksize"))
    guard (1...1 << 14).contains(size) else { throw GraphError("its blocksize is \(size)") }
    return size
  }
}
