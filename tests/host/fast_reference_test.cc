// SPDX-License-Identifier: Apache-2.0
// The fast reference against the plain one: every integer of every BitLinear equal, logits within
// 1e-4 for the same head.
#include "host/cpu/fast_reference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <tuple>

#include "host/cpu/limits.h"
#include "host/cpu/reference.h"

namespace ternfab {
namespace {

constexpr double kMostDifference = 1e-4;

using Key = std::tuple<int, int, Projection>;  // position, layer
struct Integers {
  std::vector<int8_t> activations;
  std::vector<int32_t> sums;
  bool operator==(const Integers&) const = default;
};
using Record = std::map<Key, Integers>;

IntegerTrace Into(Record& record) {
  return [&record](int position, int layer, Projection projection, std::span<const int8_t> x,
                   std::span<const int32_t> sums) {
    record[{position, layer, projection}] = {{x.begin(), x.end()}, {sums.begin(), sums.end()}};
  };
}

ModelConfig Small() {
  ModelConfig c;
  c.name = "small";
  c.hidden = 128;
  c.ffn = 200;
  c.layers = 2;
  c.heads = 4;
  c.kv_heads = 2;
  c.head_dim = 32;
  c.vocab = 300;
  c.context = 400;
  return c;
}

Model Make(const ModelConfig& config) {
  auto model = SynthesizeModel(config, 3);
  EXPECT_TRUE(model.has_value()) << model.error().message;
  return *model;
}

std::vector<int> Tokens(const ModelConfig& c, int count) {
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back((i * 37 + 11) % c.vocab);
  return tokens;
}

void ExpectClose(const std::vector<float>& fast, const std::vector<float>& plain) {
  ASSERT_EQ(fast.size(), plain.size());
  double worst = 0;
  for (size_t i = 0; i < fast.size(); ++i) {
    worst = std::max(worst, std::fabs(double(fast[i]) - plain[i]));
  }
  EXPECT_LT(worst, kMostDifference);
}

/// A prompt as one batch, then three tokens one by one.
void ExpectSame(const Model& model, int prompt, FastOptions options) {
  Record fast_record, plain_record;
  options.trace = Into(fast_record);
  const auto fast = MakeFastReference(model, options);
  const auto plain = MakePlainReference(model, options.head, Into(plain_record));
  const std::vector<int> tokens = Tokens(model.config, prompt + 3);
  for (int at = 0, count = prompt; at < int(tokens.size()); at += count, count = 1) {
    const auto part = std::span(tokens).subspan(size_t(at), size_t(count));
    const auto want = plain->Append(part);
    const auto got = fast->Append(part);
    ASSERT_TRUE(want.has_value() && got.has_value());
    ExpectClose(*got, *want);
  }
  EXPECT_EQ(fast->position(), prompt + 3);
  ASSERT_EQ(fast_record.size(), plain_record.size());
  EXPECT_EQ(fast_record.size(), size_t(prompt + 3) * model.layers.size() * 7);
  int differences = 0;
  for (const auto& [key, integers] : plain_record) differences += fast_record[key] != integers;
  EXPECT_EQ(differences, 0);
}

TEST(FastReference, EveryKernelAndStorage) {
  const Model model = Make(Small());
  for (const PanelKernels* kernels : SupportedPanelKernels()) {
    for (const PanelCode storage : {PanelCode::kBase3, PanelCode::kTwoBit}) {
      SCOPED_TRACE(fmt::format("{} {}", kernels->name, PanelCodeName(storage)));
      FastOptions options;
      options.kernels = kernels;
      options.storage = storage;
      ExpectSame(model, 11, options);
    }
  }
}

TEST(FastReference, EveryHead) {
  const Model model = Make(Small());
  for (const HeadKind head :
       {HeadKind::kModel, HeadKind::kBf16, HeadKind::kInt8, HeadKind::kSplit}) {
    SCOPED_TRACE(HeadName(head));
    FastOptions options;
    options.head = head;
    ExpectSame(model, 2, options);
  }
}

TEST(FastReference, SplitHeadOfMoreRowsThanAreScoredExactly) {
  ModelConfig config = Small();
  config.vocab = 2 * SplitHead::kGroupRows * SplitHead::kExactGroups + 5;
  const Model model = Make(config);
  FastOptions options;
  options.head = HeadKind::kSplit;
  ExpectSame(model, 2, options);
}

TEST(SplitHead, HalvesAddUpToTheWeight) {
  for (int weight = -128; weight <= 127; ++weight) {
    const int high = SplitHead::High(int8_t(weight)), low = SplitHead::Low(int8_t(weight));
    EXPECT_TRUE(high >= -8 && high <= 7 && low >= 0 && low <= 15) << weight;
    for (const int x : {-128, -1, 0, 127}) {
      EXPECT_EQ(SplitHead::Exact(high * x, low * x), weight * x);
      EXPECT_LE(std::abs(2 * SplitHead::Rough(high * x, x) - 2 * weight * x), 15 * std::abs(x) + 1);
    }
  }
}

TEST(SplitHead, TheGroupsWithTheBestRowsAreExact) {
  // Twice as many groups as are exact: of equal ones the first, and one late group with one best
  // row in place of the last of these.
  std::vector<float> scores(size_t(2 * SplitHead::kGroupRows * SplitHead::kExactGroups - 3), 1.0f);
  scores.back() = 2.0f;
  const std::vector<int> groups = SplitHead::ExactGroups(scores);
  ASSERT_EQ(int(groups.size()), SplitHead::kExactGroups);
  for (int g = 0; g + 1 < SplitHead::kExactGroups; ++g) EXPECT_EQ(groups[size_t(g)], g);
  EXPECT_EQ(groups.back(), 2 * SplitHead::kExactGroups - 1);
  EXPECT_EQ(SplitHead::ExactGroups(std::vector<float>(17, -1.0f)), (std::vector{0, 1}));
}

TEST(FastReference, EveryKindOfModel) {
  ModelConfig silu = Small();
  silu.activation = Activation::kSilu;
  ModelConfig bare = silu;
  bare.sub_norms = bare.tied_head = false;
  ModelConfig dim100 = Small();
  dim100.head_dim = 100;
  ModelConfig dim256 = Small();
  dim256.head_dim = 256;
  dim256.heads = 3;
  dim256.kv_heads = 1;
  ModelConfig every_head = Small();
  every_head.kv_heads = 4;
  ModelConfig q6k = Small();
  q6k.hidden = 256;
  for (const ModelConfig& config : {silu, bare, dim100, dim256, every_head, q6k}) {
    SCOPED_TRACE(fmt::format("head_dim {}, {} heads, hidden {}, tied {}", config.head_dim,
                             config.heads, config.hidden, config.tied_head));
    FastOptions options;
    options.threads = 2;
    ExpectSame(Make(config), 5, options);
  }
}

TEST(FastReference, PromptsLongerThanABatchAndAChunkOfTheCache) {
  FastOptions options;
  options.threads = 2;
  ExpectSame(Make(Small()), 131, options);
  ExpectSame(Make(Small()), 300, options);
}

TEST(FastReference, TheShippedModel) {
  const auto model = LoadGguf(TF_SOURCE_DIR "/models/tales/tales.gguf");
  ASSERT_TRUE(model.has_value()) << model.error().message;
  FastOptions options;
  options.threads = 2;
  ExpectSame(*model, 40, options);
}

TEST(FastReference, ForgetsASequence) {
  const Model model = Make(Small());
  const auto fast = MakeFastReference(model, {});
  const std::vector<int> tokens = Tokens(model.config, 9);
  const auto first = fast->Append(tokens);
  fast->Reset();
  EXPECT_EQ(fast->position(), 0);
  const auto second = fast->Append(tokens);
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_EQ(*first, *second);
}

TEST(FastReference, AWrongTritIsSeen) {
  Model model = Make(Small());
  Record right, wrong;
  FastOptions options;
  options.trace = Into(right);
  ASSERT_TRUE(MakeFastReference(model, options)->Append(Tokens(model.config, 2)).has_value());
  TernaryMatrix& down = model.layers[0].down;
  down.set_trit(5, 7, down.trit(5, 7) == 0 ? 1 : 0);
  options.trace = Into(wrong);
  ASSERT_TRUE(MakeFastReference(model, options)->Append(Tokens(model.config, 2)).has_value());
  EXPECT_NE(right, wrong);
}

TEST(FastReference, TakesTheWeightsOfAMovedModel) {
  Model model = Make(Small());
  const std::vector<int> tokens = Tokens(model.config, 3);
  const auto want = MakeFastReference(model, {})->Append(tokens);
  const auto got = MakeFastReference(std::move(model), {})->Append(tokens);
  ASSERT_TRUE(want.has_value() && got.has_value());
  EXPECT_EQ(*want, *got);
}

TEST(WorkOfToken, CountsBytesAndMacs) {
  // By hand: panels of 16 rows, 20 columns a step of 64 bytes.
  const ModelConfig c = Small();
  const Model model = Make(c);
  const TokenWork work = WorkOfToken(model, HeadKind::kInt8, PanelCode::kBase3, 9);
  const int64_t hidden_steps = 7, ffn_steps = 10;
  const int64_t layer = (8 + 4 + 4 + 8 + 13 + 13) * hidden_steps * 64 + 8 * ffn_steps * 64;
  EXPECT_EQ(work.weight_bytes, 2 * layer);
  EXPECT_EQ(work.head_bytes, 304 * 128 + 300 * 4);
  // 19 groups of 16 rows, all of them exact: both halves of 128 columns.
  EXPECT_EQ(WorkOfToken(model, HeadKind::kSplit, PanelCode::kBase3, 9).head_bytes,
            2 * 19 * 16 * 64 + 300 * 4);
  EXPECT_EQ(work.cache_bytes, 2 * 10 * 2 * 64 * 4);
  EXPECT_EQ(work.macs, TernaryWeights(c) + 300 * 128 + 2 * 10 * 2 * 128);
}

TEST(CpuLimits, ArePositive) {
  const CpuLimits limits = MeasureCpuLimits(1);
  EXPECT_GT(limits.read_bytes_per_second, 1e8);
  EXPECT_GT(limits.int8_macs_per_second, 1e8);
}

}  // namespace
}  // namespace ternfab
