// SPDX-License-Identifier: Apache-2.0
//
// The version of the toolkit, for bundles, servers and `--version`.
//
// Before    ServableName.swift     After    -

/// The toolkit's version.
public let swiftletVersion = "0.1.0"
