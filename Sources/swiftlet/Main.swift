// SPDX-License-Identifier: Apache-2.0
//
// The program. All that it does stands in SwiftletCommands.

import SwiftletCommands

@main
enum Main {
  static func main() async { await SwiftletCommand.main() }
}
