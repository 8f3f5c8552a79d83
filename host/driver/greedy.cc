// SPDX-License-Identifier: Apache-2.0
#include "host/driver/greedy.h"

#include <algorithm>

namespace ternfab::driver {
namespace {

Expected<void> CheckPrompt(const ProgramView& program, std::span<const uint32_t> prompt) {
  if (!program.has_head) return Fail("program: has no head: must have one to decode");
  if (prompt.empty() || prompt.size() > program.context) {
    return Fail("prompt: {} ids: must be 1..{} (context of the program)", prompt.size(),
                program.context);
  }
  for (const uint32_t id : prompt) {
    if (id >= program.vocab) return Fail("prompt: id {}: must be below {}", id, program.vocab);
  }
  return {};
}

Expected<uint32_t> ReadBest(Driver& driver, const ProgramView& program) {
  std::vector<uint8_t> bytes(program.result.bytes());
  TF_RETURN_IF_ERROR(driver.Read(program.logits_beat, bytes));
  const std::vector<float> logits = program.result.Logits(bytes);
  return uint32_t(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

}  // namespace

Expected<std::vector<uint32_t>> DecodeGreedy(Driver& driver, const ProgramView& program,
                                             std::span<const uint32_t> prompt, uint32_t count,
                                             std::chrono::milliseconds timeout,
                                             const std::function<void(uint32_t)>& on_id) {
  TF_RETURN_IF_ERROR(CheckPrompt(program, prompt));
  const uint32_t batch = driver.info().batch;
  StartArguments run{.position = 0, .count = 0, .tokens = {}};
  for (size_t first = 0; first < prompt.size(); first += run.count) {
    run.position = uint32_t(first);
    run.count = uint32_t(std::min<size_t>(batch, prompt.size() - first));
    std::copy_n(prompt.begin() + long(first), run.count, run.tokens.begin());
    TF_RETURN_IF_ERROR(driver.Run(run, timeout));
  }
  std::vector<uint32_t> ids;
  run.position = uint32_t(prompt.size());
  run.count = 1;
  while (ids.size() < count) {
    TF_ASSIGN_OR_RETURN(const uint32_t id, ReadBest(driver, program));
    ids.push_back(id);
    on_id(id);
    if (ids.size() == count || run.position == program.context) break;
    run.tokens[0] = id;
    TF_RETURN_IF_ERROR(driver.Run(run, timeout));
    ++run.position;
  }
  return ids;
}

}  // namespace ternfab::driver
