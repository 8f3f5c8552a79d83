// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>

// Vectors of 64 bytes that every target can compile; smaller machines take them in pieces. They are
// passed by reference: by value their registers would be part of the ABI.

#define TF_INLINE __attribute__((always_inline)) inline

namespace ternfab::fast {

typedef double Doubles __attribute__((vector_size(64)));
typedef float Floats __attribute__((vector_size(64)));
typedef float HalfFloats __attribute__((vector_size(32)));
typedef uint32_t Words __attribute__((vector_size(64)));
typedef uint16_t HalfWords __attribute__((vector_size(32)));

/// Eight floats, widened.
TF_INLINE void LoadDoubles(const float* p, Doubles& out) {
  HalfFloats v;
  std::memcpy(&v, p, sizeof(v));
  out = __builtin_convertvector(v, Doubles);
}

/// Sixteen bfloat16, widened.
TF_INLINE void LoadBf16(const uint16_t* p, Floats& out) {
  HalfWords v;
  std::memcpy(&v, p, sizeof(v));
  const Words bits = __builtin_convertvector(v, Words) << 16;
  std::memcpy(&out, &bits, sizeof(out));
}

}  // namespace ternfab::fast
