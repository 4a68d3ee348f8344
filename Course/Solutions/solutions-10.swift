// SPDX-License-Identifier: Apache-2.0
//
// Solutions to 10 · From a table to features

import SwiftletFormats
import SwiftletTables

let table = try TableReader().readCSV(.memory(Array("age,calls\n34,4\n51,0\n27,5\n38,3\n".utf8), name: "customers.csv"))

// 1. The training rows go from 0 to 1. Tomorrow's row can lie outside: 60 is more than any of them.
var options = PipelineOptions()
options.numericScale = .minmax
let (pipeline, _) = try Pipeline.fit(table, options)
print(try pipeline.transform(table).features.rows(0..<4).rounded(decimals: 2))
let tomorrow = try TableReader().readCSV(.memory(Array("age,calls\n60,2\n".utf8), name: "tomorrow.csv"))
print("tomorrow: \(try pipeline.transform(tomorrow).features.rows(0..<1).rounded(decimals: 2))")

// 2. A median of all rows knows something of the test rows. What is measured on them would then be a little too good,
//    and with small data, or with a clever enough step of preparation, much too good.
