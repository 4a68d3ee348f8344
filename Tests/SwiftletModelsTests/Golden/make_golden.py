# SPDX-License-Identifier: Apache-2.0
"""Writes IntervalGolden.swift: intervals and quantiles as statsmodels and scipy compute them.

pip install statsmodels==0.15.0 scipy==1.17.1
python3 Tests/SwiftletModelsTests/Golden/make_golden.py      (in the project's folder)
"""
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

lines = ["// SPDX-License-Identifier: Apache-2.0", "//", "// Written by Golden/make_golden.py with statsmodels 0.15.0 and scipy 1.17.1; do not edit.", ""]
lines += ["/// Intervals and quantiles of others.", "enum IntervalGolden {", "  struct Wilson: Sendable {"]
lines += [f"    let {name}: Double" for name in ("successes", "count", "confidence", "low", "high")] + ["  }", "", "  struct Student: Sendable {"]
lines += [f"    let {name}: Double" for name in ("p", "degreesOfFreedom", "quantile")] + ["  }", "", "  struct Normal: Sendable {"]
lines += ["    let p: Double", "    let quantile: Double", "  }", "", "  static let wilson: [Wilson] = ["]
for successes, count, confidence in [(0, 10, 0.95), (1, 10, 0.95), (10, 10, 0.95), (59, 60, 0.95), (160, 200, 0.95), (160, 200, 0.99), (99990, 100000, 0.9)]:
    low, high = proportion_confint(successes, count, 1 - confidence, "wilson")
    lines += [f"    Wilson(successes: {successes}, count: {count}, confidence: {confidence}, low: {float(low)!r}, high: {float(high)!r}),"]
lines += ["  ]", "", "  static let student: [Student] = ["]
for p in (0.975, 0.025, 0.995, 0.6, 0.0001):
    for ν in (1, 2, 4.5, 9, 49, 1000):
        lines += [f"    Student(p: {p}, degreesOfFreedom: {ν}, quantile: {float(stats.t.ppf(p, ν))!r}),"]
lines += ["  ]", "", "  static let normal: [Normal] = ["]
for p in (0.975, 0.5001, 0.025, 0.9999, 1e-6):
    lines += [f"    Normal(p: {p}, quantile: {float(stats.norm.ppf(p))!r}),"]
with open("Tests/SwiftletModelsTests/IntervalGolden.swift", "w") as file:
    file.write("\n".join(lines + ["  ]", "}"]) + "\n")
