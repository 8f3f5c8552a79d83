// SPDX-License-Identifier: Apache-2.0
#include "sim/timing/run_cycles.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/memory/memory_config.h"
#include "sim/timing/design_model.h"

namespace ternfab::timing {
namespace {

/// Rows for the shortlist to have picked.
std::vector<uint32_t> SpreadTags(const InstructionList& list) {
  constexpr uint64_t kStep = 7919;  // a prime: neighbours lie far apart
  std::vector<uint32_t> tags;
  for (const isa::Instruction& in : list.instructions) {
    if (in.GetAs<isa::Index>(isa::kStreamIndex) != isa::Index::kTag) continue;
    tags.push_back(uint32_t(tags.size() * kStep % (uint64_t(in.Get(isa::kTagLimit)) + 1)));
  }
  return tags;
}

}  // namespace

Expected<uint64_t> RunCycles(const HardwareSpec& spec, const Program& program, int context,
                             int tokens) {
  TF_ASSIGN_OR_RETURN(const MemoryConfig memory, MakeMemoryConfig(spec));
  const InstructionList& list = tokens == 1 ? program.decode : program.prefill;
  DesignModel model(spec, memory, PortBases(program, 0), {});
  model.Start(list, {uint32_t(context), uint32_t(tokens), {}}, {}, SpreadTags(list));
  TF_RETURN_IF_ERROR(model.Run());
  return model.cycles();
}

HardwareSpec AtClock(const HardwareSpec& spec, double mhz) {
  HardwareSpec other = spec;
  other.clock_mhz = mhz;
  const double cycles = std::ceil(spec.memory.latency * mhz / spec.clock_mhz);
  other.memory.latency = std::max(1, int(cycles));
  return other;
}

}  // namespace ternfab::timing
