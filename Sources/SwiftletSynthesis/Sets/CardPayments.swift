// SPDX-License-Identifier: Apache-2.0
//
// CardPayments: what a bank knows of a payment when it comes.
//
// Each row is described by the customer's payments before it. The last 30 percent in time are for test.
//
// Before    CardFraud.swift     After    WallFollowing.swift

import Foundation
import SwiftletFormats

extension CardFraud {
  static let dataset = SyntheticDataset(
    name: "card-fraud", summary: "payments by card, few of them by thieves", seed: 11, rows: 19_035,
    shipped: {
      ShippedFiles(
        description: PackageResources.card_fraud_dataset_yaml, recipe: PackageResources.card_fraud_recipe_yaml,
        readme: PackageResources.card_fraud_readme_md)
    },
    make: { [("card_fraud.csv", csv(seed: $0, rows: $1))] })

  /// - Parameter rows: Roughly: customers are added or left out until it fits on average.
  static func csv(seed: UInt64, rows: Int) -> [UInt8] {
    let customers = max(1, (rows * 500 + 19_035 / 2) / 19_035)
    let payments = payments(seed: seed, customers: customers, days: 60)
    var file = CSVFile([
      "time_s", "customer", "amount", "category", "online", "new_device", "hour", "seconds_since_last", "count_1h",
      "count_24h", "amount_over_mean", "km_from_home", "km_from_last", "speed_kmh", "fraud", "split",
    ])
    guard !payments.isEmpty else { return file.bytes }
    let firstTest = payments[Int(0.7 * Double(payments.count))].time
    var histories: [Int: [CardPayment]] = [:]
    for payment in payments {
      let history = histories[payment.customer] ?? []
      var chance = Chance(seed: seed, 1, payment.customer)
      let known = describe(payment, after: history, home: home(&chance))
      file.add(known + [payment.isFraud ? "1" : "0", payment.time >= firstTest ? "test" : "train"])
      histories[payment.customer, default: []].append(payment)
    }
    return file.bytes
  }

  private static func describe(
    _ payment: CardPayment, after history: [CardPayment], home: (x: Double, y: Double)
  ) -> [String] {
    let meanAmount =
      history.isEmpty ? payment.amount : history.reduce(0) { $0 + $1.amount } / Double(history.count)
    let sinceLast = history.last.map { payment.time - $0.time } ?? 7 * 86_400
    func count(within seconds: Int) -> Int { history.count { payment.time - $0.time <= seconds } }
    // The last place is that of the last payment in a shop.
    let lastShop = history.last { !$0.isOnline }
    let kmFromLast =
      payment.isOnline ? 0 : lastShop.map { distance(payment.x - $0.x, payment.y - $0.y) } ?? 0
    let hours = lastShop.map { Double(payment.time - $0.time) / 3600 } ?? 1e9
    let speed = kmFromLast == 0 ? 0 : (kmFromLast / max(hours, 0.05)).clamped(to: 0...2000)
    let kmFromHome = payment.isOnline ? 0 : distance(payment.x - home.x, payment.y - home.y)
    return [
      "\(payment.time)", "\(payment.customer)", decimals(payment.amount, 2), categories[payment.category],
      payment.isOnline ? "1" : "0", payment.isNewDevice ? "1" : "0",
      decimals(Double(payment.time % 86_400) / 3600, 2), "\(min(sinceLast, 604_800))", "\(count(within: 3600))",
      "\(count(within: 86_400))", decimals(payment.amount / max(meanAmount, 0.01), 3), decimals(kmFromHome, 1),
      decimals(kmFromLast, 1), decimals(speed, 1),
    ]
  }

  private static func distance(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
}
