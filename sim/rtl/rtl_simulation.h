// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codegen/plan/program.h"
#include "codegen/spec.h"
#include "host/cpu/language_model.h"
#include "host/driver/driver.h"
#include "sim/report/timeline.h"
#include "sim/rtl/burst_observer.h"
#include "sim/rtl/lockstep.h"
#include "sim/rtl/run_observer.h"
#include "sim/rtl/verilated_device.h"
#include "sim/run_record.h"

namespace ternfab::rtl {

struct SimulationOptions {
  bool check = false;                  ///< compare every instruction with the emulator
  bool times = false;                  ///< RunRecord::times is filled
  TimelineWriter* timeline = nullptr;  ///< gets all runs; outlives the simulation; needs `times`
  std::string waves;                   ///< FST file; "": none
  uint8_t faults = 0;     ///< bits of codegen's FaultBit that are on from the first start
  int stall_percent = 0;  ///< random back-pressure of the memory, percent of cycles
  uint64_t seed = 1;
  std::function<void(const std::string&)> on_build = [](const std::string&) {};
  std::function<void(int64_t, int64_t)> on_build_progress = [](int64_t, int64_t) {};
  /// Now and then during a run: the share of it that is done, estimated, below 1.
  std::function<void(double)> on_run_progress = [](double) {};
};

using ternfab::RunRecord;

/// The generated RTL of a design as a language model: the generated driver loads the bytes of the
/// Program's file into a Verilated device and runs it token by token, prompts in batches.
class RtlSimulation : public LanguageModel {
 public:
  /// `program` outlives the simulation.
  static Expected<std::unique_ptr<RtlSimulation>> Create(const HardwareSpec& spec,
                                                         const Program& program,
                                                         const SimulationOptions& options);

  void Reset() override { position_ = 0; }
  int vocab() const override { return program_.vocab; }
  int context() const override { return program_.context; }
  int position() const override { return position_; }

  /// Runs the decode (count = 1) or prefill program once.
  Expected<void> Start(const RunArguments& arguments);

  const std::vector<RunRecord>& runs() const { return runs_; }
  uint64_t checked_instructions() const { return checker_ ? checker_->instructions() : 0; }
  /// The checked instructions by layer.
  LayerCounts checked_layers() const { return checker_ ? checker_->layers() : LayerCounts{}; }
  /// The first difference to the emulator; a run that met one has failed.
  const std::optional<std::string>& mismatch() const;
  /// Wall-clock seconds of all starts together and the cycles simulated in them.
  double run_seconds() const { return run_seconds_; }
  uint64_t simulated_cycles() const { return simulated_cycles_; }
  VerilatedDevice& device() { return *device_; }
  driver::Driver& driver() { return *driver_; }

 protected:
  Expected<std::vector<float>> Advance(std::span<const int> tokens) override;
  Expected<void> Fill(int positions, uint64_t seed) override;

 private:
  RtlSimulation(const Program& program, const SimulationOptions& options)
      : program_(program), options_(options), observer_(options.times) {}
  void BeginObservers(const InstructionList& list, const RunArguments& arguments);
  Expected<RunRecord> MakeRecord(const RunArguments& arguments);
  Expected<std::vector<float>> ReadLogits();

  const Program& program_;
  std::unique_ptr<VerilatedDevice> device_;
  std::optional<driver::Driver> driver_;
  std::unique_ptr<LockstepChecker> checker_;
  SimulationOptions options_;
  RunObserver observer_;
  std::unique_ptr<BurstObserver> bursts_;
  double cycles_per_beat_ = 1.2;  ///< of the last run: wide beats read; before: a guess
  std::vector<RunRecord> runs_;
  int position_ = 0;
  double run_seconds_ = 0;
  uint64_t simulated_cycles_ = 0;
};

}  // namespace ternfab::rtl
