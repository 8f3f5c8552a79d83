// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/format.h"

#include <fmt/format.h>

#include <cmath>

namespace ternfab::compare {
namespace {

constexpr double kWholeLimit = 1e15;

std::string WithSeparators(std::string digits) {
  const size_t first = digits.starts_with('-') ? 1 : 0;
  const size_t end = std::min(digits.find('.'), digits.size());
  for (size_t at = end; at > first + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

/// Four significant digits without exponent.
std::string Significant(double value) {
  if (value == 0) return "0";
  const int exponent = int(std::floor(std::log10(std::abs(value))));
  const int decimals = std::min(8, std::max(0, 3 - exponent));
  return WithSeparators(fmt::format("{:.{}f}", value, decimals));
}

std::string Number(double value) {
  if (value == std::floor(value) && std::abs(value) < kWholeLimit) {
    return WithSeparators(fmt::format("{:.0f}", value));
  }
  return Significant(value);
}

struct Prefix {
  double factor;
  const char* name;
};
constexpr Prefix kPrefixes[] = {{1e12, "T"}, {1e9, "G"},  {1e6, "M"},  {1e3, "k"},  {1, ""},
                                {1e-3, "m"}, {1e-6, "µ"}, {1e-9, "n"}, {1e-12, "p"}};

/// The greatest prefix of at least `least` that leaves a number of at least one.
Readable Prefixed(double value, std::string_view unit, double least, double most) {
  if (value == 0) return {"0", std::string(unit)};
  for (const Prefix& prefix : kPrefixes) {
    if (prefix.factor > most || prefix.factor < least) continue;
    if (std::abs(value) >= prefix.factor || prefix.factor == least) {
      const bool word = unit == "weights" || unit == "cycles/s";
      const char* gap = word && *prefix.name ? " " : "";
      return {Significant(value / prefix.factor), fmt::format("{}{}{}", prefix.name, gap, unit)};
    }
  }
  return {Significant(value), std::string(unit)};
}

}  // namespace

Readable ReadableOf(double value, std::string_view unit) {
  if (unit == "s" || unit == "J" || unit == "W") return Prefixed(value, unit, 1e-12, 1);
  if (unit == "B" || unit == "B/s" || unit == "MAC" || unit == "MAC/s" || unit == "weights" ||
      unit == "cycles/s") {
    return Prefixed(value, unit, 1, 1e12);
  }
  if (unit == "%") return {fmt::format("{:.1f}", value * 100), "%"};
  if (unit == "×") return {Significant(value), "×"};
  if (unit == "1") return {Number(value), ""};
  return {Number(value), std::string(unit)};
}

}  // namespace ternfab::compare
