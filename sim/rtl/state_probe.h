// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/rtl/rtl_design.h"

namespace ternfab::rtl {

/// The complete timing state of a design in one cycle, canonical: two cycles with equal states are
/// followed by the same behaviour, wherever the rings in the design begin, whatever dead registers
/// hold. Beside it a hash of each memory of the architecture, so that equal states also compute the
/// same.
struct TimingState {
  std::vector<uint64_t> values;  ///< in the order of StateProbe::names()

  uint64_t Digest() const;
  bool operator==(const TimingState&) const = default;
};

/// Reads the timing state of a design.
class StateProbe {
 public:
  /// The design outlives the probe. The program that it runs begins with instruction
  /// `first_instruction` of the program that positions are counted in.
  StateProbe(RtlDesign& design, uint32_t first_instruction);

  /// After Settle().
  TimingState Capture() const;
  /// Registers of tf_run_counters, in the order of kRunCounters.
  std::vector<uint64_t> Counters() const;
  /// What the values of a TimingState belong to.
  std::vector<std::string> names() const;

 private:
  /// A value of the state and how it is read.
  struct Item {
    enum class Form { kPlain, kMasked, kIfValid, kPosition, kRing, kMemory };
    StateVariable variable;
    Form form = Form::kPlain;
    StateVariable companion;  ///< mask, valid bit or beginning of the ring
    StateVariable count;      ///< of the ring's elements
  };
  uint64_t Value(const Item& item) const;

  std::vector<Item> items_;
  std::vector<StateVariable> counters_;
  uint32_t first_instruction_;
};

/// Name of the first value that differs; nothing: equal.
std::optional<std::string> FirstDifference(const std::vector<std::string>& names,
                                           const TimingState& a, const TimingState& b);

}  // namespace ternfab::rtl
