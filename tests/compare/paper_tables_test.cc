// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/paper_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/model.h"

namespace ternfab::compare {
namespace {

using ::testing::HasSubstr;

TEST(PaperTables, MemoryFollowsFromTheShape) {
  const auto model = FindModelPreset("bitnet-2b4t");
  ASSERT_TRUE(model);
  // 30 layers: q and o 2560 x 2560, k and v 640 x 2560, gate, up and down 6912 x 2560.
  const double weights = 30.0 * (2.0 * 2560 * 2560 + 2.0 * 640 * 2560 + 3.0 * 6912 * 2560);
  const ModelMemory memory = MemoryOf(*model, 1.6, 8);
  EXPECT_EQ(memory.weights, weights * 1.6 / 8);
  EXPECT_EQ(memory.tables, 128256.0 * 2560);  // tied
  EXPECT_EQ(MemoryOf(*model, 2, 16).tables, 2 * 128256.0 * 2560);
}

TEST(PaperTables, PublishedFiguresStandBesideOurs) {
  std::vector<PaperRun> runs;
  for (const char* name : {"bitnet-0.7b", "bitnet-1.3b", "bitnet-3b", "bitnet-2b4t"}) {
    runs.push_back({FindModelPreset(name).value(), 0.05, 1.25e9});
  }
  const std::string text = PaperTables(runs, "kv260", ModelPresets());
  for (const char* words :
       {"| 71.4x | 71.4x |", "| BitNet b1.58 2B4T, 512 tokens (2504.12285) | 0.028 J | 0.028 J |",
        "| LLaMA 3.2 1B, 512 tokens (2504.12285) | 0.258 J | 0.258 J |",
        "| Qwen2.5 1.5B, 512 tokens (2504.12285) | 0.347 J | 0.347 J |", "| 700M | 2.08 GB |",
        "| 0.80 GB | 0.27 GB | 0.53 GB: ", "| 1.25 GB |", "| 3B | 5.07 ms | 1.87 ms | 2.71x |",
        "| 50.0 ms |", "0.417 GB at 1.6 bits, 0.521 GB at 2", "| bitnet-70b |"}) {
    EXPECT_THAT(text, HasSubstr(words));
  }
}

}  // namespace
}  // namespace ternfab::compare
