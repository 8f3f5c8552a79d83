// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/cli/interactive.h"
#include "host/cli/output.h"
#include "host/cpu/sampler.h"
#include "models/model.h"

namespace ternfab::cli {

/// What a decode step of the fast reference reads, from the shapes, and how fast memory is.
struct Traffic {
  int64_t fixed_bytes = 0;                      ///< weights and head
  int64_t position_bytes = 0;                   ///< keys and values of one position
  std::optional<double> read_bytes_per_second;  ///< measured; none where caches hold the weights
};

/// Weights that no cache holds: below, a share of the memory's bandwidth means nothing.
inline constexpr int64_t kBeyondCaches = int64_t{256} << 20;

/// The figures of a generation, for a command's JSON: rates, time to first token, how it ended.
void AddGeneration(Json& json, const Generated& generated, const SamplingOptions& sampling,
                   const std::optional<Traffic>& traffic);

/// The same on standard error, after `arithmetic`.
void PrintGeneration(const std::string& arithmetic, const Generated& generated,
                     const SamplingOptions& sampling, const std::optional<Traffic>& traffic);

/// A chat's `turns`, each with prompt, ids, text and figures, and the rates over all of them.
void AddExchanges(Json& json, const std::vector<Exchange>& exchanges, const Model& model,
                  const SamplingOptions& sampling, const std::optional<Traffic>& traffic);

/// The rates over all turns on standard error; nothing without a turn.
void PrintExchanges(const std::string& arithmetic, const std::vector<Exchange>& exchanges,
                    const SamplingOptions& sampling, const std::optional<Traffic>& traffic);

}  // namespace ternfab::cli
