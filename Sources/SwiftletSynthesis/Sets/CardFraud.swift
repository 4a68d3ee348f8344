// SPDX-License-Identifier: Apache-2.0
//
// CardFraud: how customers pay, and how thieves do.
//
// First every customer lives through the days and pays, and some are stolen from, in one of three ways. Then all payments
// are put in order of time, and each is described by what a bank knows at that moment: nothing looks ahead.
//
// Before    ShopSessions.swift     After    CardPayments.swift

import Foundation

/// A payment as it happened.
struct CardPayment {
  var time: Int  // seconds from the start
  var customer: Int
  var amount: Double
  var category: Int
  var isOnline: Bool
  var isNewDevice = false
  var x: Double  // kilometers
  var y: Double
  var isFraud = false
}

enum CardFraud {
  static let categories = ["grocery", "fuel", "restaurant", "travel", "electronics", "fashion", "digital", "other"]
  private static let travel = 3
  private static let electronics = 4
  private static let digital = 6
  private static let day = 86_400

  /// All payments of some customers over some days, in order of time.
  static func payments(seed: UInt64, customers: Int, days: Int) -> [CardPayment] {
    let all = (0..<customers).flatMap { customer in
      var chance = Chance(seed: seed, 1, customer)
      return payments(of: customer, days, &chance)
    }
    return all.enumerated().sorted {
      ($0.element.time, $0.element.customer, $0.element.amount, $0.offset)
        < ($1.element.time, $1.element.customer, $1.element.amount, $1.offset)
    }.map(\.element)
  }

  /// Where a customer lives, in kilometers: the first two draws of the customer's stream.
  static func home(_ chance: inout Chance) -> (x: Double, y: Double) {
    (chance.uniform(0, 100), chance.uniform(0, 100))
  }

  private static func payments(of customer: Int, _ days: Int, _ chance: inout Chance) -> [CardPayment] {
    var payments: [CardPayment] = []
    let home = home(&chance)
    let usualAmount = chance.normal(3.2, 0.5)  // the logarithm of it
    let perDay = exp(chance.normal(-0.6, 0.5))
    let usualHour = chance.normal(14, 2)
    let tastes = categories.map { _ in chance.uniform(0.2, 1) }
    let trip: (start: Int, days: Int, x: Double, y: Double)? =
      chance.happens(0.25)
      ? (chance.below(days - 6), 2 + chance.below(4), chance.uniform(-600, 600), chance.uniform(-600, 600)) : nil

    for date in 0..<days {
      let away = trip.flatMap { $0.start <= date && date < $0.start + $0.days ? $0 : nil }
      for _ in 0..<chance.poisson(perDay * (away == nil ? 1 : 1.6)) {
        let hour = chance.normal(usualHour, 4).clamped(to: 0...23.99)
        let time = Int(Double(date * day) + hour * 3600)
        let category = chance.pick(tastes)
        let isOnline = chance.happens(category == digital ? 0.75 : 0.25)
        let dearer = category == travel || category == electronics ? 0.9 : category == digital ? -0.5 : 0
        var amount = exp(chance.normal(usualAmount + dearer, 0.6))
        if chance.happens(0.01) { amount *= chance.uniform(4, 12) }  // something dear, and honest
        var x = home.x + chance.normal(0, 4)
        var y = home.y + chance.normal(0, 4)
        if let away {
          x = home.x + away.x + chance.normal(0, 6)
          y = home.y + away.y + chance.normal(0, 6)
        }
        payments.append(
          CardPayment(
            time: time, customer: customer, amount: amount, category: category, isOnline: isOnline,
            isNewDevice: isOnline && chance.happens(0.04), x: x, y: y))
        if isOnline, chance.happens(0.03) {  // several small things in a row, and honest
          for k in 0..<2 + chance.below(4) {
            let later = time + 60 + 90 * k + chance.below(60)
            payments.append(
              CardPayment(
                time: later, customer: customer, amount: chance.uniform(0.9, 6), category: digital, isOnline: true,
                x: x, y: y))
          }
        }
      }
    }
    if chance.happens(0.11) {
      let date = 8 + chance.below(days - 8)
      let thief = [testStolenNumber, takeOverAccount, useClonedCard][chance.below(3)]
      payments += thief(
        CardPayment(
          time: date * day, customer: customer, amount: usualAmount, category: 0, isOnline: true, x: home.x, y: home.y),
        &chance)
    }
    return payments
  }

  // MARK: Three ways to steal. Each is given a payment with the day, the home and the logarithm of the usual amount.

  /// Tiny payments show whether a stolen number works; large ones follow.
  private static func testStolenNumber(_ usual: CardPayment, _ chance: inout Chance) -> [CardPayment] {
    var payment = usual
    var payments: [CardPayment] = []
    payment.time = Int(Double(usual.time) + chance.uniform(0, 86_000))
    payment.category = digital
    payment.isFraud = true
    for _ in 0..<3 + chance.below(6) {
      payment.amount = chance.uniform(0.5, 5)
      payment.isNewDevice = chance.happens(0.6)
      payments.append(payment)
      payment.time += 20 + chance.below(240)
    }
    payment.category = electronics
    for _ in 0..<1 + chance.below(3) {
      payment.amount = exp(chance.normal(5.3, 0.6))
      payment.isNewDevice = chance.happens(0.6)
      payments.append(payment)
      payment.time += 60 + chance.below(1800)
    }
    return payments
  }

  /// A new device, mostly at night, and dearer than usual.
  private static func takeOverAccount(_ usual: CardPayment, _ chance: inout Chance) -> [CardPayment] {
    var payment = usual
    payment.time = Int(Double(usual.time) + chance.normal(3, 2.5).clamped(to: 0...23.9) * 3600)
    payment.isFraud = true
    return (0..<1 + chance.below(4)).map { _ in
      payment.amount = exp(chance.normal(usual.amount + 1.1, 0.7))
      payment.category = [3, 4, 5, 7][chance.below(4)]
      payment.isNewDevice = chance.happens(0.85)
      defer { payment.time += 300 + chance.below(7200) }
      return payment
    }
  }

  /// In shops far away, while the owner is at home.
  private static func useClonedCard(_ usual: CardPayment, _ chance: inout Chance) -> [CardPayment] {
    let direction = chance.uniform(0, 2 * .pi)
    let distance = chance.uniform(150, 900)
    var payment = usual
    payment.time = Int(Double(usual.time) + chance.uniform(8, 22) * 3600)
    payment.isOnline = false
    payment.isFraud = true
    payment.x = usual.x + distance * cos(direction)
    payment.y = usual.y + distance * sin(direction)
    return (0..<2 + chance.below(4)).map { _ in
      payment.amount = exp(chance.normal(usual.amount + 0.6, 0.7))
      payment.category = [1, 4, 5, 7][chance.below(4)]
      defer { payment.time += 900 + chance.below(9000) }
      return payment
    }
  }
}
