// SPDX-License-Identifier: Apache-2.0
//
// OpenBLAS: the library that multiplies matrices.
//
// It is as fast as the processor allows, and chooses its inner loops by the processor when it is
// loaded; what it chose is recorded in every trained model, because another choice rounds differently.
// This file wraps the products and the questions one can ask the library; Cholesky.swift has the other two calls.
//
// Before    Reductions/GroupNormalization.swift     After    Matmul.swift
// Source    Goto, van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008)

import COpenBLAS

/// What OpenBLAS reports about itself, and the number of threads that it may use.
public enum OpenBLAS {
  /// The version, for example `0.3.21`.
  public static let version: String = {
    // The configuration reads like "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH Zen MAX_THREADS=64".
    let words = String(cString: openblas_get_config()).split(separator: " ")
    return words.count > 1 ? String(words[1]) : "unknown"
  }()

  /// The processor family whose inner loops are in use, for example `Zen` or `Haswell`.
  public static let coreName = String(cString: openblas_get_corename())

  /// The number of threads that a large product is shared between.
  public static var threadCount: Int { Int(openblas_get_num_threads()) }

  /// The number of processors that OpenBLAS found.
  public static var processorCount: Int { Int(openblas_get_num_procs()) }

  /// Sets the number of threads for the whole process: once at the start, and by the trainer.
  public static func setThreadCount(_ count: Int) {
    openblas_set_num_threads(Int32(clamping: max(1, min(count, 1024))))
  }
}

/// A matrix in memory as GEMM wants it described.
struct MatrixView {
  let base: UnsafePointer<Float>
  let rows: Int
  let columns: Int
  let isTransposed: Bool

  /// The sizes as the product sees them.
  var effectiveRows: Int { isTransposed ? columns : rows }
  var effectiveColumns: Int { isTransposed ? rows : columns }
  /// How far apart two rows lie in memory; BLAS wants at least 1 even where a row is empty.
  var leadingDimension: Int32 { Int32(max(columns, 1)) }
  var flag: CBLAS_TRANSPOSE { isTransposed ? CblasTrans : CblasNoTrans }
}

/// C ← A · B + β · C, by GEMM, or by GEMV where A is one row or B is one column.
///
/// - Parameters:
///   - a: [M, K] after its transposition.
///   - b: [K, N] after its transposition.
///   - c: M · N numbers, which are not read where β is 0.
func multiply(_ a: MatrixView, _ b: MatrixView, into c: UnsafeMutablePointer<Float>, beta: Float) {
  let m = a.effectiveRows
  let k = a.effectiveColumns
  let n = b.effectiveColumns
  guard m > 0, n > 0 else { return }
  guard k > 0 else {
    if beta == 0 { c.update(repeating: 0, count: m * n) }
    return
  }
  // Sizes fit into Int32, see Shape. A row vector times a matrix is the matrix, transposed, times the vector.
  if m == 1 {
    cblas_sgemv(
      CblasRowMajor, b.isTransposed ? CblasNoTrans : CblasTrans, Int32(b.rows), Int32(b.columns), 1, b.base,
      b.leadingDimension, a.base, 1, beta, c, 1)
  } else if n == 1 {
    cblas_sgemv(
      CblasRowMajor, a.flag, Int32(a.rows), Int32(a.columns), 1, a.base, a.leadingDimension, b.base, 1, beta, c, 1)
  } else {
    cblas_sgemm(
      CblasRowMajor, a.flag, b.flag, Int32(m), Int32(n), Int32(k), 1, a.base, a.leadingDimension, b.base,
      b.leadingDimension, beta, c, Int32(n))
  }
}
