// SPDX-License-Identifier: Apache-2.0
#include "tests/cosim/timing_compare.h"

#include <algorithm>

#include "codegen/plan/disassemble.h"
#include "common/check.h"
#include "host/cpu/emulator.h"
#include "models/random.h"
#include "sim/timing/design_model.h"
#include "tests/cosim/designs.h"

namespace ternfab {
namespace {

using timing::DesignModel;

constexpr uint64_t kBusAddress = 0x4000'0000;  // of VerilatedDevice
constexpr uint64_t kTokenStream = 11;

const InstructionList& ListOf(const Program& program, const RunArguments& run) {
  return run.count == 1 ? program.decode : program.prefill;
}

std::string Describe(const InstructionTime& t) {
  if (t.issue == InstructionTime::kNever) return "never issued";
  const std::string end =
      t.retire == InstructionTime::kNever ? "never retired" : std::to_string(t.retire);
  return fmt::format("{}..{}", t.issue, end);
}

/// Both timelines around instruction `at`.
std::string Around(const InstructionList& list, const InstructionTimes& want,
                   const InstructionTimes& got, size_t at) {
  constexpr size_t kBefore = 6, kAfter = 3;
  std::string text;
  const size_t end = std::min({want.size(), got.size(), at + kAfter});
  for (size_t i = at - std::min(at, kBefore); i < end; ++i) {
    text += fmt::format("{} {:5} RTL {:17} model {:17} {}  ; {}\n", i == at ? '>' : ' ', i,
                        Describe(want[i]), Describe(got[i]), Disassemble(list.instructions[i]),
                        list.notes[i].text);
  }
  return text;
}

std::string Difference(const InstructionList& list, const RunRecord& rtl,
                       const DesignModel& model) {
  const InstructionTimes& want = rtl.times;
  const InstructionTimes& got = model.times();
  if (want.size() != got.size())
    return fmt::format("{} of {} instructions", got.size(), want.size());
  size_t first = want.size();
  uint64_t earliest = ~uint64_t{0};
  for (size_t i = 0; i < want.size(); ++i) {
    if (want[i] == got[i]) continue;
    const uint64_t when = want[i].issue != got[i].issue ? std::min(want[i].issue, got[i].issue)
                                                        : std::min(want[i].retire, got[i].retire);
    if (when < earliest) first = i;
    earliest = std::min(earliest, when);
  }
  if (first < want.size()) return Around(list, want, got, first);
  for (size_t i = 0; i < kRunCounters.size(); ++i) {
    const uint64_t count = rtl.Counter(kRunCounters[i].name);
    if (count != model.counters()[i]) {
      return fmt::format("{}: RTL {}, model {}", kRunCounters[i].name, count, model.counters()[i]);
    }
  }
  return "";
}

/// With skipping, cycle by cycle, and by the general memory.
std::vector<DesignModel> Models(const HardwareSpec& spec, const Program& program,
                                const MemoryConfig& memory) {
  const std::vector<uint64_t> bases = timing::PortBases(program, kBusAddress);
  DesignModel::Options stepwise;
  stepwise.skip = false;
  DesignModel::Options general = stepwise;
  general.general_memory = true;
  return {
      {spec, memory, bases, {}}, {spec, memory, bases, stepwise}, {spec, memory, bases, general}};
}

}  // namespace

MemoryConfig MemoryOf(const HardwareSpec& spec, const std::string& kind) {
  constexpr int kLeastDramLatency = 70;
  HardwareSpec other = spec;
  other.memory.kind = kind;
  if (kind != "fixed") other.memory.latency = std::max(other.memory.latency, kLeastDramLatency);
  const Expected<MemoryConfig> memory = MakeMemoryConfig(other);
  TF_CHECK(memory.has_value(), "{}", memory.error().message);
  return *memory;
}

std::string TimingDifference(const HardwareSpec& spec, const Program& program,
                             const MemoryConfig& rtl_memory, const MemoryConfig& memory,
                             std::span<const RunArguments> runs) {
  std::vector<DesignModel> models = Models(spec, program, memory);
  rtl::SimulationOptions options;
  options.times = true;
  const auto rtl = Simulate(spec, program, options);
  rtl->device().SetMemory(rtl_memory);
  const uint64_t first_cycle = rtl->device().cycles();
  Emulator emulator(program);
  for (const RunArguments& run : runs) {
    const std::string where = fmt::format("position {}, count {}: ", run.position, run.count);
    const Expected<void> ran = rtl->Start(run);
    if (!ran) return where + ran.error().message;
    const RunRecord& record = rtl->runs().back();
    if (program.design.shortlist_rows > 0) emulator.Run(ListOf(program, run), run);
    for (DesignModel& model : models) {
      model.Idle(record.start_cycle - first_cycle - model.memory_cycle());
      model.Start(ListOf(program, run), run, {}, emulator.tag_indices());
      const Expected<bool> ended = model.Run();
      if (!ended) return where + ended.error().message;
      const std::string difference = Difference(ListOf(program, run), record, model);
      if (!difference.empty()) {
        return fmt::format("{}model {}\n{}", where, &model - models.data(), difference);
      }
    }
    if (models[0].Digest() != models[1].Digest()) return where + "digests differ";
  }
  return "";
}

std::vector<RunArguments> TimingRuns(const ModelConfig& config, int batch, uint64_t seed) {
  Random random(seed, kTokenStream);
  std::vector<RunArguments> runs;
  const auto add = [&](int position, int count) {
    RunArguments run{uint32_t(position), uint32_t(count), {}};
    for (int i = 0; i < count; ++i)
      run.tokens[i] = uint32_t(random.Next() % uint64_t(config.vocab));
    runs.push_back(run);
  };
  add(0, std::min(batch, config.context));
  if (batch > 2 && config.context > batch) add(1, 2 + int(random.Next() % uint64_t(batch - 2)));
  add(int(random.Next() % uint64_t(config.context)), 1);
  add(config.context - 1, 1);
  return runs;
}

}  // namespace ternfab
