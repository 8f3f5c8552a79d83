// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.h"

namespace ternfab {

/// A table of a Liberty library over an input's transition time (ns), and of outputs over the load
/// (pF) as well. Between its points it is linear, beyond them it ends.
struct LibertyTable {
  std::vector<double> loads;  ///< empty: over the transition alone
  std::vector<double> transitions;
  std::vector<double> values;  ///< [load][transition]

  double At(double load, double transition) const;
};

/// Energy inside a cell when a pin switches, in units of pF x V^2 = pJ.
struct LibertyPower {
  LibertyTable rise, fall;
};

struct LibertyPin {
  bool output = false;
  double capacitance_pf = 0;
  std::vector<LibertyPower> powers;  ///< outputs: one for each input that may be the cause
};

struct LibertyCell {
  double area = 0;
  bool sequential = false;  ///< has a flip-flop or latch
  std::map<std::string, LibertyPin> pins;
};

/// What switching energy needs of a Liberty library: capacitances and internal power. Timing,
/// conditions (`when`) and leakage are passed over.
struct Liberty {
  double voltage = 0;
  std::map<std::string, LibertyCell> cells;
};

/// Errors: not Liberty's syntax, units other than V, pF and ns, a table that is not rectangular.
Expected<Liberty> ParseLiberty(std::string_view text);

}  // namespace ternfab
