// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "codegen/spec.h"
#include "models/config.h"

namespace ternfab {

/// Runs RandomModel(config, seed) on the RTL of `spec`, every instruction compared with the
/// emulator, under memory back-pressure drawn from the seed: a prompt in batches, greedy decoding,
/// then the whole sequence again token by token. EXPECTs logits equal to the emulator's, to those
/// of another design's Program, and of both ways to each other, bit for bit.
void ExpectAgreement(const HardwareSpec& spec, const ModelConfig& config, uint64_t seed);

}  // namespace ternfab
