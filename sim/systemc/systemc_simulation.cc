// SPDX-License-Identifier: Apache-2.0
#include "sim/systemc/systemc_simulation.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "codegen/plan/schedule.h"
#include "host/cpu/context_fill.h"
#include "sim/report/traffic.h"
#include "sim/rtl/design_library.h"
#include "sim/systemc/memory_checker.h"
#include "sim/systemc/platform.h"

namespace ternfab::systemc {
namespace {

// A design finds its own deadlocks; this only ends a simulation that is stuck for a day.
constexpr std::chrono::hours kTimeout{24};

const std::optional<std::string> kNoMismatch;

/// Loads the bytes of the Program's file, as on a board; they are gone afterwards.
Expected<void> LoadFile(driver::Driver& driver, const Program& program) {
  const std::vector<uint8_t> bytes = SerializeProgram(program);
  TF_ASSIGN_OR_RETURN(const driver::ProgramView view, driver::ParseProgramView(bytes));
  return driver.Load(view);
}

}  // namespace

SystemCSimulation::SystemCSimulation(const Program& program, const SimulationOptions& options)
    : program_(program), options_(options) {}

SystemCSimulation::~SystemCSimulation() = default;

Expected<std::unique_ptr<SystemCSimulation>> SystemCSimulation::Create(
    const HardwareSpec& spec, const Program& program, const SimulationOptions& options) {
  std::unique_ptr<SystemCSimulation> simulation(new SystemCSimulation(program, options));
  SystemCSimulation* self = simulation.get();
  const PlatformOptions platform{options.times,
                                 [self](uint64_t cycles) { self->ReportProgress(cycles); }};
  if (options.accelerator == AcceleratorKind::kModel) {
    TF_ASSIGN_OR_RETURN(simulation->platform_, Platform::Create(spec, program, platform));
    if (options.check) simulation->memory_checker_ = std::make_unique<MemoryChecker>(program);
  } else {
    TF_ASSIGN_OR_RETURN(
        const std::string library,
        rtl::BuildLibrary(spec, {false, options.on_build, options.on_build_progress}));
    TF_ASSIGN_OR_RETURN(std::unique_ptr<rtl::RtlDesign> design, rtl::LoadDesign(library));
    TF_ASSIGN_OR_RETURN(simulation->platform_,
                        Platform::Create(spec, program, std::move(design), platform));
    if (options.check) {
      simulation->lockstep_ = std::make_unique<rtl::LockstepChecker>(program);
      simulation->platform_->verilated()->AddChecker(simulation->lockstep_.get());
    }
  }
  TF_RETURN_IF_ERROR(simulation->Load());
  return simulation;
}

std::string SystemCVersion() {
  return fmt::format("{}.{}.{}", sc_core::sc_version_major, sc_core::sc_version_minor,
                     sc_core::sc_version_patch);
}

Expected<void> SystemCSimulation::Load() {
  Expected<void> status;
  platform_->host().Run([&] {
    auto opened = driver::Driver::Open(platform_->host(), platform_->accelerator().info());
    if (!opened) {
      status = tl::unexpected<Error>(opened.error());
      return;
    }
    driver_ = *opened;
    status = LoadFile(*driver_, program_);
  });
  return status;
}

void SystemCSimulation::OnHost(const std::function<void(driver::Driver&, driver::Device&)>& work) {
  platform_->host().Run([&] { work(*driver_, platform_->host()); });
}

uint64_t SystemCSimulation::checked_instructions() const {
  if (lockstep_) return lockstep_->instructions();
  return memory_checker_ ? memory_checker_->instructions() : 0;
}

rtl::LayerCounts SystemCSimulation::checked_layers() const {
  return lockstep_ ? lockstep_->layers() : rtl::LayerCounts{};
}

const std::optional<std::string>& SystemCSimulation::mismatch() const {
  if (lockstep_) return lockstep_->mismatch();
  return memory_checker_ ? memory_checker_->mismatch() : kNoMismatch;
}

void SystemCSimulation::ReportProgress(uint64_t cycles) {
  constexpr double kMost = 0.99;
  options_.on_run_progress(std::min(kMost, double(cycles) / (expected_beats_ * cycles_per_beat_)));
}

Expected<void> SystemCSimulation::RunOnHost(const InstructionList& list,
                                            const RunArguments& arguments, RunRecord& record) {
  driver::StartArguments start{arguments.position, arguments.count, {}};
  std::copy(arguments.tokens.begin(), arguments.tokens.end(), start.tokens.begin());
  const auto begin = std::chrono::steady_clock::now();
  const uint64_t first_cycle = platform_->cycles();
  const Expected<void> run = driver_->Run(start, kTimeout);
  run_seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  simulated_cycles_ += platform_->cycles() - first_cycle;
  if (lockstep_ && run) lockstep_->End();
  if (run && memory_checker_) {
    TF_RETURN_IF_ERROR(memory_checker_->Check(
        list, arguments,
        [&](uint64_t beat, std::span<uint8_t> out) { return driver_->Read(beat, out); }));
  }
  if (mismatch()) return Fail("check failed: {}", *mismatch());
  TF_RETURN_IF_ERROR(run);
  TF_ASSIGN_OR_RETURN(record.counters, driver_->Counters());
  return {};
}

Expected<void> SystemCSimulation::Start(const RunArguments& arguments) {
  const InstructionList& list = arguments.count == 1 ? program_.decode : program_.prefill;
  Accelerator& accelerator = platform_->accelerator();
  accelerator.BeginRun(list, arguments);
  const Traffic traffic = TrafficOf(list, program_.design, arguments);
  expected_beats_ = double(traffic.total_read()) / program_.design.wide_bytes();
  RunRecord record;
  record.arguments = arguments;
  Expected<void> status;
  platform_->host().Run([&] { status = RunOnHost(list, arguments, record); });
  TF_RETURN_IF_ERROR(status);
  accelerator.FillRecord(record);
  record.cycles = record.Counter("Cycles");
  cycles_per_beat_ = double(record.cycles) / double(record.Counter("ReadBeats"));
  if (options_.timeline != nullptr) options_.timeline->AddRun(list, record);
  runs_.push_back(std::move(record));
  if (VerilatedAccelerator* verilated = platform_->verilated()) {
    for (int p = 0; p < verilated->core().ports(); ++p) {
      const auto& violations = verilated->core().port(p).violations();
      if (!violations.empty()) return Fail("memory port {}: {}", p, violations.front());
    }
  }
  return {};
}

Expected<std::vector<float>> SystemCSimulation::ReadLogits() {
  if (!program_.has_head) return std::vector<float>();
  const HeadResult result = HeadResultOf(program_.design, program_.vocab);
  std::vector<uint8_t> bytes(result.bytes());
  Expected<void> status;
  platform_->host().Run([&] { status = driver_->Read(program_.logits_beat, bytes); });
  TF_RETURN_IF_ERROR(status);
  return result.Logits(bytes);
}

Expected<std::vector<float>> SystemCSimulation::Advance(std::span<const int> tokens) {
  for (const RunArguments& run : ScheduleRuns(tokens, position_, program_.design.batch)) {
    TF_RETURN_IF_ERROR(Start(run));
    position_ += int(run.count);
  }
  return ReadLogits();
}

Expected<void> SystemCSimulation::Fill(int positions, uint64_t seed) {
  Expected<void> status;
  platform_->host().Run([&] {
    for (const MemoryPatch& patch : ternfab::FillContext(program_, positions, seed)) {
      status = driver_->Write(patch.beat, patch.bytes);
      if (!status) return;
      if (lockstep_) lockstep_->Write(patch);
      if (memory_checker_) memory_checker_->Write(patch);
    }
  });
  TF_RETURN_IF_ERROR(status);
  position_ = positions;
  return {};
}

}  // namespace ternfab::systemc
