// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "common/error.h"
#include "common/head_result.h"

namespace ternfab::driver {

/// The parts of a Program that the driver needs.
struct ProgramView {
  uint64_t design_hash = 0;
  uint64_t total_beats = 0;        ///< wide beats of main memory in use
  std::span<const uint8_t> image;  ///< wide beats 0 ..; the rest is zero
  uint32_t decode_beat = 0;        ///< header of the program for count = 1
  uint32_t prefill_beat = 0;       ///< header of the program for count > 1; unused at batch 1
  uint64_t logits_beat = 0;        ///< `result` of the last slot after a run
  bool has_head = false;           ///< whether there are logits
  uint32_t vocab = 0;
  HeadResult result;     ///< what lies at logits_beat
  uint32_t context = 0;  ///< positions that the KV cache holds
};

/// Reads a Program file (docs/isa.md, section "Program file") in place: the image stays in `bytes`,
/// which may be hostile. Errors: another magic or version, a length beyond the end, a header, image
/// or logits outside main memory. Instructions and weights are not looked at.
Expected<ProgramView> ParseProgramView(std::span<const uint8_t> bytes);

}  // namespace ternfab::driver
