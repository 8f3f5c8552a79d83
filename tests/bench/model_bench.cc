// SPDX-License-Identifier: Apache-2.0
// The fast reference on whole models of random weights: prefill of 128 tokens, decode after them.
#include <fmt/format.h>

#include <memory>
#include <string>

#include "common/check.h"
#include "host/cpu/fast_reference.h"
#include "tests/bench/roofline.h"

namespace ternfab {
namespace {

constexpr int kPrompt = 128;
constexpr auto kRate = benchmark::Counter::kIsIterationInvariantRate;

struct Setting {
  std::string model;
  HeadKind head;
  PanelCode storage;
};

/// The last model asked for is kept: one after the other fits in memory.
class Loaded {
 public:
  static Loaded& Get(const Setting& s) {
    static std::unique_ptr<Loaded> last;
    const std::string key =
        fmt::format("{} {} {}", s.model, HeadName(s.head), PanelCodeName(s.storage));
    if (!last || last->key_ != key) {
      last.reset();
      last = std::make_unique<Loaded>(s, key);
    }
    return *last;
  }

  Loaded(const Setting& s, std::string key) : key_(std::move(key)) {
    auto model = LoadModel("synth:" + s.model);
    TF_CHECK(model.has_value(), "{}", model.error().message);
    for (const int position : {0, kPrompt}) {
      work[position != 0] = WorkOfToken(*model, s.head, s.storage, position);
    }
    FastOptions options;
    options.threads = Cores();
    options.head = s.head;
    options.storage = s.storage;
    reference = MakeFastReference(std::move(*model), options);
  }

  void Append(int count) const {
    const std::vector<int> tokens(size_t(count), 77);
    benchmark::DoNotOptimize(reference->Append(tokens).value());
  }

  std::unique_ptr<LanguageModel> reference;
  TokenWork work[2];  ///< at positions 0 and 128

 private:
  std::string key_;
};

void Decode(benchmark::State& state, const Setting& s) {
  const Loaded& loaded = Loaded::Get(s);
  loaded.reference->Reset();
  loaded.Append(kPrompt);
  const Roofline roofline;
  for (auto _ : state) loaded.Append(1);
  roofline.Report(state, double(loaded.work[1].bytes()), double(loaded.work[1].macs));
  state.counters["tokens/s"] = benchmark::Counter(1, kRate);
}

void Prefill(benchmark::State& state, const Setting& s) {
  const Loaded& loaded = Loaded::Get(s);
  const Roofline roofline;
  for (auto _ : state) {
    loaded.reference->Reset();
    loaded.Append(kPrompt);
  }
  // The weights once for all tokens, the head once; attention by its mean.
  const double macs = (double(loaded.work[0].macs) + double(loaded.work[1].macs)) / 2;
  const double head = double(loaded.work[0].head_bytes);
  roofline.Report(state, double(loaded.work[0].weight_bytes) + head, macs * kPrompt);
  state.counters["tokens/s"] = benchmark::Counter(kPrompt, kRate);
}

void RegisterAll() {
  for (const char* model : {"bitnet-0.7b", "bitnet-2b4t", "llama3-8b-1.58"}) {
    for (const HeadKind head :
         {HeadKind::kInt8, HeadKind::kSplit, HeadKind::kModel, HeadKind::kBf16}) {
      for (const PanelCode storage : {PanelCode::kBase3, PanelCode::kTwoBit}) {
        if (storage == PanelCode::kTwoBit && head != HeadKind::kInt8) continue;
        const Setting s{model, head, storage};
        const auto add = [&](const char* what, void (*run)(benchmark::State&, const Setting&),
                             int iterations) {
          benchmark::RegisterBenchmark(
              fmt::format("{}/{}/head:{}/{}", what, model, HeadName(head), PanelCodeName(storage))
                  .c_str(),
              [=](benchmark::State& state) { run(state, s); })
              ->Unit(benchmark::kMillisecond)
              ->Iterations(iterations)
              ->UseRealTime();
        };
        add("decode", Decode, 64);  // positions 128 to 191
        add("prefill128", Prefill, 2);
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
