// SPDX-License-Identifier: Apache-2.0
//
// ShopSessions: visits to a web shop, and whether they ended in a purchase.
//
// Behind each visit stands an intention that no column holds. It shows in the pages seen and in the cart. A discount
// helps only visitors who have something in the cart.
//
// Before    RobotArm.swift     After    CardFraud.swift

import Foundation
import SwiftletFormats

enum ShopSessions {
  static let dataset = SyntheticDataset(
    name: "shop-sessions", summary: "visits to a web shop: will they buy", seed: 31, rows: 6000,
    shipped: {
      ShippedFiles(
        description: PackageResources.shop_sessions_dataset_yaml, recipe: PackageResources.shop_sessions_recipe_yaml,
        readme: PackageResources.shop_sessions_readme_md)
    },
    make: { [("shop_sessions.csv", csv(seed: $0, rows: $1))] })

  static func csv(seed: UInt64, rows: Int) -> [UInt8] {
    var file = CSVFile([
      "product_pages", "info_pages", "seconds", "bounce_rate", "cart_adds", "discount_shown", "visitor", "device",
      "source", "month", "weekend", "purchase", "split",
    ])
    for row in 0..<rows { file.add(visit(row, seed) + [hashSplit(row)]) }
    return file.bytes
  }

  private static func visit(_ row: Int, _ seed: UInt64) -> [String] {
    var chance = Chance(seed: seed, row)
    let isReturning = chance.happens(0.45)
    let isMobile = chance.happens(0.55)
    let source = chance.pick([4, 3, 2, 1])
    let month = chance.below(12)
    let isWeekend = chance.happens(2 / 7)
    let intention = chance.normal(isReturning ? 0.35 : -0.2, 1)

    let productPages = chance.poisson(exp(1.6 + 0.45 * intention).clamped(to: 0.2...60))
    let infoPages = chance.poisson(1.2)
    let secondsOnProduct = exp(chance.normal(3.4 - (isMobile ? 0.25 : 0), 0.5)).clamped(to: 4...600)
    let seconds = Double(productPages) * secondsOnProduct + Double(infoPages) * chance.uniform(10, 60)
    let cartAdds = min(chance.poisson(0.25 * exp(0.7 * intention)), 6)
    let isDiscountShown = chance.happens(0.3)
    let bounceRate = (0.35 * exp(-0.15 * Double(productPages)) + chance.normal(0, 0.03)).clamped(to: 0...1)

    // The logit of a purchase, effect by effect.
    var logit = -3.4 + 0.9 * intention + 1.5 * Double(min(cartAdds, 2))
    logit += isReturning && cartAdds > 0 ? 0.8 : 0
    logit -= isMobile ? 0.5 : 0
    logit += isDiscountShown && cartAdds > 0 ? 0.9 : isDiscountShown ? -0.2 : 0
    logit += month >= 10 ? 0.5 : 0
    logit += source == 3 ? 0.3 : 0
    logit -= 2 * bounceRate
    let buys = chance.unit() < 1 / (1 + exp(-logit))
    return [
      "\(productPages)", "\(infoPages)", decimals(seconds, 0), decimals(bounceRate, 4), "\(cartAdds)",
      isDiscountShown ? "1" : "0", isReturning ? "returning" : "new", isMobile ? "mobile" : "desktop",
      ["search", "direct", "ad", "email"][source], "\(month + 1)", isWeekend ? "1" : "0", buys ? "yes" : "no",
    ]
  }
}
