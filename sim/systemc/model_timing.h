// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "codegen/plan/program.h"
#include "codegen/spec.h"
#include "common/error.h"
#include "sim/report/cycle_limits.h"
#include "sim/run_record.h"
#include "sim/timing/design_model.h"

namespace ternfab::systemc {

/// The cycles of a design's runs in a device's time, and what they were spent on.
class ModelTiming : private timing::CycleSink {
 public:
  ModelTiming(const HardwareSpec& spec, const MemoryConfig& memory, bool times);

  /// Before a start of which FillRecord is to tell; `list` outlives the run.
  void BeginRun(const InstructionList& list, const RunArguments& arguments);
  /// Runs `list`; the run's first cycle is the device's `first_cycle`, its tag indices are `tags`.
  /// Errors: ports that moved after the first run, a deadlock.
  Expected<void> Run(const InstructionList& list, const RunArguments& arguments,
                     const std::vector<uint64_t>& port_bases, uint64_t first_cycle,
                     std::span<const uint32_t> tags);

  uint64_t cycles() const { return model_->cycles(); }
  const timing::RunCounters& counters() const { return model_->counters(); }
  /// All of `record` but arguments and counters.
  void FillRecord(RunRecord& record) const;
  /// Now and then during a run: its cycles so far.
  void set_on_cycles(std::function<void(uint64_t)> on_cycles) { on_cycles_ = std::move(on_cycles); }

 private:
  void OnCycles(const timing::CycleView& view) override;
  /// Cycles with the same activity reach the accountant together.
  void Flush();

  HardwareSpec spec_;
  MemoryConfig memory_;
  DesignParams params_;
  bool times_;
  std::optional<timing::DesignModel> model_;  ///< once the ports are known
  std::vector<uint64_t> port_bases_;
  CycleAccountant accountant_;
  CycleActivity activity_;  ///< of cycles that the accountant does not have yet
  uint64_t alike_ = 0;      ///< how many
  bool watched_ = false;    ///< BeginRun was called for the next run
  uint64_t start_cycle_ = 0;
  uint64_t next_report_ = 0;
  std::function<void(uint64_t)> on_cycles_ = [](uint64_t) {};
};

}  // namespace ternfab::systemc
