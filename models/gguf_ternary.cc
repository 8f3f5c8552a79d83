// SPDX-License-Identifier: Apache-2.0
#include "models/gguf_ternary.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>

#include "common/check.h"
#include "models/half.h"
#include "models/trit_codes.h"

namespace ternfab {
namespace {

static_assert(std::endian::native == std::endian::little);

/// Two 32-byte groups, field l of group h holding elements 128 h + 32 l onwards, to 64 bytes of
/// TernaryMatrix. False when a code is 3.
bool SplitTq2(const uint8_t* fields, uint8_t* to) {
  return SplitCodes(fields, 2, {to, to + 8, to + 16, to + 24}, 32);
}

/// The codes of TQ1_0 in the fields of TQ2_0. Digit j of a byte is (q * 3) >> 8 of q = the byte
/// times 3^j mod 256: 1 from 86 and 2 from 171 on.
void DecodeTq1Block(const uint8_t* block, uint8_t* to) {
  constexpr int kQs = 48, kQh = 4;
  uint8_t digits[5][kQs + kQh];
  uint8_t q[kQs + kQh];
  std::memcpy(q, block, sizeof(q));
  for (auto& digit : digits) {
    for (int m = 0; m < kQs + kQh; ++m) {
      digit[m] = uint8_t((q[m] >= 86) + (q[m] >= 171));
      q[m] = uint8_t(q[m] * 3);
    }
  }
  uint8_t fields[2 * kCodeBlock];
  for (int m = 0; m < 32; ++m) {
    fields[m] = uint8_t(digits[0][m] | digits[1][m] << 2 | digits[2][m] << 4 | digits[3][m] << 6);
    fields[32 + m] = digits[4][m];
  }
  // Elements 160 on are 5 x 16 digits of bytes 32..47 and 4 x 4 of the last four bytes.
  uint8_t rest[96];
  for (int j = 0; j < 5; ++j) std::memcpy(rest + 16 * j, digits[j] + 32, 16);
  for (int j = 0; j < 4; ++j) std::memcpy(rest + 80 + 4 * j, digits[j] + kQs, kQh);
  for (int m = 0; m < 32; ++m) {
    fields[32 + m] |= uint8_t(rest[m] << 2 | rest[32 + m] << 4 | rest[64 + m] << 6);
  }
  SplitTq2(fields, to);
}

/// The one scale of a tensor made of blocks that carry a scale each.
class CommonScale {
 public:
  /// Next block's scale; `zeros`: all its trits are zero. Error: not finite, or unlike the others.
  Expected<void> Add(uint16_t half, bool zeros, std::string_view where) {
    const float scale = HalfToFloat(half);
    if (!std::isfinite(scale)) {
      return Fail("{}: scale {} of block {}: must be finite", where, scale, blocks_);
    }
    if (!zeros && scale_ && *scale_ != scale) {
      return Fail("{}: scale {} of block {}: must be {} as in the blocks before", where, scale,
                  blocks_, *scale_);
    }
    if (!zeros && !scale_) scale_ = scale;
    if (blocks_++ == 0) first_ = scale;
    return {};
  }

  float value() const { return scale_.value_or(first_); }

 private:
  int64_t blocks_ = 0;
  float first_ = 0;
  std::optional<float> scale_;
};

Expected<TernaryMatrix> DecodeTq(GgufTensorType type, int rows, int cols,
                                 std::span<const uint8_t> bytes, std::string_view where) {
  const bool tq1 = type == GgufTensorType::kTQ1_0;
  const int block_bytes = tq1 ? kTq1BlockBytes : kTq2BlockBytes;
  TernaryMatrix matrix = TernaryMatrix::Unwritten(rows, cols, 1);
  uint8_t* to = matrix.packed().data();
  CommonScale scale;
  for (size_t at = 0; at < bytes.size(); at += block_bytes, to += kTernaryBlock / 4) {
    const uint8_t* block = bytes.data() + at;
    if (tq1) {
      DecodeTq1Block(block, to);
    } else if (!SplitTq2(block, to)) {
      return Fail("{}: byte {}: code 3: must be 0, 1 or 2", where,
                  int64_t(at) + FindCode3({block, size_t(kTernaryBlock / 4)}));
    }
    const bool zeros = std::all_of(to, to + kTernaryBlock / 4, [](int b) { return b == 0x55; });
    const uint16_t half = uint16_t(block[block_bytes - 2] | block[block_bytes - 1] << 8);
    TF_RETURN_IF_ERROR(scale.Add(half, zeros, where));
  }
  matrix.set_scale(scale.value());
  return matrix;
}

int I2sCode(std::span<const uint8_t> bytes, int64_t element) {
  const int64_t j = element % kI2sBlock;
  return bytes[element / kI2sBlock * 32 + j % 32] >> (6 - 2 * (j / 32)) & 3;
}

Expected<TernaryMatrix> DecodeI2s(int rows, int cols, std::span<const uint8_t> bytes,
                                  std::string_view where) {
  const int64_t elements = int64_t(rows) * cols;
  if (elements % kI2sBlock != 0) {
    return Fail("{}: {} x {} elements: must be a multiple of {} (I2_S)", where, rows, cols,
                kI2sBlock);
  }
  float scale;
  std::memcpy(&scale, bytes.data() + elements / 4, sizeof(scale));
  if (!std::isfinite(scale)) return Fail("{}: scale {}: must be finite", where, scale);
  const auto codes = bytes.first(elements / 4);
  const auto code3 = [&] {
    return Fail("{}: byte {}: code 3: must be 0, 1 or 2", where, FindCode3(codes));
  };
  if (cols % 4 == 0) {  // rows have no pads: the elements are one stream
    TernaryMatrix matrix = TernaryMatrix::Unwritten(rows, cols, scale);
    uint8_t* to = matrix.packed().data();
    const int64_t blocks = elements / kI2sBlock;
    if (!SplitCodes(codes.data(), blocks, {to + 24, to + 16, to + 8, to}, 32)) return code3();
    return matrix;
  }
  if (FindCode3(codes) >= 0) return code3();
  TernaryMatrix matrix(rows, cols, scale);
  for (int64_t e = 0; e < elements; ++e) {
    matrix.set_trit(int(e / cols), int(e % cols), I2sCode(codes, e) - 1);
  }
  return matrix;
}

void EncodeTq2Block(const int8_t* trits, uint8_t* block) {
  for (int e = 0; e < kTernaryBlock; ++e) {
    block[e / 128 * 32 + e % 32] |= uint8_t((trits[e] + 1) << (e % 128 / 32 * 2));
  }
}

void EncodeTq1Block(const int8_t* trits, uint8_t* block) {
  // `count` digits, the first most significant, at distance `stride`; missing ones are 0.
  const auto byte = [trits](int first, int stride, int count) {
    int n = 0;
    for (int j = 0; j < 5; ++j) n = 3 * n + (j < count ? trits[first + j * stride] + 1 : 0);
    return uint8_t((n * 256 + 242) / 243);
  };
  for (int m = 0; m < 32; ++m) block[m] = byte(m, 32, 5);
  for (int m = 0; m < 16; ++m) block[32 + m] = byte(160 + m, 16, 5);
  for (int m = 0; m < 4; ++m) block[48 + m] = byte(240 + m, 4, 4);
}

std::vector<uint8_t> EncodeTq(bool tq1, std::span<const int8_t> trits, float scale) {
  const int block_bytes = tq1 ? kTq1BlockBytes : kTq2BlockBytes;
  const uint16_t half = FloatToHalf(scale);
  std::vector<uint8_t> bytes(trits.size() / kTernaryBlock * block_bytes);
  uint8_t* block = bytes.data();
  for (size_t e = 0; e < trits.size(); e += kTernaryBlock, block += block_bytes) {
    tq1 ? EncodeTq1Block(&trits[e], block) : EncodeTq2Block(&trits[e], block);
    block[block_bytes - 2] = uint8_t(half);
    block[block_bytes - 1] = uint8_t(half >> 8);
  }
  return bytes;
}

std::vector<uint8_t> EncodeI2s(std::span<const int8_t> trits, float scale) {
  std::vector<uint8_t> bytes(trits.size() / 4 + kI2sTailBytes);
  for (size_t e = 0; e < trits.size(); ++e) {
    const size_t j = e % kI2sBlock;
    bytes[e / kI2sBlock * 32 + j % 32] |= uint8_t((trits[e] + 1) << (6 - 2 * (j / 32)));
  }
  std::memcpy(bytes.data() + trits.size() / 4, &scale, sizeof(scale));
  return bytes;
}

}  // namespace

Expected<TernaryMatrix> DecodeTernary(GgufTensorType type, int rows, int cols,
                                      std::span<const uint8_t> bytes, std::string_view where) {
  TF_CHECK(IsTernaryType(type), "{}", GgufTensorTypeName(type));
  TF_CHECK(int64_t(bytes.size()) == GgufTensorBytes(type, int64_t(rows) * cols), "{} bytes",
           bytes.size());
  if (type == GgufTensorType::kI2_S) return DecodeI2s(rows, cols, bytes, where);
  return DecodeTq(type, rows, cols, bytes, where);
}

float TernaryFactor(GgufTensorType type, float scale) {
  const bool exact = HalfToFloat(FloatToHalf(scale)) == scale;
  return type == GgufTensorType::kI2_S || exact ? 1.0f : scale;
}

Expected<std::vector<uint8_t>> EncodeTernary(GgufTensorType type, const TernaryMatrix& matrix,
                                             std::string_view where) {
  TF_CHECK(IsTernaryType(type), "{}", GgufTensorTypeName(type));
  const int64_t elements = int64_t(matrix.rows()) * matrix.cols();
  const bool i2s = type == GgufTensorType::kI2_S;
  if (i2s ? elements % kI2sBlock != 0 : matrix.cols() % kTernaryBlock != 0) {
    return Fail("{}: {} x {}: {} must be a multiple of {}, which {} requires", where, matrix.rows(),
                matrix.cols(), i2s ? "their product" : "columns", i2s ? kI2sBlock : kTernaryBlock,
                GgufTensorTypeName(type));
  }
  std::vector<int8_t> trits(elements);
  for (int r = 0; r < matrix.rows(); ++r) {
    matrix.UnpackRow(r, std::span(trits).subspan(int64_t(r) * matrix.cols(), matrix.cols()));
  }
  if (i2s) return EncodeI2s(trits, matrix.scale());
  const float scale = TernaryFactor(type, matrix.scale()) == 1 ? matrix.scale() : 1.0f;
  return EncodeTq(type == GgufTensorType::kTQ1_0, trits, scale);
}

}  // namespace ternfab
