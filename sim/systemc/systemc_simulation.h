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
#include "sim/rtl/lockstep.h"
#include "sim/run_record.h"

namespace ternfab::systemc {

class Platform;
class MemoryChecker;

/// What computes behind the platform's sockets.
enum class AcceleratorKind {
  kModel,     ///< the cycle-equal timing model and the emulator's data; needs no Verilator
  kVerilated  ///< the generated RTL
};

struct SimulationOptions {
  AcceleratorKind accelerator = AcceleratorKind::kModel;
  /// kVerilated: compare every instruction with the emulator. kModel, whose data are the emulator's
  /// already: compare what each run left in the platform's memory with a second emulator's.
  bool check = false;
  bool times = false;                  ///< RunRecord::times is filled
  TimelineWriter* timeline = nullptr;  ///< gets all runs; outlives the simulation; needs `times`
  std::function<void(const std::string&)> on_build = [](const std::string&) {};
  std::function<void(int64_t, int64_t)> on_build_progress = [](int64_t, int64_t) {};
  /// Now and then during a run: the share of it that is done, estimated, below 1.
  std::function<void(double)> on_run_progress = [](double) {};
};

/// "2.3.4"
std::string SystemCVersion();

/// The SystemC platform of a design (docs/systemc.md) as a language model: the host driver loads
/// the bytes of the Program's file through TLM-2.0 sockets and runs it token by token, prompts in
/// batches. Cycles are those of RtlSimulation. SystemC elaborates once: a process can create one.
class SystemCSimulation : public LanguageModel {
 public:
  /// `program` outlives the simulation. Errors: a second platform in this process, what the library
  /// of the RTL or the model refuses, what the driver reports.
  static Expected<std::unique_ptr<SystemCSimulation>> Create(const HardwareSpec& spec,
                                                             const Program& program,
                                                             const SimulationOptions& options);
  ~SystemCSimulation() override;

  void Reset() override { position_ = 0; }
  int vocab() const override { return program_.vocab; }
  int context() const override { return program_.context; }
  int position() const override { return position_; }

  /// Runs the decode (count = 1) or prefill program once.
  Expected<void> Start(const RunArguments& arguments);

  const std::vector<RunRecord>& runs() const { return runs_; }
  /// Instructions whose results were compared (kModel: those that write main memory).
  uint64_t checked_instructions() const;
  /// By layer; kModel: empty.
  rtl::LayerCounts checked_layers() const;
  /// The first difference to the emulator; a run that met one has failed.
  const std::optional<std::string>& mismatch() const;
  /// Wall-clock seconds of all starts together and the cycles simulated in them.
  double run_seconds() const { return run_seconds_; }
  uint64_t simulated_cycles() const { return simulated_cycles_; }

  Platform& platform() { return *platform_; }
  /// Runs `work` as software of the platform's host.
  void OnHost(const std::function<void(driver::Driver&, driver::Device&)>& work);

 protected:
  Expected<std::vector<float>> Advance(std::span<const int> tokens) override;
  Expected<void> Fill(int positions, uint64_t seed) override;

 private:
  SystemCSimulation(const Program& program, const SimulationOptions& options);
  Expected<void> Load();
  Expected<void> RunOnHost(const InstructionList& list, const RunArguments& arguments,
                           RunRecord& record);
  Expected<std::vector<float>> ReadLogits();
  void ReportProgress(uint64_t cycles);

  const Program& program_;
  SimulationOptions options_;
  std::unique_ptr<Platform> platform_;
  std::unique_ptr<rtl::LockstepChecker> lockstep_;
  std::unique_ptr<MemoryChecker> memory_checker_;
  std::optional<driver::Driver> driver_;
  std::vector<RunRecord> runs_;
  double expected_beats_ = 1;     ///< wide beats that the run in work reads
  double cycles_per_beat_ = 1.2;  ///< of the last run; before: a guess
  int position_ = 0;
  double run_seconds_ = 0;
  uint64_t simulated_cycles_ = 0;
};

}  // namespace ternfab::systemc
