// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "codegen/plan/isa.h"

namespace ternfab {

/// Arguments of one start of a design.
struct RunArguments {
  uint32_t position = 0;  ///< of slot 0
  uint32_t count = 1;     ///< active slots
  std::array<uint32_t, isa::kMaxBatch> tokens{};
};

/// Splits `tokens`, the first at `position`, into starts of at most `batch` tokens. A start of one
/// token uses the decode program, a longer one the prefill program.
inline std::vector<RunArguments> ScheduleRuns(std::span<const int> tokens, int position,
                                              int batch) {
  std::vector<RunArguments> runs;
  for (size_t first = 0; first < tokens.size(); first += batch) {
    RunArguments run;
    run.position = uint32_t(position + first);
    run.count = uint32_t(std::min(tokens.size() - first, size_t(batch)));
    for (uint32_t i = 0; i < run.count; ++i) run.tokens[i] = uint32_t(tokens[first + i]);
    runs.push_back(run);
  }
  return runs;
}

}  // namespace ternfab
