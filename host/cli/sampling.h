// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <optional>

#include "host/cli/output.h"
#include "host/cpu/sampler.h"

namespace ternfab::cli {

/// `--temperature`, `--top-k`, `--top-p`, `--seed`. Without any of them decoding is greedy; with
/// one, the temperature is 1 unless given.
struct SamplingFlags {
  std::optional<double> temperature;
  std::optional<int> top_k;
  std::optional<double> top_p;
  std::optional<int64_t> seed;

  void AddTo(CLI::App& command);
  /// Without --seed a seed of the operating system, below 2^31: it is reported, so that a run can
  /// be repeated. Errors name the flag and the rule.
  Expected<SamplingOptions> Resolve() const;
};

/// Null when greedy.
Json SamplingJson(const SamplingOptions& options);

/// "temperature 0.8, top-k 40, top-p 0.95, seed 7"; "greedy".
std::string SamplingText(const SamplingOptions& options);

}  // namespace ternfab::cli
