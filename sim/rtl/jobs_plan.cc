// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/jobs_plan.h"

#include <algorithm>

#include "codegen/signature.h"

namespace ternfab::rtl {
namespace {

using timing::DesignModel;

constexpr uint64_t kPageBytes = 4096;
constexpr int kStartTries = 4;  ///< to find the cycle in which a part begins

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

/// The first product that is issued in `cycle` or later; kNoIndex: there is none.
uint32_t ProductFrom(const InstructionList& list, const DesignModel& run, uint64_t cycle) {
  for (uint32_t i = 0; i < run.times().size(); ++i) {
    if (IsProduct(list.instructions[i]) && run.times()[i].issue >= cycle) return i;
  }
  return timing::kNoIndex;
}

/// The last instruction that is issued in `cycle` or before.
uint32_t IssuedBy(const DesignModel& run, uint64_t cycle) {
  uint32_t last = 0;
  for (uint32_t i = 0; i < run.times().size(); ++i) {
    if (run.times()[i].issue <= cycle) last = i;
  }
  return last;
}

/// A run in the cycle in which an instruction issues.
struct Reached {
  uint64_t digest = 0;
  uint64_t memory_cycle = 0;
};

Expected<Reached> RunTo(DesignModel& model, uint32_t instruction) {
  timing::StopPoint stop;
  stop.issue = instruction;
  TF_ASSIGN_OR_RETURN(const bool ended, model.Run(stop));
  TF_CHECK(!ended, "instruction {} is not reached", instruction);
  return Reached{model.Digest(), model.memory_cycle()};
}

/// Finds from when on a part must run that begins with range.first to be in the state of the
/// unbroken run when range.from issues. False: there is no such cycle.
Expected<bool> FindStart(const DesignModel& idle, const InstructionList& list,
                         const RunArguments& arguments, const Reached& want, PlannedPart& part) {
  uint64_t start = idle.memory_cycle();
  for (int i = 0; i < kStartTries; ++i) {
    DesignModel model = idle;
    model.Idle(start - idle.memory_cycle());
    model.Start(list, arguments, {part.range.first, part.tokens});
    TF_ASSIGN_OR_RETURN(const Reached got, RunTo(model, part.range.from));
    part.memory_cycle = start;
    if (got.digest == want.digest && got.memory_cycle == want.memory_cycle) return true;
    const uint64_t shifted = start + want.memory_cycle - got.memory_cycle;
    if (shifted == start || shifted < idle.memory_cycle()) return false;
    start = shifted;
  }
  return false;
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

Expected<std::vector<PlannedPart>> PlanParts(const HardwareSpec& spec, const InstructionList& list,
                                             const RunArguments& arguments, int jobs,
                                             DesignModel& model) {
  const DesignModel idle = model;
  model.Start(list, arguments);
  TF_RETURN_IF_ERROR(model.Run());
  const uint64_t layer = LayerCycles(list, model);
  const uint64_t share = (model.cycles() + uint64_t(jobs - 1) * layer) / uint64_t(jobs);
  std::vector<PlannedPart> parts(1);
  parts[0].memory_cycle = idle.memory_cycle();
  DesignModel unbroken = idle;
  unbroken.Start(list, arguments);
  for (uint64_t at = share; at < model.cycles() && share > layer; at += share - layer) {
    const uint32_t cut = ProductFrom(list, model, at);
    const uint32_t last = parts.back().range.from;
    if (int(parts.size()) == jobs || cut == timing::kNoIndex) break;
    if (last != timing::kNoIndex && cut <= last) continue;
    TF_ASSIGN_OR_RETURN(const Reached want, RunTo(unbroken, cut));
    const uint64_t issue = model.times()[cut].issue;
    for (uint64_t warm = layer; warm < issue; warm += layer) {
      PlannedPart part;
      part.range = {FetchAligned(spec, list, IssuedBy(model, issue - warm)), cut, timing::kNoIndex};
      part.tokens = TokensBefore(list, part.range.first);
      if (part.range.first == 0) break;
      TF_ASSIGN_OR_RETURN(const bool found, FindStart(idle, list, arguments, want, part));
      if (!found) continue;
      parts.back().range.to = cut;
      parts.push_back(part);
      break;
    }
  }
  return parts;
}

}  // namespace ternfab::rtl
