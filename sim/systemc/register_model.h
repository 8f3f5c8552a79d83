// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "codegen/plan/schedule.h"
#include "codegen/registers.h"
#include "common/error.h"
#include "host/driver/design_info.h"

namespace ternfab::systemc {

/// The control registers of a design as software sees them, cycle by cycle: rtl/tf_axil_regs.sv
/// with a sequencer that runs to the end. Cycles of the calls never descend. What shows a run's
/// inside is refused: it is known at its end only.
class RegisterModel {
 public:
  using Counters = std::array<uint64_t, kRunCounters.size()>;

  /// `info` outlives the registers.
  explicit RegisterModel(const driver::DesignInfo& info);

  /// An access that is taken in `cycle`. Errors: what is not modelled (a look at the counters of a
  /// run in progress, a change of its arguments, its soft reset).
  Expected<uint32_t> Read(uint32_t offset, uint64_t cycle);
  Expected<void> Write(uint32_t offset, uint32_t value, uint64_t cycle);
  /// Whether this write starts a run.
  bool Starts(uint32_t offset, uint32_t value, uint64_t cycle);

  /// The run that was started ends: `cycle` is the first in which the registers show it.
  void EndRun(uint64_t cycle, const Counters& counters);

  /// The interrupt output in `cycle`.
  bool interrupt(uint64_t cycle);

  uint32_t program() const { return Argument(info_.offsets.program); }
  uint32_t count() const { return Argument(info_.offsets.count); }
  RunArguments arguments() const;  ///< count may be out of range
  std::vector<uint64_t> port_bases() const;

 private:
  static constexpr size_t kWords = (size_t{1} << kRegisterAddressBits) / 4;
  /// From the write to SOFT_RESET of an idle design: idle again, the bit reads 0.
  static constexpr uint64_t kResetIdle = 19;
  static constexpr uint64_t kResetDone = 20;

  void Update(uint64_t cycle);
  uint32_t Argument(uint32_t offset) const { return words_[offset / 4]; }
  bool IsArgument(uint32_t offset) const;
  uint32_t ReadControl(uint64_t cycle);
  std::optional<uint64_t> CounterOf(uint32_t offset) const;

  const driver::DesignInfo& info_;
  std::array<uint32_t, kWords> words_{};  ///< arguments
  bool gie_ = false;
  uint32_t ier_ = 0;
  uint32_t isr_ = 0;
  bool start_ = false;
  bool done_ = false;
  std::optional<uint64_t> end_cycle_;    ///< of the run in progress, once known
  std::optional<uint64_t> reset_cycle_;  ///< in which the last soft reset was written
  Counters counters_{};
};

}  // namespace ternfab::systemc
