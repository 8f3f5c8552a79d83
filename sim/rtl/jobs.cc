// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/jobs.h"

#include <atomic>
#include <chrono>
#include <cstring>
#include <future>
#include <utility>

#include "codegen/plan/schedule.h"
#include "host/cpu/context_fill.h"
#include "sim/rtl/design_library.h"
#include "sim/rtl/jobs_stitch.h"

namespace ternfab::rtl {
namespace {

constexpr uint64_t kBusAddress = 0x4000'0000;  // of VerilatedDevice

const InstructionList& ListOf(const Program& program, const RunArguments& arguments) {
  return arguments.count == 1 ? program.decode : program.prefill;
}

/// A Program of `program`'s design whose runs end at once.
Program MakeRehearsal(const Program& program) {
  Program out;
  out.design = program.design;
  out.design_hash = program.design_hash;
  out.vocab = out.context = 1;
  out.has_head = false;
  const uint64_t wide = uint64_t(out.design.wide_bytes());
  const uint64_t beats = (isa::kInstructionBytes + wide - 1) / wide;
  isa::Instruction end;
  end.Set(isa::kOpcode, isa::Opcode::kEnd);
  isa::Instruction header;
  header.words[isa::kHeaderMagic] = isa::kMagic;
  header.words[isa::kHeaderVersion] = isa::kVersion;
  header.words[isa::kHeaderCount] = 1;
  out.total_beats = 2 * beats;
  out.image.resize(out.total_beats * wide);
  std::memcpy(out.image.data(), header.words.data(), isa::kInstructionBytes);
  std::memcpy(&out.image[beats * wide], end.words.data(), isa::kInstructionBytes);
  out.decode = {0, {end}, {{"end", {}}}};
  if (out.design.batch > 1) out.prefill = out.decode;
  return out;
}

}  // namespace

RtlJobs::RtlJobs(const HardwareSpec& spec, const Program& program, const SimulationOptions& options,
                 int jobs, const MemoryConfig& memory)
    : spec_(spec),
      program_(program),
      options_(options),
      jobs_(jobs),
      master_(program),
      memory_(memory),
      model_(spec, memory, timing::PortBases(program, kBusAddress), {}),
      emulator_(program),
      tracker_(program.design),
      rehearsal_program_(MakeRehearsal(program)) {}

Expected<std::unique_ptr<RtlJobs>> RtlJobs::Create(const HardwareSpec& spec, const Program& program,
                                                   const SimulationOptions& options, int jobs) {
  if (jobs < 1) return Fail("--jobs {}: must be at least 1", jobs);
  if (options.check) return Fail("--jobs: not with --check, which follows an unbroken run");
  if (!options.waves.empty()) return Fail("--jobs: not with --fst, which shows an unbroken run");
  if (options.timeline != nullptr) {
    return Fail("--jobs: not with --timeline, which shows an unbroken run");
  }
  if (spec.shortlist_rows > 0) {
    return Fail("--jobs {}: not with head: shortlist, whose rows are known only in the run", jobs);
  }
  if (options.stall_percent != 0) return Fail("--jobs: not with random stalls of the memory");
  TF_ASSIGN_OR_RETURN(const MemoryConfig memory, MakeMemoryConfig(spec));
  std::unique_ptr<RtlJobs> out(new RtlJobs(spec, program, options, jobs, memory));
  TF_ASSIGN_OR_RETURN(out->library_,
                      BuildLibrary(spec, {false, options.on_build, options.on_build_progress}));
  TF_ASSIGN_OR_RETURN(out->rehearsal_,
                      RtlSimulation::Create(spec, out->rehearsal_program_, SimulationOptions{}));
  return out;
}

/// Lets as many cycles pass as there are in an unbroken simulation before the run begins, in which
/// the driver writes and reads registers.
Expected<void> RtlJobs::PassTime(const RunArguments& arguments) {
  const auto end_of = [](const std::vector<RunRecord>& runs) {
    return runs.empty() ? 0 : runs.back().start_cycle + runs.back().cycles;
  };
  if (std::exchange(model_behind_, false)) TF_RETURN_IF_ERROR(model_.Run());
  const uint64_t before = end_of(rehearsal_->runs());
  TF_RETURN_IF_ERROR(rehearsal_->Start(arguments));
  const uint64_t start = end_of(runs_) + rehearsal_->runs().back().start_cycle - before;
  memory_ = MemoryAt(std::move(memory_), start);
  model_.Idle(start - model_.memory_cycle());
  return {};
}

PartInput RtlJobs::InputOf(const PlannedPart& part, const InstructionList& list,
                           const RunArguments& arguments) const {
  VerilatedDevice::Options device;
  device.memory_bytes = master_.bytes();
  device.memory_file = master_.file();
  device.memory = memory_.config();
  device.max_burst_beats = spec_.memory.max_burst_beats;
  ArchitecturalState state = tracker_.state();
  state.norm_sums = emulator_.norm_sums();
  return {library_,
          device,
          &program_,
          &list,
          arguments,
          part.range,
          part.tokens,
          std::move(state),
          tracker_.memory_writes(),
          memory_,
          part.memory_cycle,
          options_.faults};
}

/// The parts that have been begun, each in a thread of its own.
class RtlJobs::RunningParts {
 public:
  RunningParts() = default;
  RunningParts(const RunningParts&) = delete;
  RunningParts& operator=(const RunningParts&) = delete;
  ~RunningParts() { Stop(); }

  void Begin(size_t part, std::shared_ptr<PartInput> input) {
    if (part >= parts_.size()) parts_.resize(part + 1);
    parts_[part] = std::async(std::launch::async, [this, input = std::move(input)] {
      Expected<PartResult> result = RunPart(*input, cancel_);
      if (!result) cancel_ = true;
      return result;
    });
  }

  void Stop() {
    cancel_ = true;
    for (auto& part : parts_) {
      if (part.valid()) part.wait();
    }
    parts_.clear();
    cancel_ = false;
  }

  /// All `parts` have been begun.
  Expected<std::vector<PartResult>> Finish(size_t parts) {
    std::vector<PartResult> results;
    std::optional<Error> error;
    TF_CHECK(parts_.size() == parts, "{} of {} parts", parts_.size(), parts);
    for (auto& part : parts_) {
      TF_CHECK(part.valid(), "a part was not begun");
      Expected<PartResult> result = part.get();
      if (result) {
        results.push_back(std::move(*result));
      } else if (!error || error->message == kPartStopped) {
        error = result.error();
      }
    }
    if (error) return tl::unexpected<Error>(*error);
    return results;
  }

 private:
  std::atomic<bool> cancel_ = false;
  std::vector<std::future<Expected<PartResult>>> parts_;
};

Expected<std::vector<PartResult>> RtlJobs::RunParts(const InstructionList& list,
                                                    const RunArguments& arguments) {
  TF_ASSIGN_OR_RETURN(parts_,
                      ChooseCuts(spec_, memory_.config(), program_, list, arguments, jobs_));
  RunningParts running;
  const auto begin = [&](size_t i) {
    auto input = std::make_shared<PartInput>(InputOf(parts_[i], list, arguments));
    if (i == 0) first_ = input;
    on_part_(i, *input);
    running.Begin(i, std::move(input));
  };
  begin(0);
  TF_ASSIGN_OR_RETURN(const bool found, FindStarts(list, arguments, model_, parts_));
  if (!found) {
    running.Stop();
    parts_.assign(1, PlannedPart{});
    begin(0);
  }
  uncut_runs_ += jobs_ > 1 && parts_.size() == 1;
  for (uint32_t i = 0; i < list.instructions.size(); ++i) {
    for (size_t p = 1; p < parts_.size(); ++p) {  // a later part may begin before an earlier one
      if (parts_[p].range.first == i) begin(p);
    }
    emulator_.Execute(list.instructions[i], arguments, &tracker_);
  }
  tracker_.ClearMemoryWrites();
  model_behind_ = true;
  return running.Finish(parts_.size());
}

Expected<void> RtlJobs::CheckSeams(const InstructionList& list,
                                   const std::vector<PartResult>& results) const {
  for (size_t i = 1; i < results.size(); ++i) {
    TF_RETURN_IF_ERROR(CheckSeam(list, parts_[i].range, results[i - 1], results[i]));
  }
  return {};
}

Expected<std::vector<PartResult>> RtlJobs::RunWhole() {
  parts_.assign(1, PlannedPart{});
  ++uncut_runs_;
  first_->range = parts_[0].range;
  TF_ASSIGN_OR_RETURN(PartResult result, RunPart(*first_, false));
  std::vector<PartResult> results;
  results.push_back(std::move(result));
  return results;
}

Expected<void> RtlJobs::Start(const RunArguments& arguments) {
  const InstructionList& list = ListOf(program_, arguments);
  const auto begin = std::chrono::steady_clock::now();
  TF_RETURN_IF_ERROR(PassTime(arguments));
  const uint64_t start_cycle = memory_.cycle();
  TF_ASSIGN_OR_RETURN(std::vector<PartResult> results, RunParts(list, arguments));
  const Expected<void> seams = CheckSeams(list, results);
  seam_difference_ = seams ? "" : seams.error().message;
  if (!seams) {
    TF_ASSIGN_OR_RETURN(results, RunWhole());
  }
  std::vector<PartRange> ranges;
  for (size_t i = 0; i < results.size(); ++i) {
    ranges.push_back(parts_[i].range);
    for (const MemoryWrite& write : results[i].writes) {
      master_.Write(write.address, write.offset, write.bytes);
    }
  }
  RunRecord record = Stitch(ranges, results, options_.times);
  record.arguments = arguments;
  record.start_cycle = start_cycle;
  memory_ = std::move(*results.back().memory);
  run_seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  simulated_cycles_ += record.cycles;
  runs_.push_back(std::move(record));
  return {};
}

Expected<std::vector<float>> RtlJobs::Advance(std::span<const int> tokens) {
  for (const RunArguments& run : ScheduleRuns(tokens, position_, program_.design.batch)) {
    TF_RETURN_IF_ERROR(Start(run));
    position_ += int(run.count);
  }
  if (!program_.has_head) return std::vector<float>();
  std::vector<float> logits(size_t(program_.vocab));
  master_.Read(program_.logits_beat,
               {reinterpret_cast<uint8_t*>(logits.data()), logits.size() * sizeof(float)});
  return logits;
}

Expected<void> RtlJobs::Fill(int positions, uint64_t seed) {
  for (const MemoryPatch& patch : ternfab::FillContext(program_, positions, seed)) {
    master_.Write(patch.beat, 0, patch.bytes);
    emulator_.Write(patch);
  }
  position_ = positions;
  return {};
}

}  // namespace ternfab::rtl
