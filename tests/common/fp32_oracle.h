// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// Soft float that states the device's rules with exact integers only: no host float, no code of
/// common/fp32.h. Slow; for tests.
namespace ternfab::fp32_oracle {

uint32_t Add(uint32_t a, uint32_t b);
uint32_t Mul(uint32_t a, uint32_t b);
uint32_t Max(uint32_t a, uint32_t b);
uint32_t Min(uint32_t a, uint32_t b);
uint32_t Neg(uint32_t x);
uint32_t Abs(uint32_t x);
uint32_t FromInt32(int32_t x);
int8_t ToInt8(uint32_t x);

}  // namespace ternfab::fp32_oracle
