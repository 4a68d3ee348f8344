// SPDX-License-Identifier: Apache-2.0
//
// A limit on address space, found before OpenBLAS meets it.
//
// OpenBLAS takes a buffer for each of its threads at the first product, and if the system refuses one it tries again
// forever. So a command first asks for the same amount, gives it back, and ends with a sentence if it was refused. What
// would be refused while the program is loaded, `CAddressSpace` finds.
//
// Before    SwiftletCommand.swift     After    Terminal/ProgressLine.swift

import CAddressSpace
import Foundation
import SwiftletTensors

/// The room of a process, as `ulimit -v` limits it.
enum AddressSpace {
  /// Ends the program if the limit is too low for the buffers of OpenBLAS.
  static func check() {
    guard let limit = MemoryLimit.addressSpace else { return }
    let count = OpenBLAS.processorCount * Int(swiftlet_openblas_buffer)
    guard swiftlet_has_room(UInt(count)) == 0 else {
      return
    }
    printError(
      "swiftlet: the limit on address space (ulimit -v \(limit >> 10)) leaves less than the \(count >> 20) MB "
        + "that OpenBLAS needs for \(OpenBLAS.processorCount) threads. Raise it.")
    _exit(ExitStatus.defect.rawValue)  // at once: an ordered end would wait for threads that never began
  }
}
