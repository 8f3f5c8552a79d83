// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/jobs_plan.h"

#include <algorithm>
#include <span>

#include "codegen/signature.h"

namespace ternfab::rtl {
namespace {

using timing::DesignModel;

constexpr uint64_t kPageBytes = 4096;

/// Cycles from a layer's first instruction to the next layer's, the most of all layers; of a
/// program without layers, an eighth of the run.
uint64_t LayerCycles(const InstructionList& list, const DesignModel& run) {
  constexpr uint64_t kShare = 8;
  uint64_t most = 0;
  uint64_t begin = 0;
  int layer = -1;
  for (size_t i = 0; i < run.times().size(); ++i) {
    const int now = list.notes[i].place.layer;
    if (now <= layer) continue;
    if (layer >= 0) most = std::max(most, run.times()[i].issue - begin);
    layer = now;
    begin = run.times()[i].issue;
  }
  return most > 0 ? most : run.cycles() / kShare + 1;
}

bool IsProduct(const isa::Instruction& in) {
  const auto opcode = in.GetAs<isa::Opcode>(isa::kOpcode);
  return opcode == isa::Opcode::kMatvec || opcode == isa::Opcode::kDot ||
         opcode == isa::Opcode::kAccumulate;
}

/// The last instruction that is issued in `cycle` or before.
uint32_t IssuedBy(const DesignModel& run, uint64_t cycle) {
  uint32_t last = 0;
  for (uint32_t i = 0; i < run.times().size(); ++i) {
    if (run.times()[i].issue <= cycle) last = i;
  }
  return last;
}

/// The unbroken run in the cycle in which an instruction issues.
struct Milestone {
  uint32_t instruction = 0;
  uint64_t memory_cycle = 0;
  uint64_t digest = 0;
};

/// The run at every product, in the order in which they issue. `run` has ended, `idle` begins it.
Expected<std::vector<Milestone>> MilestonesOf(const InstructionList& list,
                                              const RunArguments& arguments, const DesignModel& run,
                                              DesignModel idle) {
  std::vector<Milestone> out;
  for (uint32_t i = 0; i < run.times().size(); ++i) {
    if (IsProduct(list.instructions[i])) out.push_back({i, run.times()[i].issue, 0});
  }
  // Of products that issue in one cycle the first.
  std::ranges::stable_sort(out, {}, &Milestone::memory_cycle);
  const auto same = std::ranges::unique(out, {}, &Milestone::memory_cycle);
  out.erase(same.begin(), same.end());
  idle.Start(list, arguments);
  for (Milestone& m : out) {
    timing::StopPoint stop;
    stop.issue = m.instruction;
    TF_RETURN_IF_ERROR(idle.Run(stop));
    m.memory_cycle = idle.memory_cycle();
    m.digest = idle.Digest();
  }
  return out;
}

/// Looks for the cycle in which a part must begin to come into the state of the unbroken run.
class StartFinder {
 public:
  /// `milestones` are those from the part's first instruction to the one from which it counts.
  StartFinder(const DesignModel& idle, const InstructionList& list, const RunArguments& arguments,
              std::span<const Milestone> milestones, PlannedPart& part)
      : idle_(idle), list_(list), arguments_(arguments), milestones_(milestones), part_(part) {}

  /// False: there is none, as far as was searched.
  Expected<bool> Find() {
    int64_t start = int64_t(idle_.memory_cycle());
    for (int i = 0; i < kStartTries; ++i) {
      TF_ASSIGN_OR_RETURN(const bool met, Try(start, milestones_.size()));
      if (met) return true;
      start -= late_;
    }
    // A shift of the beginning shifts what follows, but for the refreshes that lie in it.
    for (int64_t shift = 1; shift <= kMostShift; ++shift) {
      for (const int64_t near : {start + shift, start - shift}) {
        TF_ASSIGN_OR_RETURN(const bool met, Try(near, kPatience));
        if (met) return true;
      }
    }
    return false;
  }

 private:
  static constexpr int kStartTries = 4;
  static constexpr int64_t kMostShift = 64;
  static constexpr size_t kPatience = 8;  ///< milestones at which a part may be early or late

  Expected<bool> Try(int64_t start, size_t patience) {
    if (start < int64_t(idle_.memory_cycle())) return false;
    part_.memory_cycle = uint64_t(start);
    DesignModel model = idle_;
    model.Idle(part_.memory_cycle - idle_.memory_cycle());
    model.Start(list_, arguments_, {part_.range.first, part_.tokens});
    for (const Milestone& m : milestones_) {
      if (m.instruction < part_.range.first) continue;  // of another unit, which was behind
      const InstructionTimes& times = model.times();
      if (m.instruction < times.size() && times[m.instruction].issue != InstructionTime::kNever) {
        continue;  // in the cycle of another
      }
      timing::StopPoint stop;
      stop.issue = m.instruction;
      TF_RETURN_IF_ERROR(model.Run(stop));
      late_ = int64_t(model.memory_cycle() - m.memory_cycle);
      if (late_ == 0 && model.Digest() == m.digest) return true;
      if (late_ != 0 && --patience == 0) return false;
    }
    return false;
  }

  const DesignModel& idle_;
  const InstructionList& list_;
  const RunArguments& arguments_;
  std::span<const Milestone> milestones_;
  PlannedPart& part_;
  int64_t late_ = 0;  ///< cycles, at the last milestone
};

}  // namespace

uint32_t FetchAligned(const HardwareSpec& spec, const InstructionList& list, uint32_t index) {
  const DesignSignature signature = MakeSignature(spec);
  const uint64_t wide = uint64_t(signature.params.wide_bytes());
  const uint64_t per_instruction = uint64_t(CeilDiv(isa::kInstructionBytes, int64_t(wide)));
  const uint64_t page = kPageBytes / uint64_t(signature.params.port_bytes());
  const uint64_t most = std::max<uint64_t>(
      1, std::min(uint64_t(signature.max_burst_beats), uint64_t(signature.depths.instruction) / 4));
  const uint64_t begin = list.beat + per_instruction;
  uint32_t aligned = 0;
  for (uint64_t at = begin; at <= begin + index * per_instruction;) {
    if ((at - begin) % per_instruction == 0) aligned = uint32_t((at - begin) / per_instruction);
    at = std::min(at + most, (at / page + 1) * page);
  }
  return aligned;
}

timing::Tokens TokensBefore(const InstructionList& list, uint32_t index) {
  timing::Tokens tokens;
  for (uint32_t i = 0; i < index; ++i) {
    tokens.Take(uint8_t(list.instructions[i].Get(isa::kWait)));
    tokens.Put(uint8_t(list.instructions[i].Get(isa::kSignal)));
  }
  return tokens;
}

Expected<std::vector<PlannedPart>> PlanParts(const HardwareSpec& spec, const InstructionList& list,
                                             const RunArguments& arguments, int jobs,
                                             DesignModel& model) {
  std::vector<PlannedPart> parts(1);
  parts[0].memory_cycle = model.memory_cycle();
  const DesignModel idle = model;
  model.Start(list, arguments);
  TF_RETURN_IF_ERROR(model.Run());
  if (jobs == 1) return parts;
  TF_ASSIGN_OR_RETURN(const std::vector<Milestone> milestones,
                      MilestonesOf(list, arguments, model, idle));
  const uint64_t layer = LayerCycles(list, model);
  const uint64_t share = (model.cycles() + uint64_t(jobs - 1) * layer) / uint64_t(jobs);
  uint64_t at = share;
  for (size_t m = 0; m < milestones.size() && int(parts.size()) < jobs && share > layer; ++m) {
    const uint64_t issue = model.times()[milestones[m].instruction].issue;
    if (issue < at) continue;
    PlannedPart part;
    part.range.from = milestones[m].instruction;
    bool found = false;
    for (uint64_t warm = layer; !found && warm < issue; warm += layer) {
      const uint32_t first = FetchAligned(spec, list, IssuedBy(model, issue - warm));
      if (first == 0) break;
      part.range.first = first;
      part.tokens = TokensBefore(list, first);
      const auto begin = std::ranges::find_if(
          milestones, [&](const Milestone& stone) { return stone.instruction >= first; });
      const std::span<const Milestone> between(begin, milestones.begin() + std::ptrdiff_t(m) + 1);
      TF_ASSIGN_OR_RETURN(found, StartFinder(idle, list, arguments, between, part).Find());
    }
    if (found) {
      parts.back().range.to = part.range.from;
      parts.push_back(part);
    }
    at = issue + share - layer;
  }
  return parts;
}

}  // namespace ternfab::rtl
