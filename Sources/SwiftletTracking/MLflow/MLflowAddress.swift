// SPDX-License-Identifier: Apache-2.0
//
// MLflowAddress: where a server of MLflow is, and who asks.
//
// Before    Haste.swift     After    MLflowClient.swift
// Source    MLflow, "Environment variables"

import Foundation
import SwiftletFormats

/// A server of MLflow.
public struct MLflowAddress: Sendable, Equatable {
  /// The address, without a slash at its end.
  public let url: String
  /// The header that says who asks, if the server wants to know.
  let authorization: String?
  /// The experiment of all runs; `nil` for one by the data of each.
  let experiment: String?

  /// An address.
  ///
  /// - Parameters:
  ///   - text: Begins with `http://` or `https://`.
  ///   - environment: May have `MLFLOW_TRACKING_TOKEN`, or `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`;
  ///     and `MLFLOW_EXPERIMENT_NAME`.
  /// - Throws: `SettingError` if it is not the address of a server.
  public init(_ text: String, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
    guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme?.lowercased()),
      let host = parts.host, !host.isEmpty, text.utf8.allSatisfy({ $0 > 32 && $0 != 127 })
    else {
      // The text is not shown: it may hold a password.
      throw SettingError(
        key: "mlflow",
        "The address of an MLflow server begins with http:// or https://, as in http://127.0.0.1:5000.")
    }
    guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil else {
      throw SettingError(
        key: "mlflow",
        "The address of an MLflow server is given without a name, a password or a query: those who ask are told by "
          + "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or by MLFLOW_TRACKING_TOKEN.")
    }
    var url = text
    while url.hasSuffix("/") { url.removeLast() }
    self.url = url
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    experiment = value("MLFLOW_EXPERIMENT_NAME")
    let user = value("MLFLOW_TRACKING_USERNAME")
    let password = value("MLFLOW_TRACKING_PASSWORD")
    if user != nil || password != nil {  // MLflow's own client prefers them to a token too
      authorization = "Basic " + Data("\(user ?? ""):\(password ?? "")".utf8).base64EncodedString()
    } else {
      // A line break would begin another header.
      authorization = value("MLFLOW_TRACKING_TOKEN").map { "Bearer " + $0.filter { !$0.isNewline } }
    }
  }
}
