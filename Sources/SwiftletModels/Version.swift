// SPDX-License-Identifier: Apache-2.0
//
// The version of the toolkit, which bundles, servers and `--version` say.
//
// Before    ServableName.swift     After    -

/// The toolkit's version.
public let swiftletVersion = "0.1.0"
