// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "codegen/plan/program.h"
#include "codegen/plan/schedule.h"

namespace ternfab {

/// What the bytes between a design and its memory are.
enum class TrafficClass : uint8_t {
  kWeights,    ///< of MATVEC
  kHead,       ///< output norm, LM head and its scales, logits
  kKv,         ///< rows and scales of the KV cache, read and written
  kEmbedding,  ///< row, scale and RoPE row of a token
  kNorms,      ///< weights of norms
  kProgram,    ///< header and instructions
  kOther,      ///< streams and results of instructions without a place
};
inline constexpr int kTrafficClasses = 7;

/// "weights", "head", "kv", ...
std::string_view TrafficName(TrafficClass traffic);

/// Bytes that a run reads and writes; of a write those that its strobes enable.
struct Traffic {
  std::array<uint64_t, kTrafficClasses> read{};  ///< by TrafficClass
  std::array<uint64_t, kTrafficClasses> written{};

  uint64_t total_read() const;
  uint64_t total_written() const;
  void Add(const Traffic& other);
};

/// The traffic of a run, from its instructions: all of it is decided before the run.
Traffic TrafficOf(const InstructionList& list, const DesignParams& design,
                  const RunArguments& arguments);

}  // namespace ternfab
