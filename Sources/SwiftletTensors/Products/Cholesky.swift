// SPDX-License-Identifier: Apache-2.0
//
// Cholesky: solving with a symmetric positive definite matrix.
//
// A matrix of second moments, or a sum of outer products, is such a matrix. It is the product of a lower triangle
// and that triangle's transpose, A = L · Lᵀ, and with a triangle one solves number by number. In 64 bits, because
// such matrices are often nearly singular.
//
// Shapes    D rows and columns, C right sides
// Before    Matmul.swift     After    Affine.swift
// Source    Golub, Van Loan, "Matrix Computations" (2013), section 4.2

import COpenBLAS

/// The lower triangle L of A = L · Lᵀ.
package struct CholeskyFactor: Sendable {
  /// D · D numbers, column after column; those above the diagonal are not used.
  private var columns: [Double]
  private let size: Int

  /// Factors a matrix; `nil` if it is not positive definite.
  ///
  /// - Parameter matrix: D · D numbers of a symmetric matrix, so that rows and columns are the same.
  package init?(_ matrix: [Double], size: Int) {
    guard size > 0, matrix.count == size * size, var n = Int32(exactly: size) else { return nil }
    columns = matrix
    self.size = size
    var info: Int32 = 0
    var leadingDimension = n
    columns.withUnsafeMutableBufferPointer { dpotrf_("L", &n, $0.baseAddress, &leadingDimension, &info) }
    guard info == 0 else { return nil }
  }

  /// Replaces each right side b by A⁻¹ · b.
  ///
  /// - Parameter sides: C · D numbers, side after side.
  package func solve(_ sides: inout [Double]) {
    let count = Int32(sides.count / size)
    guard sides.count == Int(count) * size else {
      stop("solve: \(sides.count) numbers are not whole right sides of \(size) numbers each")
    }
    // Side after side is column after column to BLAS. First L · y = b, then Lᵀ · x = y.
    let n = Int32(size)
    for flag in [CblasNoTrans, CblasTrans] {
      cblas_dtrsm(CblasColMajor, CblasLeft, CblasLower, flag, CblasNonUnit, n, count, 1, columns, n, &sides, n)
    }
  }
}
