// SPDX-License-Identifier: Apache-2.0
// Products of packed ternary matrices (GEMV: one token; GEMM: 128) in the shapes of public models,
// on more weights than the caches hold.
#include <fmt/format.h>

#include <memory>
#include <random>
#include <set>

#include "common/check.h"
#include "host/cpu/thread_pool.h"
#include "models/gguf_names.h"
#include "models/huge_allocator.h"
#include "models/model.h"
#include "tests/bench/roofline.h"

namespace ternfab {
namespace {

constexpr int64_t kLeastBytes = int64_t{192} << 20;

/// As many copies of one matrix as fill kLeastBytes. The bytes are random and valid in every code.
struct Copies {
  Copies(PanelCode code, int rows, int cols) : shape{code, rows, cols, nullptr} {
    count = int(CeilDiv(kLeastBytes, shape.size()));
    buffer.resize(size_t(count * shape.size()));
    std::mt19937 random(1);
    for (size_t i = 0; i < buffer.size(); ++i) {
      // Below 243; no two-bit field is 3.
      const unsigned bits = unsigned(random());
      buffer.data()[i] = uint8_t(bits & 0x55 & ~(bits >> 1)) | uint8_t(bits & 0xaa);
    }
  }
  PanelMatrix at(int i) const {
    PanelMatrix m = shape;
    m.bytes = buffer.data() + i * shape.size();
    return m;
  }
  PanelMatrix shape;
  int count;
  HugeBytes buffer;
};

void Multiply(benchmark::State& state, const PanelKernels* kernels, PanelCode code, int rows,
              int cols, int tokens) {
  const Copies copies(code, rows, cols);
  PanelInput x;
  x.Resize(tokens, cols);
  std::vector<int8_t> row(size_t(cols), 3);
  for (int t = 0; t < tokens; ++t) x.Set(t, row.data());
  const int64_t pitch = copies.shape.padded_rows();
  std::vector<int32_t> y(size_t(pitch * tokens));
  ThreadPool pool(Cores(), true);
  const Roofline roofline;
  int next = 0;
  for (auto _ : state) {
    const PanelMatrix m = copies.at(next);
    next = (next + 1) % copies.count;
    pool.Split(m.panels(), 8, [&](int64_t first, int64_t last) {
      kernels->multiply({m, &x, int(first), int(last), y.data(), pitch});
    });
    benchmark::ClobberMemory();
  }
  roofline.Report(state, double(copies.shape.size()), double(rows) * cols * tokens);
}

void RegisterAll() {
  for (const char* model : {"bitnet-0.7b", "bitnet-2b4t", "llama3-8b-1.58"}) {
    const auto config = FindModelPreset(model);
    TF_CHECK(config.has_value());
    std::set<std::pair<int, int>> shapes;
    for (const GgufMatrixName& m : GgufMatrixNames(*config)) shapes.emplace(m.rows, m.cols);
    for (const auto& [rows, cols] : shapes) {
      for (const PanelKernels* k : SupportedPanelKernels()) {
        if (k == &ScalarPanelKernels()) continue;  // minutes
        for (const PanelCode code : {PanelCode::kBase3, PanelCode::kTwoBit}) {
          for (const int tokens : {1, PanelInput::kMaxTokens}) {
            benchmark::RegisterBenchmark(fmt::format("{}/{}x{}/{}/{}/tokens:{}", model, rows, cols,
                                                     k->name, PanelCodeName(code), tokens)
                                             .c_str(),
                                         [=, r = rows, c = cols](benchmark::State& state) {
                                           Multiply(state, k, code, r, c, tokens);
                                         })
                ->Unit(benchmark::kMicrosecond)
                ->UseRealTime();
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace ternfab

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  ternfab::AddLimitsToContext();
  ternfab::RegisterAll();
  benchmark::RunSpecifiedBenchmarks();
}
