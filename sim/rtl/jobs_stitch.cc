// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/jobs_stitch.h"

#include "codegen/registers.h"
#include "common/check.h"

namespace ternfab::rtl {
namespace {

/// Adds what `to` has and `from` had not.
void AddDifference(const LimitTable& from, const LimitTable& to, LimitTable& sum) {
  for (int layer = -1; layer < to.layers(); ++layer) {
    for (int part = 0; part < kParts; ++part) {
      const ModelPlace place{Part(part), layer};
      const CauseCycles before = from.Of(place);
      const CauseCycles after = to.Of(place);
      for (int c = 0; c < kCauses; ++c) {
        const uint64_t cycles = after[size_t(c)] - before[size_t(c)];
        if (cycles > 0) sum.Add(place, Cause(c), cycles);
      }
    }
  }
}

/// Adds the times of a part; `shift` makes them cycles of the run.
void AddTimes(const PartRange& range, const PartResult& part, uint64_t shift,
              InstructionTimes& sum) {
  const InstructionTimes& times = part.to.observer.times();
  const auto counts = [&](uint64_t cycle) {
    return cycle != InstructionTime::kNever && cycle >= part.from.cycle && cycle < part.to.cycle;
  };
  if (sum.size() < times.size() + range.first) sum.resize(times.size() + range.first);
  for (size_t i = 0; i < times.size(); ++i) {
    InstructionTime& time = sum[i + range.first];
    if (counts(times[i].issue)) {
      time.unit = times[i].unit;
      time.skip = times[i].skip;
      time.issue = times[i].issue + shift;
    }
    if (counts(times[i].retire)) time.retire = times[i].retire + shift;
  }
}

}  // namespace

Expected<void> CheckSeam(const InstructionList& list, const PartRange& range,
                         const PartResult& before, const PartResult& after) {
  const auto name = FirstDifference(after.names, before.to.state, after.from.state);
  if (!name) return {};
  return Fail(
      "--jobs: the parts before and from instruction {} ({}) do not meet: {} differs after a "
      "warm-up from instruction {}",
      range.from, list.notes[range.from].text, *name, range.first);
}

RunRecord Stitch(std::span<const PartRange> ranges, std::span<const PartResult> parts, bool times) {
  RunRecord record;
  std::vector<uint64_t> counters(kRunCounters.size());
  for (size_t i = 0; i < parts.size(); ++i) {
    const Seam& from = parts[i].from;
    const Seam& to = parts[i].to;
    const RunObserver& before = from.observer;
    const RunObserver& after = to.observer;
    const uint64_t shift = record.cycles - from.cycle;  // modulo 2^64
    for (size_t c = 0; c < counters.size(); ++c) counters[c] += to.counters[c] - from.counters[c];
    AddDifference(before.accountant().table(), after.accountant().table(), record.limits);
    record.first_beats += after.accountant().first_beats() - before.accountant().first_beats();
    const uint64_t weights = after.accountant().weight_beats() - before.accountant().weight_beats();
    record.weight_beats += weights;
    if (weights > 0) record.weight_cycles = after.accountant().weight_cycles() + shift;
    record.matvecs += after.matvecs() - before.matvecs();
    record.matvec_cycles += after.matvec_cycles() - before.matvec_cycles();
    if (times) AddTimes(ranges[i], parts[i], shift, record.times);
    record.cycles += to.cycle - from.cycle;
  }
  for (size_t c = 0; c < counters.size(); ++c) {
    record.counters.push_back({kRunCounters[c].name, counters[c]});
  }
  TF_CHECK(record.Counter("Cycles") == record.cycles, "{} cycles, {} counted", record.cycles,
           record.Counter("Cycles"));
  return record;
}

}  // namespace ternfab::rtl
