// SPDX-License-Identifier: Apache-2.0
//
// Written by Golden/make_golden.py with statsmodels 0.15.0 and scipy 1.17.1; do not edit.

/// Intervals and quantiles of others.
enum IntervalGolden {
  struct Wilson: Sendable {
    let successes: Double
    let count: Double
    let confidence: Double
    let low: Double
    let high: Double
  }

  struct Student: Sendable {
    let p: Double
    let degreesOfFreedom: Double
    let quantile: Double
  }

  struct Normal: Sendable {
    let p: Double
    let quantile: Double
  }

  static let wilson: [Wilson] = [
    Wilson(successes: 0, count: 10, confidence: 0.95, low: 0.0, high: 0.2775327998628892),
    Wilson(successes: 1, count: 10, confidence: 0.95, low: 0.017876213095072896, high: 0.4041500267952385),
    Wilson(successes: 10, count: 10, confidence: 0.95, low: 0.7224672001371107, high: 0.9999999999999999),
    Wilson(successes: 59, count: 60, confidence: 0.95, low: 0.9114487027240993, high: 0.9970518402052136),
    Wilson(successes: 160, count: 200, confidence: 0.95, low: 0.7391448134346212, high: 0.8495479907390189),
    Wilson(successes: 160, count: 200, confidence: 0.99, low: 0.7180465815881159, high: 0.8626878537560783),
    Wilson(successes: 99990, count: 100000, confidence: 0.9, low: 0.9998327341618518, high: 0.9999402165465245),
  ]

  static let student: [Student] = [
    Student(p: 0.975, degreesOfFreedom: 1, quantile: 12.706204736174694),
    Student(p: 0.975, degreesOfFreedom: 2, quantile: 4.302652729749462),
    Student(p: 0.975, degreesOfFreedom: 4.5, quantile: 2.6589123472044034),
    Student(p: 0.975, degreesOfFreedom: 9, quantile: 2.262157162798205),
    Student(p: 0.975, degreesOfFreedom: 49, quantile: 2.0095752371292392),
    Student(p: 0.975, degreesOfFreedom: 1000, quantile: 1.9623390808264083),
    Student(p: 0.025, degreesOfFreedom: 1, quantile: -12.706204736174705),
    Student(p: 0.025, degreesOfFreedom: 2, quantile: -4.302652729749464),
    Student(p: 0.025, degreesOfFreedom: 4.5, quantile: -2.658912347204404),
    Student(p: 0.025, degreesOfFreedom: 9, quantile: -2.2621571627982053),
    Student(p: 0.025, degreesOfFreedom: 49, quantile: -2.0095752371292397),
    Student(p: 0.025, degreesOfFreedom: 1000, quantile: -1.9623390808264085),
    Student(p: 0.995, degreesOfFreedom: 1, quantile: 63.656741162871526),
    Student(p: 0.995, degreesOfFreedom: 2, quantile: 9.924843200918287),
    Student(p: 0.995, degreesOfFreedom: 4.5, quantile: 4.272823993011293),
    Student(p: 0.995, degreesOfFreedom: 9, quantile: 3.249835541592126),
    Student(p: 0.995, degreesOfFreedom: 49, quantile: 2.679951973631552),
    Student(p: 0.995, degreesOfFreedom: 1000, quantile: 2.580754698065951),
    Student(p: 0.6, degreesOfFreedom: 1, quantile: 0.32491969623290634),
    Student(p: 0.6, degreesOfFreedom: 2, quantile: 0.2886751345948128),
    Student(p: 0.6, degreesOfFreedom: 4.5, quantile: 0.2687518355421751),
    Student(p: 0.6, degreesOfFreedom: 9, quantile: 0.260955336473911),
    Student(p: 0.6, degreesOfFreedom: 49, quantile: 0.2547270255991911),
    Student(p: 0.6, degreesOfFreedom: 1000, quantile: 0.25341451583949876),
    Student(p: 0.0001, degreesOfFreedom: 1, quantile: -3183.0987571181513),
    Student(p: 0.0001, degreesOfFreedom: 2, quantile: -70.70007107496428),
    Student(p: 0.0001, degreesOfFreedom: 4.5, quantile: -11.020996368612229),
    Student(p: 0.0001, degreesOfFreedom: 9, quantile: -6.010132129081441),
    Student(p: 0.0001, degreesOfFreedom: 49, quantile: -4.020490058782604),
    Student(p: 0.0001, degreesOfFreedom: 1000, quantile: -3.7328516045753686),
  ]

  static let normal: [Normal] = [
    Normal(p: 0.975, quantile: 1.959963984540054),
    Normal(p: 0.5001, quantile: 0.0002506628300880075),
    Normal(p: 0.025, quantile: -1.9599639845400545),
    Normal(p: 0.9999, quantile: 3.719016485455709),
    Normal(p: 1e-06, quantile: -4.753424308822899),
  ]
}
