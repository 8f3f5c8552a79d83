// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include "models/model.h"

namespace ternfab::testing {

/// Expects the same tensors, bit for bit.
inline void ExpectSameWeights(const Model& a, const Model& b) {
  EXPECT_EQ(a.embedding, b.embedding);
  EXPECT_EQ(a.untied_head, b.untied_head);
  EXPECT_EQ(a.output_norm, b.output_norm);
  ASSERT_EQ(a.layers.size(), b.layers.size());
  for (size_t i = 0; i < a.layers.size(); ++i) {
    const LayerWeights &x = a.layers[i], &y = b.layers[i];
    EXPECT_EQ(x.attn_norm, y.attn_norm);
    EXPECT_EQ(x.attn_sub_norm, y.attn_sub_norm);
    EXPECT_EQ(x.ffn_norm, y.ffn_norm);
    EXPECT_EQ(x.ffn_sub_norm, y.ffn_sub_norm);
    EXPECT_TRUE(x.q == y.q && x.k == y.k && x.v == y.v && x.o == y.o) << "layer " << i;
    EXPECT_TRUE(x.gate == y.gate && x.up == y.up && x.down == y.down) << "layer " << i;
  }
}

}  // namespace ternfab::testing
