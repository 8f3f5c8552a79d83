// SPDX-License-Identifier: Apache-2.0
#include "sim/run_summary.h"

namespace ternfab {
namespace {

/// Wide beats of the LM head that one decode step streams: rows that depend on nothing.
uint64_t HeadBeats(const Program& program) {
  uint64_t beats = 0;
  for (const isa::Instruction& in : program.decode.instructions) {
    const bool dot = in.GetAs<isa::Opcode>(isa::kOpcode) == isa::Opcode::kDot;
    if (dot && !in.Get(isa::kDependent)) beats += in.Get(isa::kStreamBeats);
  }
  return beats;
}

}  // namespace

RunSummary Summarise(const HardwareSpec& spec, const Program& program,
                     const std::vector<rtl::RunRecord>& runs, int prompt_tokens) {
  RunSummary s;
  const double clock_hz = spec.clock_mhz * 1e6;
  uint64_t prefill_cycles = 0, decode_cycles = 0, decode_steps = 0;
  uint64_t beats = 0, ternary_beats = 0, ternary_cycles = 0;
  int prompt_left = prompt_tokens;
  for (const rtl::RunRecord& run : runs) {
    s.total_cycles += run.cycles;
    s.stalls["weight stream empty"] += run.Counter("WStarved");
    s.stalls["ternary unit idle"] += run.cycles - run.Counter("TernaryBusy");
    if (prompt_left > 0) {
      prompt_left -= int(run.arguments.count);
      prefill_cycles += run.cycles;
      if (prompt_left <= 0) s.cycles_per_token.push_back(prefill_cycles);
      continue;
    }
    s.cycles_per_token.push_back(run.cycles);
    ++decode_steps;
    decode_cycles += run.cycles;
    beats += run.Counter("ReadBeats") + run.Counter("WriteBeats");
    ternary_beats += run.Counter("WBeats");
    ternary_cycles += run.ternary_cycles;
  }
  if (prompt_tokens > 0) s.prefill_rate = prompt_tokens * clock_hz / double(prefill_cycles);
  if (decode_steps == 0) return s;
  s.decode_rate = double(decode_steps) * clock_hz / double(decode_cycles);
  s.bytes_per_token = double(beats * uint64_t(program.design.wide_bytes())) / double(decode_steps);
  s.utilisation = double(ternary_beats + decode_steps * HeadBeats(program)) / double(decode_cycles);
  s.weight_utilisation = double(ternary_beats) / double(ternary_cycles);
  return s;
}

}  // namespace ternfab
