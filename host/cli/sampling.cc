// SPDX-License-Identifier: Apache-2.0
#include "host/cli/sampling.h"

#include <random>

namespace ternfab::cli {

void SamplingFlags::AddTo(CLI::App& command) {
  command.add_option("--temperature", temperature,
                     "sample instead of taking the most likely token; 0 is greedy, 1 as trained");
  command.add_option("--top-k", top_k, "sample among the K most likely tokens");
  command.add_option("--top-p", top_p,
                     "sample among the most likely tokens that hold this probability together");
  command.add_option("--seed", seed, "seed of the random numbers: the same seed, the same text");
}

Expected<SamplingOptions> SamplingFlags::Resolve() const {
  SamplingOptions options;
  const bool any = temperature || top_k || top_p || seed;
  options.temperature = temperature.value_or(any ? 1 : 0);
  options.top_k = top_k.value_or(0);
  options.top_p = top_p.value_or(1);
  TF_RETURN_IF_ERROR(options.Validate());
  if (seed && *seed < 0) return Fail("--seed {}: must be at least 0", *seed);
  options.seed = seed ? uint64_t(*seed) : std::random_device()() >> 1;
  return options;
}

Json SamplingJson(const SamplingOptions& o) {
  if (o.temperature == 0) return nullptr;
  return {{"temperature", Figure(o.temperature, "1", kGiven)},
          {"top_k",
           o.top_k > 0 ? Figure(int64_t(o.top_k), "tokens", kGiven) : NoFigure("tokens", kGiven)},
          {"top_p", Figure(o.top_p, "1", kGiven)},
          {"seed", Figure(int64_t(o.seed), "1", kGiven)}};
}

std::string SamplingText(const SamplingOptions& o) {
  if (o.temperature == 0) return "greedy";
  std::string text = fmt::format("temperature {}", o.temperature);
  if (o.top_k > 0) text += fmt::format(", top-k {}", o.top_k);
  if (o.top_p < 1) text += fmt::format(", top-p {}", o.top_p);
  return text + fmt::format(", seed {}", o.seed);
}

}  // namespace ternfab::cli
