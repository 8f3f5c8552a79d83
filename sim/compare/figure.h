// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ternfab::compare {

/// How a figure was obtained, from the strongest to the weakest; `given` by the user or a spec.
enum class Evidence : uint8_t {
  kGiven,
  kMeasured,     ///< on this machine
  kSimulated,    ///< cycles of the RTL or of the cycle model, which is equal to it
  kSynthesised,  ///< a netlist, not placed
  kModelled,     ///< a stated table or formula
  kPublished     ///< by others
};

/// "measured", ...
std::string_view EvidenceName(Evidence evidence);
std::optional<Evidence> FindEvidence(std::string_view name);

/// Of a figure that is derived from two: the weaker one; `given` weakens nothing.
constexpr Evidence Weakest(Evidence a, Evidence b) { return std::max(a, b); }

/// A number as it is shown and written.
struct Figure {
  std::optional<double> value;  ///< none: there was nothing to obtain it from; `source` says why
  std::string unit;             ///< "1" for a ratio
  Evidence evidence = Evidence::kGiven;
  std::string source;  ///< one sentence for people: what it was obtained from

  bool operator==(const Figure&) const = default;
};

/// Numbers of one kind.
struct FigureList {
  std::vector<double> values;
  std::string unit;
  Evidence evidence = Evidence::kGiven;
  std::string source;

  bool operator==(const FigureList&) const = default;
};

/// An object of a report whose keys are names of parts, in this order.
template <class T>
using Named = std::vector<std::pair<std::string, T>>;

/// Null when there is no part of that name.
const Figure* FindFigure(const Named<Figure>& figures, std::string_view name);

/// `a` / `b` with the weaker evidence; no value where one of them has none or b is 0.
Figure Ratio(const Figure& a, const Figure& b, std::string unit, std::string source);

}  // namespace ternfab::compare
