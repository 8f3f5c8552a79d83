// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/config.h"

namespace ternfab::compare {

/// Bytes of a model's parts when its ternary weights are stored at a number of bits.
struct ModelMemory {
  double weights = 0;  ///< ternary weights of the linear layers
  double tables = 0;   ///< embedding, and head where it is a table of its own
};
/// `weight_bits` of each ternary weight, `table_bits` of each entry of the tables.
ModelMemory MemoryOf(const ModelConfig& model, double weight_bits, double table_bits);

/// A model on the design that the tables are made for.
struct PaperRun {
  ModelConfig model;
  double latency_seconds = 0;  ///< of a decode step at kPaperContext, simulated
  double memory_bytes = 0;     ///< of the design's main memory in use
};
inline constexpr int kPaperContext = 128;

/// docs/paper_tables.md: published tables of BitNet b1.58 and BitNet b1.58 2B4T beside ours, as
/// Markdown. `runs`: bitnet-0.7b, -1.3b, -3b and -2b4t on the design `hw`; `presets`: every shape.
std::string PaperTables(const std::vector<PaperRun>& runs, const std::string& hw,
                        const std::vector<ModelConfig>& presets);

}  // namespace ternfab::compare
