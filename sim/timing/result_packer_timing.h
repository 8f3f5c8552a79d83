// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/timing/hash.h"

namespace ternfab::timing {

/// Registers of rtl/tf_result_packer.sv: groups of results become VM words, of which one leaves a
/// cycle for each slot. `slots` (at least 1) holds from Clear to done().
class ResultPackerTiming {
 public:
  /// `places`: groups of a VM word, VectorLanes / Group.
  explicit ResultPackerTiming(int places) : places_(uint8_t(places)) {}

  void Clear() { *this = ResultPackerTiming(places_); }

  bool vm_valid() const { return out_valid_; }
  bool empty() const { return !full_ && !out_valid_; }
  bool done() const { return last_ && empty(); }

  /// One clock edge, with a group at the input where `valid`; true if the group is taken.
  bool Step(bool valid, bool last, bool vm_ready, int slots) {
    if (!valid && !full_ && !out_valid_) return false;
    const bool move = full_ && (!out_valid_ || (vm_ready && slot_ + 1 == slots));
    const bool take = valid && (!full_ || move);
    if (move) {
      out_valid_ = true;
      slot_ = 0;
      full_ = false;
    } else if (out_valid_ && vm_ready) {
      out_valid_ = slot_ + 1 != slots;
      slot_ = out_valid_ ? uint8_t(slot_ + 1) : uint8_t{0};
    }
    if (take) {
      full_ = last || place_ + 1 == places_;
      place_ = full_ ? uint8_t{0} : uint8_t(place_ + 1);
      last_ = last;
    }
    return take;
  }

  /// With VM always ready and a group in no more than every cycle, every further group is taken in
  /// the cycle in which it comes.
  bool NeverWaits(int slots) const {
    const int free = full_ ? 1 : places_ - place_ + 1;  // cycles to the next word's move
    return !out_valid_ || slots - slot_ <= free;
  }

  /// The state after `taken` groups, without the last one, none of which has waited; the last one
  /// of the last whole word `age` cycles ago, that of the word before `interval` cycles earlier.
  void SetFlowing(uint64_t taken, uint64_t age, uint64_t interval, int slots) {
    place_ = uint8_t(taken % places_);
    last_ = false;
    const uint64_t words = taken / places_;
    full_ = words >= 1 && age == 1;
    // The word that leaves was moved a cycle after its last group.
    const uint64_t out_age = full_ ? age + interval : age;
    out_valid_ = words >= (full_ ? 2u : 1u) && out_age < uint64_t(slots) + 2;
    slot_ = out_valid_ ? uint8_t(out_age - 2) : uint8_t{0};
  }

  int places() const { return places_; }
  void AddTo(StateHash& hash) const { hash.Add(place_, slot_, full_, last_, out_valid_); }
  bool operator==(const ResultPackerTiming&) const = default;

 private:
  uint8_t places_;
  uint8_t place_ = 0;       ///< of the next group in the word that is being collected
  uint8_t slot_ = 0;        ///< that leaves; 0 where none does
  bool full_ = false;       ///< a whole word waits
  bool last_ = false;       ///< the last group has been taken
  bool out_valid_ = false;  ///< a word leaves
};

}  // namespace ternfab::timing
