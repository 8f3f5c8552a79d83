// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "common/error.h"
#include "models/model.h"

namespace ternfab {

/// How the reference stores the LM head. Every row is scored in each.
enum class HeadKind {
  kModel,  ///< as the model's file has it; fp32 products
  kBf16,   ///< rounded to bfloat16; fp32 products
  kInt8    ///< row scale absmax/127, multiplied with the int8 of the final norm's output
};

/// "model", "bf16", "int8"; an error names the choices.
Expected<HeadKind> ParseHead(std::string_view name);
std::string_view HeadName(HeadKind kind);

/// bfloat16 bits of a finite number, rounded half to even.
uint16_t ToBf16(float value);
/// The number that they are.
float RoundToBf16(float value);

/// Bytes of the head that a token reads.
int64_t HeadBytes(const Model& model, HeadKind kind);

}  // namespace ternfab
