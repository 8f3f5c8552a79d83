// SPDX-License-Identifier: Apache-2.0
#include "sim/run_summary.h"

namespace ternfab {

double RunSummary::BytesPerToken(TrafficClass c) const {
  return double(traffic.read[size_t(c)] + traffic.written[size_t(c)]) / double(decode_steps);
}

double RunSummary::bytes_per_token() const {
  return double(traffic.total_read() + traffic.total_written()) / double(decode_steps);
}

RunSummary Summarise(const HardwareSpec& spec, const Program& program,
                     const std::vector<RunRecord>& runs, int prompt_tokens) {
  RunSummary s;
  const double clock_hz = spec.clock_mhz * 1e6;
  uint64_t prefill_cycles = 0, decode_cycles = 0, decode_steps = 0;
  uint64_t first_beats = 0, weight_beats = 0, weight_cycles = 0;
  int prompt_left = prompt_tokens;
  for (const RunRecord& run : runs) {
    s.total_cycles += run.cycles;
    s.limits.Add(run.limits);
    if (prompt_left > 0) {
      prompt_left -= int(run.arguments.count);
      prefill_cycles += run.cycles;
      if (prompt_left <= 0) s.cycles_per_token.push_back(prefill_cycles);
      continue;
    }
    s.cycles_per_token.push_back(run.cycles);
    ++decode_steps;
    decode_cycles += run.cycles;
    s.decode_limits.Add(run.limits);
    s.traffic.Add(TrafficOf(run.arguments.count == 1 ? program.decode : program.prefill,
                            program.design, run.arguments));
    first_beats += run.first_beats;
    weight_beats += run.weight_beats;
    weight_cycles += run.weight_cycles;
  }
  if (prompt_tokens > 0) s.prefill_rate = prompt_tokens * clock_hz / double(prefill_cycles);
  if (decode_steps == 0) return s;
  s.decode_rate = double(decode_steps) * clock_hz / double(decode_cycles);
  s.decode_steps = decode_steps;
  s.utilisation = double(first_beats) / double(decode_cycles);
  s.weight_utilisation = double(weight_beats) / double(weight_cycles);
  return s;
}

}  // namespace ternfab
