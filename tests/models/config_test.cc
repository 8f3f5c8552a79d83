// SPDX-License-Identifier: Apache-2.0
#include "models/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "models/model.h"

namespace ternfab {
namespace {

using ::testing::HasSubstr;

TEST(ModelPresets, AreValidAndFoundByName) {
  EXPECT_EQ(ModelPresets().size(), 10u);
  for (const ModelConfig& preset : ModelPresets()) {
    const auto valid = Validate(preset);
    EXPECT_TRUE(valid.has_value()) << valid.error().message;
    const auto found = FindModelPreset(preset.name);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->hidden, preset.hidden);
  }
}

TEST(ModelPresets, UnknownNameListsTheKnownOnes) {
  const auto found = FindModelPreset("bitnet-9b");
  ASSERT_FALSE(found.has_value());
  EXPECT_THAT(found.error().message, HasSubstr("bitnet-9b"));
  EXPECT_THAT(found.error().message, HasSubstr("bitnet-2b4t, bitnet-0.7b"));
}

TEST(ModelPresets, TernaryWeightsMatchPublishedSizes) {
  // 30 layers of q, o 2560 x 2560, k, v 640 x 2560, and three 6912 x 2560.
  EXPECT_EQ(TernaryWeights(*FindModelPreset("bitnet-2b4t")), 2084044800);
  // 18 layers of q, o 2048 x 2048, k, v 1024 x 2048, and three 8192 x 2048.
  EXPECT_EQ(TernaryWeights(*FindModelPreset("falcon3-1b")), 1132462080);
}

struct BadField {
  const char* field;
  std::function<void(ModelConfig&)> spoil;
};

TEST(ModelConfig, EachBadFieldIsNamedWithItsRule) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const BadField bad[] = {
      {"hidden = 0", [](auto& c) { c.hidden = 0; }},
      {"ffn = -1", [](auto& c) { c.ffn = -1; }},
      {"layers = 2000000000", [](auto& c) { c.layers = 2000000000; }},
      {"heads = 0", [](auto& c) { c.heads = 0; }},
      {"kv_heads = 0", [](auto& c) { c.kv_heads = 0; }},
      {"kv_heads = 3: must divide heads = 20", [](auto& c) { c.kv_heads = 3; }},
      {"head_dim = 127: must be even", [](auto& c) { c.head_dim = 127; }},
      {"heads * head_dim", [](auto& c) { c.head_dim = 1 << 19; }},
      {"vocab = 0", [](auto& c) { c.vocab = 0; }},
      {"context = 0", [](auto& c) { c.context = 0; }},
      {"rope_theta = 0", [](auto& c) { c.rope_theta = 0; }},
      {"rope_theta = nan", [nan](auto& c) { c.rope_theta = nan; }},
      {"norm_eps = -1", [](auto& c) { c.norm_eps = -1; }},
  };
  for (const BadField& test : bad) {
    ModelConfig config = *FindModelPreset("bitnet-2b4t");
    test.spoil(config);
    const auto valid = Validate(config);
    ASSERT_FALSE(valid.has_value()) << test.field;
    EXPECT_THAT(valid.error().message, HasSubstr(test.field));
    EXPECT_THAT(valid.error().message, HasSubstr("must"));
  }
}

}  // namespace
}  // namespace ternfab
