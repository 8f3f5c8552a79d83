// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <atomic>
#include <cmath>
#include <cstring>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "models/gguf_names.h"
#include "models/half.h"
#include "models/model.h"
#include "models/random.h"

namespace ternfab {
namespace {

constexpr int kThreads = 2;
constexpr int kQ6kBlock = 256;
constexpr int kQ6kBytes = 210;
// The sum of four uniform 4-bit numbers: 0 to 60, about normal.
constexpr int kSumMean = 30;
constexpr float kSumDeviation = 9.22f;  // sqrt(4 * (16^2 - 1) / 12)
// Q6_K block scales are drawn from 8..23.
constexpr float kMeanBlockScale = 15.5f;
// With a final norm of 1, logits have this standard deviation.
constexpr float kLogitDeviation = 2.0f;

/// Packed bytes of the 81 combinations of four codes.
constexpr std::array<uint8_t, 81> kFourTrits = [] {
  std::array<uint8_t, 81> table{};
  for (int i = 0; i < 81; ++i) {
    table[i] = uint8_t(i % 3 | i / 3 % 3 << 2 | i / 9 % 3 << 4 | i / 27 << 6);
  }
  return table;
}();

/// Each trit -1, 0, +1 with probability 1/3 (up to 2^-16 of 81 per four).
void FillTrits(TernaryMatrix& matrix, Random random) {
  const auto bytes = matrix.packed();
  for (size_t i = 0; i < bytes.size(); i += 4) {
    uint64_t bits = random.Next();
    for (size_t j = i; j < i + 4 && j < bytes.size(); ++j, bits >>= 16) {
      bytes[j] = kFourTrits[(bits & 0xffff) * 81 >> 16];
    }
  }
  const int used = matrix.cols() % 4;
  if (used == 0) return;
  const int pad_mask = 0xff << (2 * used);
  for (size_t last = matrix.row_bytes() - 1; last < bytes.size(); last += matrix.row_bytes()) {
    bytes[last] = uint8_t((bytes[last] & ~pad_mask) | (0x55 & pad_mask));
  }
}

/// Four sums in 0..60, one a 16-bit field.
uint64_t FourSums(Random& random) {
  const uint64_t bits = random.Next();
  const uint64_t pairs = (bits & 0x0f0f0f0f0f0f0f0f) + (bits >> 4 & 0x0f0f0f0f0f0f0f0f);
  return (pairs & 0x00ff00ff00ff00ff) + (pairs >> 8 & 0x00ff00ff00ff00ff);
}

void FillQ6kBlock(uint8_t* block, uint16_t scale, Random& random) {
  for (int quad = 0; quad < kQ6kBlock / 4; ++quad) {
    uint64_t sums = FourSums(random);
    for (int e = 4 * quad; e < 4 * quad + 4; ++e, sums >>= 16) {
      const int q = int(sums & 0x3f) + 32 - kSumMean;
      const int n = e / 128, g = e % 128 / 32, l = e % 32;
      block[64 * n + 32 * (g % 2) + l] |= uint8_t((q & 15) << (4 * (g / 2)));
      block[128 + 32 * n + l] |= uint8_t((q >> 4) << (2 * g));
    }
  }
  uint64_t bits = random.Next();
  for (int i = 0; i < 16; ++i, bits >>= 4) block[192 + i] = uint8_t(8 + (bits & 15));
  block[208] = uint8_t(scale);
  block[209] = uint8_t(scale >> 8);
}

RowTable MakeTable(int rows, int cols, Random random) {
  const float deviation = kLogitDeviation / std::sqrt(float(cols));
  if (cols % kQ6kBlock == 0) {
    const uint16_t scale = FloatToHalf(deviation / (kSumDeviation * kMeanBlockScale));
    std::vector<uint8_t> bytes(TableRowBytes(TableType::kQ6_K, cols) * rows);
    for (size_t at = 0; at < bytes.size(); at += kQ6kBytes) {
      FillQ6kBlock(&bytes[at], scale, random);
    }
    return RowTable(TableType::kQ6_K, rows, cols, std::move(bytes));
  }
  const size_t count = size_t(rows) * cols;
  std::vector<uint8_t> bytes(count * sizeof(float));
  uint64_t sums = 0;
  for (size_t i = 0; i < count; ++i, sums >>= 16) {
    if (i % 4 == 0) sums = FourSums(random);
    const float value = float(int(sums & 0x3f) - kSumMean) * (deviation / kSumDeviation);
    std::memcpy(&bytes[i * sizeof(float)], &value, sizeof(float));
  }
  return RowTable(TableType::kF32, rows, cols, std::move(bytes));
}

/// Runs independent tasks on a few threads.
void RunAll(const std::vector<std::function<void()>>& tasks) {
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < tasks.size(); i = next++) tasks[i]();
  };
  std::vector<std::jthread> threads;
  for (int i = 1; i < kThreads; ++i) threads.emplace_back(work);
  work();
}

}  // namespace

Expected<Model> SynthesizeModel(const ModelConfig& config, uint64_t seed) {
  TF_RETURN_IF_ERROR(Validate(config));
  Model model;
  model.config = config;
  model.synthetic = true;
  model.tokenizer_error = fmt::format("model {}: random weights have no tokenizer", config.name);
  model.output_norm.assign(config.hidden, 1.0f);
  model.layers.resize(config.layers);
  std::vector<std::function<void()>> tasks;
  uint64_t stream = 0;  // one a tensor
  const auto table = [&](RowTable& out) {
    tasks.push_back([&out, &config, random = Random(seed, stream++)] {
      out = MakeTable(config.vocab, config.hidden, random);
    });
  };
  table(model.embedding);
  if (!config.tied_head) table(model.untied_head);
  for (LayerWeights& layer : model.layers) {
    for (const GgufNormName& norm : GgufNormNames(config)) {
      (layer.*norm.member).assign(norm.size, 1.0f);
    }
    for (const GgufMatrixName& shape : GgufMatrixNames(config)) {
      // Keeps the variance: two thirds of the weights are +-scale.
      const float scale = 1.0f / std::sqrt(float(shape.cols) * 2.0f / 3.0f);
      tasks.push_back([&out = layer.*shape.member, shape, scale, random = Random(seed, stream++)] {
        out = TernaryMatrix::Unwritten(shape.rows, shape.cols, scale);
        FillTrits(out, random);
      });
    }
  }
  RunAll(tasks);
  return model;
}

}  // namespace ternfab
