// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/jobs_plan.h"

#include <algorithm>
#include <span>

#include "codegen/signature.h"

namespace ternfab::rtl {
namespace {

using timing::DesignModel;

constexpr uint64_t kPageBytes = 4096;
/// About how much faster the cycle model of a design behind a DRAM is than its RTL.
constexpr uint64_t kDramModelSpeed = 12;

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

/// A product with weights or rows of the head: they issue in program order.
bool IsProduct(const isa::Instruction& in) {
  const auto opcode = in.GetAs<isa::Opcode>(isa::kOpcode);
  return opcode == isa::Opcode::kMatvec ||
         (opcode == isa::Opcode::kDot && in.Get(isa::kDependent) == 0);
}

/// The last instruction that is issued in `cycle` or before.
uint32_t IssuedBy(const DesignModel& run, uint64_t cycle) {
  uint32_t last = 0;
  for (uint32_t i = 0; i < run.times().size(); ++i) {
    if (run.times()[i].issue <= cycle) last = i;
  }
  return last;
}

/// First instructions of layers and of the head.
std::vector<uint32_t> Boundaries(const InstructionList& list) {
  std::vector<uint32_t> out;
  int layer = -1;
  bool head = false;
  for (uint32_t i = 0; i < list.notes.size(); ++i) {
    const ModelPlace& place = list.notes[i].place;
    if (place.layer > layer || (place.part == Part::kHead && !head)) out.push_back(i);
    layer = std::max(layer, place.layer);
    head = head || place.part == Part::kHead;
  }
  return out;
}

/// Where a run may be cut: at the first product behind a boundary, at every product of the head
/// (with a DRAM, whose refreshes leave too few beginnings for these, not); without boundaries at
/// every product.
std::vector<uint32_t> Cuts(const InstructionList& list, bool dram) {
  const std::vector<uint32_t> boundaries = Boundaries(list);
  std::vector<uint32_t> out;
  size_t next = 0;
  for (uint32_t i = 0; i < list.instructions.size(); ++i) {
    if (!IsProduct(list.instructions[i])) continue;
    const bool behind = next < boundaries.size() && boundaries[next] <= i;
    const bool head = !dram && list.notes[i].place.part == Part::kHead;
    if (behind || boundaries.empty() || head) out.push_back(i);
    while (next < boundaries.size() && boundaries[next] <= i) ++next;
  }
  return out;
}

/// The first instruction behind the last product before `boundary` with which a part may begin. The
/// vector unit works alone from there to the next product: meanwhile a part fetches ahead as far as
/// the unbroken run has done.
uint32_t BehindProduct(const HardwareSpec& spec, const InstructionList& list, uint32_t boundary) {
  uint32_t i = boundary;
  while (i > 0 && !IsProduct(list.instructions[i - 1])) --i;
  while (i < boundary && FetchAligned(spec, list, i) != i) ++i;
  return FetchAligned(spec, list, i);
}

/// Where a part that counts from `cut` may begin, the latest first: at boundaries that lie most of
/// a layer before it; in the head, or without boundaries, also a layer before it wherever that is.
std::vector<uint32_t> Beginnings(const HardwareSpec& spec, const InstructionList& list,
                                 const DesignModel& run, uint32_t cut, bool dram) {
  const uint64_t layer = LayerCycles(list, run);
  const uint64_t issue = run.times()[cut].issue;
  const uint64_t latest = issue - std::min(issue, layer - layer / 4);
  std::vector<uint32_t> out;
  const std::vector<uint32_t> boundaries = Boundaries(list);
  if (boundaries.empty() || (!dram && list.notes[cut].place.part == Part::kHead)) {
    for (uint64_t warm = layer; warm < issue && out.size() < 2; warm += layer) {
      out.push_back(FetchAligned(spec, list, IssuedBy(run, issue - warm)));
    }
  }
  for (size_t i = boundaries.size(); i-- > 0;) {
    if (run.times()[boundaries[i]].issue > latest) continue;
    out.push_back(BehindProduct(spec, list, boundaries[i]));
    out.push_back(FetchAligned(spec, list, boundaries[i]));
  }
  std::erase(out, 0u);
  return out;
}

/// The unbroken run in the cycle in which an instruction issues.
struct Milestone {
  uint32_t instruction = 0;
  uint64_t memory_cycle = 0;
  uint64_t digest = 0;
};

/// A run that has begun at every product up to `last`, where it is then.
Expected<std::vector<Milestone>> MilestonesTo(const InstructionList& list, uint32_t last,
                                              DesignModel& run) {
  std::vector<Milestone> out;
  for (uint32_t i = 0; i <= last; ++i) {
    if (!IsProduct(list.instructions[i])) continue;
    timing::StopPoint stop;
    stop.issue = i;
    TF_RETURN_IF_ERROR(run.Run(stop));
    out.push_back({i, run.memory_cycle(), run.Digest()});
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
      const size_t patience = i + 1 < kStartTries ? kPatience : milestones_.size();
      TF_ASSIGN_OR_RETURN(const bool met, Try(start, patience));
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
  static constexpr int64_t kMostShift = 16;
  static constexpr size_t kPatience = 1;  ///< milestones at which a part may be early or late

  Expected<bool> Try(int64_t start, size_t patience) {
    if (start < int64_t(idle_.memory_cycle())) return false;
    part_.memory_cycle = uint64_t(start);
    if (near_.memory_cycle() > part_.memory_cycle) near_ = idle_;
    if (part_.memory_cycle - near_.memory_cycle() > 4 * kMostShift) {
      near_.Idle(part_.memory_cycle - near_.memory_cycle() - 2 * kMostShift);
    }
    DesignModel model = near_;
    model.Idle(part_.memory_cycle - near_.memory_cycle());
    model.Start(list_, arguments_, {part_.range.first, part_.tokens});
    for (size_t i = 0; i < milestones_.size(); ++i) {
      timing::StopPoint stop;
      stop.issue = milestones_[i].instruction;
      TF_RETURN_IF_ERROR(model.Run(stop));
      const int64_t late = int64_t(model.memory_cycle() - milestones_[i].memory_cycle);
      if (i == 0) late_ = late;
      if (late == 0 && model.Digest() == milestones_[i].digest) return true;
      if (late != 0 && --patience == 0) return false;
    }
    return false;
  }

  const DesignModel& idle_;
  DesignModel near_ = idle_;  ///< idle, a little before a part may begin
  const InstructionList& list_;
  const RunArguments& arguments_;
  std::span<const Milestone> milestones_;
  PlannedPart& part_;
  int64_t late_ = 0;  ///< cycles, at the first milestone
};

/// The milestones that a part passes up to the one from which it counts.
std::span<const Milestone> Between(std::span<const Milestone> all, const PartRange& range) {
  const auto begin = std::ranges::lower_bound(all, range.first, {}, &Milestone::instruction);
  const auto end = std::ranges::upper_bound(all, range.from, {}, &Milestone::instruction);
  return {begin, end};
}

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

Expected<std::vector<PlannedPart>> ChooseCuts(const HardwareSpec& spec, const MemoryConfig& memory,
                                              const Program& program, const InstructionList& list,
                                              const RunArguments& arguments, int jobs) {
  std::vector<PlannedPart> parts(1);
  if (jobs == 1) return parts;
  MemoryConfig constant = memory;
  constant.dram.reset();
  DesignModel run(spec, constant, timing::PortBases(program, 0), {});
  run.Start(list, arguments);
  TF_RETURN_IF_ERROR(run.Run());
  const uint64_t layer = LayerCycles(list, run);
  // What a later part costs beside its share: the warm-up and, before it can begin, the search.
  const uint64_t extra = layer + (memory.dram ? run.cycles() / kDramModelSpeed : 0);
  const uint64_t share = (run.cycles() + uint64_t(jobs - 1) * extra) / uint64_t(jobs);
  if (share <= extra) return parts;
  const std::vector<uint32_t> cuts = Cuts(list, memory.dram.has_value());
  uint64_t at = share;
  for (size_t i = 0; i < cuts.size() && int(parts.size()) < jobs; ++i) {
    const uint64_t issue = run.times()[cuts[i]].issue;
    const bool nearest = i + 1 == cuts.size() || run.times()[cuts[i + 1]].issue + issue > 2 * at;
    if (!nearest) continue;
    PlannedPart part;
    part.beginnings = Beginnings(spec, list, run, cuts[i], memory.dram.has_value());
    if (part.beginnings.empty()) continue;
    parts.back().range.to = cuts[i];
    part.range = {part.beginnings.front(), cuts[i], timing::kNoIndex};
    part.tokens = TokensBefore(list, part.range.first);
    parts.push_back(std::move(part));
    at = issue + share - extra;
  }
  return parts;
}

Expected<bool> FindStarts(const InstructionList& list, const RunArguments& arguments,
                          DesignModel& model, std::vector<PlannedPart>& parts) {
  parts[0].memory_cycle = model.memory_cycle();
  const DesignModel idle = model;
  model.Start(list, arguments);
  if (parts.size() == 1) return true;
  TF_ASSIGN_OR_RETURN(const std::vector<Milestone> milestones,
                      MilestonesTo(list, parts.back().range.from, model));
  for (size_t i = 1; i < parts.size(); ++i) {
    PlannedPart& part = parts[i];
    bool found = false;
    for (const uint32_t first : part.beginnings) {
      part.range.first = first;
      part.tokens = TokensBefore(list, first);
      TF_ASSIGN_OR_RETURN(
          found, StartFinder(idle, list, arguments, Between(milestones, part.range), part).Find());
      if (found) break;
    }
    if (!found) return false;
  }
  return true;
}

}  // namespace ternfab::rtl
