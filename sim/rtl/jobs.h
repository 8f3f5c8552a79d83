// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codegen/plan/program.h"
#include "codegen/spec.h"
#include "host/cpu/emulator.h"
#include "host/cpu/language_model.h"
#include "sim/rtl/jobs_memory.h"
#include "sim/rtl/jobs_plan.h"
#include "sim/rtl/rtl_simulation.h"
#include "sim/run_record.h"
#include "sim/timing/design_model.h"

namespace ternfab::rtl {

/// RtlSimulation with every run cut into parts that are simulated at the same time, each by a
/// design of its own. A part begins about a layer early with the state that the emulator and the
/// cycle model give; it counts only from the cycle in which its complete timing state, the memory's
/// included, and all that it computes with are those of the part before. A run whose parts do not
/// meet is simulated once more as one part. So a run has the cycles and the results of an unbroken
/// one.
class RtlJobs : public LanguageModel {
 public:
  /// `program` outlives the simulation; jobs >= 1. Errors: an option that needs an unbroken run
  /// (check, timeline, waves, stall_percent).
  static Expected<std::unique_ptr<RtlJobs>> Create(const HardwareSpec& spec, const Program& program,
                                                   const SimulationOptions& options, int jobs);

  void Reset() override { position_ = 0; }
  int vocab() const override { return program_.vocab; }
  int context() const override { return program_.context; }
  int position() const override { return position_; }

  /// Runs the decode (count = 1) or prefill program once.
  Expected<void> Start(const RunArguments& arguments);

  /// As those of an RtlSimulation that does the same runs.
  const std::vector<RunRecord>& runs() const { return runs_; }
  uint64_t checked_instructions() const { return 0; }
  LayerCounts checked_layers() const { return {}; }
  const std::optional<std::string>& mismatch() const { return mismatch_; }
  double run_seconds() const { return run_seconds_; }
  uint64_t simulated_cycles() const { return simulated_cycles_; }
  /// Of the last run.
  const std::vector<PlannedPart>& parts() const { return parts_; }
  /// Runs that were simulated as one part: too short, or no later part could begin in the state of
  /// the unbroken run.
  int uncut_runs() const { return uncut_runs_; }
  /// Why parts of the last run did not meet; empty: they did.
  const std::string& seam_difference() const { return seam_difference_; }

  /// Called with every part before it runs (tests).
  void set_on_part(std::function<void(size_t, PartInput&)> on_part) {
    on_part_ = std::move(on_part);
  }

 protected:
  Expected<std::vector<float>> Advance(std::span<const int> tokens) override;
  Expected<void> Fill(int positions, uint64_t seed) override;

 private:
  RtlJobs(const HardwareSpec& spec, const Program& program, const SimulationOptions& options,
          int jobs, const MemoryConfig& memory);

  class RunningParts;

  Expected<void> PassTime(const RunArguments& arguments);
  PartInput InputOf(const PlannedPart& part, const InstructionList& list,
                    const RunArguments& arguments) const;
  Expected<std::vector<PartResult>> RunParts(const InstructionList& list,
                                             const RunArguments& arguments);
  Expected<void> CheckSeams(const InstructionList& list,
                            const std::vector<PartResult>& results) const;
  /// The run that parts_ began, once more, as one part.
  Expected<std::vector<PartResult>> RunWhole();

  const HardwareSpec spec_;
  const Program& program_;
  const SimulationOptions options_;
  const int jobs_;
  std::string library_;
  JobsMemory master_;  ///< main memory between runs
  MemoryTiming memory_;
  timing::DesignModel model_;
  bool model_behind_ = false;  ///< the model is at the last cut of a run that has ended
  Emulator emulator_;
  ArchitectureTracker tracker_;
  Program rehearsal_program_;
  std::unique_ptr<RtlSimulation> rehearsal_;  ///< shows the pauses between runs
  std::vector<PlannedPart> parts_;
  std::shared_ptr<PartInput> first_;  ///< part 0 of the last run
  std::string seam_difference_;
  int uncut_runs_ = 0;
  std::vector<RunRecord> runs_;
  std::function<void(size_t, PartInput&)> on_part_ = [](size_t, PartInput&) {};
  std::optional<std::string> mismatch_;
  int position_ = 0;
  double run_seconds_ = 0;
  uint64_t simulated_cycles_ = 0;
};

}  // namespace ternfab::rtl
