// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/tensor.h"

namespace ternfab {

// GGUF version 3, little-endian: "GGUF", u32 version, u64 tensor count, u64 key count; keys (string
// name, u32 type, value); tensor infos (string name, u32 dimensions, u64 each with the fastest
// first, u32 type, u64 offset); then, aligned, the data the offsets count from.
inline constexpr std::string_view kGgufMagic = "GGUF";
inline constexpr uint32_t kGgufVersion = 3;
inline constexpr uint32_t kGgufDefaultAlignment = 32;
inline constexpr uint32_t kGgufMaxDims = 4;

enum class GgufValueType : uint32_t {
  kU8 = 0,
  kI8 = 1,
  kU16 = 2,
  kI16 = 3,
  kU32 = 4,
  kI32 = 5,
  kF32 = 6,
  kBool = 7,
  kString = 8,
  kArray = 9,
  kU64 = 10,
  kI64 = 11,
  kF64 = 12,
};

/// Bytes of a value of fixed size; 0 for strings, arrays and unknown types.
inline int GgufValueBytes(GgufValueType type) {
  constexpr int kBytes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
  return uint32_t(type) <= 12 ? kBytes[uint32_t(type)] : 0;
}

/// Tensor types of BitNet files. I2_S is the id of bitnet.cpp.
enum class GgufTensorType : uint32_t {
  kF32 = 0,
  kF16 = 1,
  kQ8_0 = 8,
  kQ6_K = 14,
  kBF16 = 30,
  kTQ1_0 = 34,
  kTQ2_0 = 35,
  kI2_S = 36,
};

inline constexpr int kTernaryBlock = 256;  // elements of a TQ1_0 or TQ2_0 block
inline constexpr int kTq1BlockBytes = 54;
inline constexpr int kTq2BlockBytes = 66;
inline constexpr int kI2sBlock = 128;     // elements of 32 bytes
inline constexpr int kI2sTailBytes = 32;  // f32 scale, then padding

inline std::string GgufTensorTypeName(GgufTensorType type) {
  switch (type) {
    case GgufTensorType::kF32:
      return "F32";
    case GgufTensorType::kF16:
      return "F16";
    case GgufTensorType::kQ8_0:
      return "Q8_0";
    case GgufTensorType::kQ6_K:
      return "Q6_K";
    case GgufTensorType::kBF16:
      return "BF16";
    case GgufTensorType::kTQ1_0:
      return "TQ1_0";
    case GgufTensorType::kTQ2_0:
      return "TQ2_0";
    case GgufTensorType::kI2_S:
      return "I2_S";
  }
  return "type " + std::to_string(uint32_t(type));
}

inline bool IsTernaryType(GgufTensorType type) {
  return type == GgufTensorType::kTQ1_0 || type == GgufTensorType::kTQ2_0 ||
         type == GgufTensorType::kI2_S;
}

/// The table encoding of a tensor type; nullopt for ternary and unknown types.
inline std::optional<TableType> ToTableType(GgufTensorType type) {
  switch (type) {
    case GgufTensorType::kF32:
      return TableType::kF32;
    case GgufTensorType::kF16:
      return TableType::kF16;
    case GgufTensorType::kQ8_0:
      return TableType::kQ8_0;
    case GgufTensorType::kQ6_K:
      return TableType::kQ6_K;
    case GgufTensorType::kBF16:
      return TableType::kBF16;
    default:
      return std::nullopt;
  }
}

inline GgufTensorType ToGgufType(TableType type) {
  constexpr GgufTensorType kTypes[] = {GgufTensorType::kF32, GgufTensorType::kF16,
                                       GgufTensorType::kBF16, GgufTensorType::kQ8_0,
                                       GgufTensorType::kQ6_K};
  return kTypes[int(type)];
}

/// Elements per block along the fastest dimension; 0 for an unknown type.
inline int GgufBlock(GgufTensorType type) {
  if (const auto table = ToTableType(type)) return TableBlock(*table);
  if (type == GgufTensorType::kI2_S) return 1;
  return IsTernaryType(type) ? kTernaryBlock : 0;
}

/// Bytes of a tensor of `elements`, whose fastest dimension is a multiple of GgufBlock(type).
inline int64_t GgufTensorBytes(GgufTensorType type, int64_t elements) {
  if (const auto table = ToTableType(type)) return TableRowBytes(*table, elements);
  if (type == GgufTensorType::kI2_S) return (elements + 3) / 4 + kI2sTailBytes;
  const int block_bytes = type == GgufTensorType::kTQ1_0 ? kTq1BlockBytes : kTq2BlockBytes;
  return elements / kTernaryBlock * block_bytes;
}

}  // namespace ternfab
