// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/context_sweep.h"

#include "sim/memory/memory_config.h"
#include "sim/timing/design_model.h"

namespace ternfab::compare {
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

std::vector<int> SweepContexts(const Program& program) {
  constexpr int kFirst = 16, kFactor = 4;
  std::vector<int> contexts;
  for (int context = kFirst; context < program.context; context *= kFactor) {
    contexts.push_back(context);
  }
  contexts.push_back(program.context - 1);  // the step's own token is one more
  return contexts;
}

Expected<ContextSweep> SweepContext(const HardwareSpec& spec, const Program& program,
                                    const std::vector<int>& contexts,
                                    const std::function<void(int64_t, int64_t)>& on_progress) {
  TF_ASSIGN_OR_RETURN(const MemoryConfig memory, MakeMemoryConfig(spec));
  const std::vector<uint32_t> tags = SpreadTags(program.decode);
  const std::string source = "cycle model: one decode step after so many tokens";
  ContextSweep sweep{{{}, "tokens", Evidence::kGiven, "tokens in the KV cache before the step"},
                     {{}, "cycles", Evidence::kSimulated, source},
                     {{}, "s", Evidence::kSimulated, source + ", at the given clock"}};
  for (const int context : contexts) {
    on_progress(int64_t(sweep.context.values.size()), int64_t(contexts.size()));
    timing::DesignModel model(spec, memory, timing::PortBases(program, 0), {});
    model.Start(program.decode, {uint32_t(context), 1, {}}, {}, tags);
    TF_ASSIGN_OR_RETURN(const bool ended, model.Run());
    (void)ended;
    sweep.context.values.push_back(context);
    sweep.cycles.values.push_back(double(model.cycles()));
    sweep.latency.values.push_back(double(model.cycles()) / (spec.clock_mhz * 1e6));
  }
  on_progress(int64_t(contexts.size()), int64_t(contexts.size()));
  return sweep;
}

}  // namespace ternfab::compare
