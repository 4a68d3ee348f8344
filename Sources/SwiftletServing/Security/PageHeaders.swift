// SPDX-License-Identifier: Apache-2.0
//
// PageHeaders: what a browser may do with the server's pages.
//
// Before    RequestGate.swift     After    OpenAPI/OpenAPIDocument.swift
// Source    W3C, Content Security Policy Level 3

/// Headers of every page and asset: only files of this server are loaded, and no other page may frame ours.
enum PageHeaders {
  static let all: [(name: String, value: String)] = [
    (
      "Content-Security-Policy",
      "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        + "frame-ancestors 'none'"
    ),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-cache"),
  ]
}
