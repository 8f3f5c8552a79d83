// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/rtl_simulation.h"

#include <algorithm>
#include <chrono>

#include "codegen/plan/schedule.h"
#include "host/cpu/context_fill.h"
#include "sim/report/traffic.h"
#include "sim/rtl/design_library.h"

namespace ternfab::rtl {
namespace {

constexpr uint64_t kPageBytes = 4096;
// The design finds its own deadlocks; this only ends a simulation that is stuck for a day.
constexpr std::chrono::hours kTimeout{24};

const std::optional<std::string> kNoMismatch;

/// Loads the bytes of the Program's file, as on a board; they are gone afterwards.
Expected<void> LoadFile(driver::Driver& driver, const Program& program) {
  const std::vector<uint8_t> bytes = SerializeProgram(program);
  TF_ASSIGN_OR_RETURN(const driver::ProgramView view, driver::ParseProgramView(bytes));
  return driver.Load(view);
}

}  // namespace

const std::optional<std::string>& RtlSimulation::mismatch() const {
  return checker_ ? checker_->mismatch() : kNoMismatch;
}

Expected<std::unique_ptr<RtlSimulation>> RtlSimulation::Create(const HardwareSpec& spec,
                                                               const Program& program,
                                                               const SimulationOptions& options) {
  const LibraryOptions library_options{!options.waves.empty(), options.on_build,
                                       options.on_build_progress};
  TF_ASSIGN_OR_RETURN(const std::string library, BuildLibrary(spec, library_options));
  TF_ASSIGN_OR_RETURN(std::unique_ptr<RtlDesign> design, LoadDesign(library));
  if (!options.waves.empty() && !design->OpenWaves(options.waves.c_str())) {
    return Fail("--fst {}: cannot be written", options.waves);
  }
  std::unique_ptr<RtlSimulation> simulation(new RtlSimulation(program, options));
  const uint64_t strip = program.total_beats * program.design.port_bytes();
  VerilatedDevice::Options device;
  device.memory_bytes =
      uint64_t(RoundUp(int64_t(strip), kPageBytes)) * uint64_t(program.design.ports);
  TF_ASSIGN_OR_RETURN(device.memory, MakeMemoryConfig(spec));
  device.max_burst_beats = spec.memory.max_burst_beats;
  device.stall_percent = options.stall_percent;
  device.seed = options.seed;
  simulation->device_ = std::make_unique<VerilatedDevice>(std::move(design), device);
  simulation->device_->design().SetFaults(options.faults);
  TF_ASSIGN_OR_RETURN(
      driver::Driver driver,
      driver::Driver::Open(*simulation->device_, simulation->device_->design().info()));
  simulation->driver_ = driver;
  TF_RETURN_IF_ERROR(LoadFile(*simulation->driver_, program));
  if (options.check) {
    simulation->checker_ = std::make_unique<LockstepChecker>(program);
    simulation->device_->AddObserver(simulation->checker_.get());
  }
  simulation->device_->AddObserver(&simulation->observer_);
  if (options.timeline != nullptr) {
    simulation->bursts_ =
        std::make_unique<BurstObserver>(simulation->device_->design(), *options.timeline);
    simulation->device_->AddObserver(simulation->bursts_.get());
  }
  return simulation;
}

void RtlSimulation::BeginObservers(const InstructionList& list, const RunArguments& arguments) {
  if (checker_) checker_->Begin(list, arguments);
  const Traffic traffic = TrafficOf(list, program_.design, arguments);
  const double beats = double(traffic.total_read()) / program_.design.wide_bytes();
  observer_.Begin(list, program_.design, arguments, [this, beats](uint64_t cycles) {
    constexpr double kMost = 0.99;
    options_.on_run_progress(std::min(kMost, double(cycles) / (beats * cycles_per_beat_)));
  });
}

Expected<RunRecord> RtlSimulation::MakeRecord(const RunArguments& arguments) {
  RunRecord record;
  record.arguments = arguments;
  TF_ASSIGN_OR_RETURN(record.counters, driver_->Counters());
  record.cycles = record.Counter("Cycles");
  const CycleAccountant& accountant = observer_.accountant();
  record.start_cycle = observer_.start_cycle();
  record.first_beats = accountant.first_beats();
  record.weight_beats = accountant.weight_beats();
  record.weight_cycles = accountant.weight_cycles();
  record.matvecs = observer_.matvecs();
  record.matvec_cycles = observer_.matvec_cycles();
  record.limits = accountant.table();
  record.times = observer_.times();
  return record;
}

Expected<void> RtlSimulation::Start(const RunArguments& arguments) {
  const InstructionList& list = arguments.count == 1 ? program_.decode : program_.prefill;
  BeginObservers(list, arguments);
  driver::StartArguments start{arguments.position, arguments.count, {}};
  std::copy(arguments.tokens.begin(), arguments.tokens.end(), start.tokens.begin());
  const auto begin = std::chrono::steady_clock::now();
  const uint64_t first_cycle = device_->cycles();
  const Expected<void> run = driver_->Run(start, kTimeout);
  run_seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  simulated_cycles_ += device_->cycles() - first_cycle;
  if (checker_ && run) checker_->End();
  if (bursts_) bursts_->Finish(device_->cycles());
  if (mismatch()) return Fail("check failed: {}", *mismatch());
  TF_RETURN_IF_ERROR(run);
  TF_ASSIGN_OR_RETURN(RunRecord record, MakeRecord(arguments));
  cycles_per_beat_ = double(record.cycles) / double(record.Counter("ReadBeats"));
  if (options_.timeline != nullptr) options_.timeline->AddRun(list, record);
  runs_.push_back(std::move(record));
  for (size_t p = 0; p < device_->design().ports().size(); ++p) {
    const auto& violations = device_->port(int(p)).violations();
    if (!violations.empty()) return Fail("memory port {}: {}", p, violations.front());
  }
  return {};
}

Expected<std::vector<float>> RtlSimulation::ReadLogits() {
  if (!program_.has_head) return std::vector<float>();
  const HeadResult result = HeadResultOf(program_.design, program_.vocab);
  std::vector<uint8_t> bytes(result.bytes());
  TF_RETURN_IF_ERROR(driver_->Read(program_.logits_beat, bytes));
  return result.Logits(bytes);
}

Expected<std::vector<float>> RtlSimulation::Advance(std::span<const int> tokens) {
  for (const RunArguments& run : ScheduleRuns(tokens, position_, program_.design.batch)) {
    TF_RETURN_IF_ERROR(Start(run));
    position_ += int(run.count);
  }
  return ReadLogits();
}

Expected<void> RtlSimulation::Fill(int positions, uint64_t seed) {
  for (const MemoryPatch& patch : ternfab::FillContext(program_, positions, seed)) {
    TF_RETURN_IF_ERROR(driver_->Write(patch.beat, patch.bytes));
    if (checker_) checker_->Write(patch);
  }
  position_ = positions;
  return {};
}

}  // namespace ternfab::rtl
