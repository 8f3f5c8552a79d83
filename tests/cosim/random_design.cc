// SPDX-License-Identifier: Apache-2.0
#include "tests/cosim/random_design.h"

#include <algorithm>
#include <vector>

#include "common/check.h"
#include "common/integer.h"
#include "common/trit.h"
#include "models/random.h"

namespace ternfab {
namespace {

constexpr uint64_t kSpecStream = 1, kConfigStream = 2;

class Draw {
 public:
  Draw(uint64_t seed, uint64_t stream) : random_(seed, stream) {}

  /// low .. high, both included.
  int In(int low, int high) { return low + int(random_.Next() % uint64_t(high - low + 1)); }
  template <class T>
  T Of(const std::vector<T>& values) {
    return values[size_t(In(0, int(values.size()) - 1))];
  }
  bool Coin() { return In(0, 1) == 1; }

 private:
  Random random_;
};

/// Numbers of fp32 lanes that Validate allows with these ports and beats.
std::vector<int> VectorLanes(const HardwareSpec& s) {
  std::vector<int> lanes;
  for (const int v : {1, 2, 4, 8, 16}) {
    if (4 * v <= s.int8.lanes && s.engine.lanes % v == 0 && v % s.engine.count == 0) {
      lanes.push_back(v);
    }
  }
  return lanes;
}

DesignLimits RandomLimits(Draw& draw) {
  const DesignLimits least = CommonLimits();
  DesignLimits limits;
  limits.hidden = least.hidden + 16 * draw.In(0, 16);
  limits.ffn = draw.In(0, 3) == 0 ? 5472 : least.ffn + 16 * draw.In(0, 16);
  limits.context = least.context + 16 * draw.In(0, 12);
  limits.vocab = least.vocab + draw.In(0, 300);
  return limits;
}

int PaddedHead(int head_dim) { return int(2 * RoundUp(head_dim / 2, 16)); }

}  // namespace

DesignLimits CommonLimits() { return {256, 768, 64, 640}; }

HardwareSpec RandomSpec(uint64_t seed) {
  Draw draw(seed, kSpecStream);
  HardwareSpec s;
  s.name = fmt::format("random-{}", seed);
  s.device = "kv260";
  s.clock_mhz = 100;
  s.memory.ports = s.engine.count = draw.Of<int>({1, 2, 4});
  s.memory.width_bits = draw.Of<int>({32, 64, 128, 256});
  s.memory.latency = draw.Of<int>({1, 200, draw.In(2, 199)});
  s.memory.max_burst_beats = draw.Of<int>({16, 256});
  s.memory.capacity_mib = 16;
  s.engine.weight_code = draw.Coin() ? WeightCode::kBase3 : WeightCode::kTwoBit;
  s.engine.lanes = LanesOf(s.engine.weight_code, s.memory.width_bits);
  s.engine.pipeline = draw.In(1, 4);
  s.int8.lanes = s.memory.ports * s.memory.width_bits / 8;
  s.vector.lanes = draw.Of(VectorLanes(s));
  s.engine.batch = draw.In(1, std::min(8, s.vector.lanes / s.engine.count));
  s.int8.queries = draw.In(1, std::min(8, s.vector.lanes));
  s.limits = RandomLimits(draw);
  const Expected<void> valid = Validate(s);
  TF_CHECK(valid.has_value(), "{}", valid.error().message);
  return s;
}

ModelConfig RandomConfig(uint64_t seed, const DesignLimits& limits) {
  Draw draw(seed, kConfigStream);
  ModelConfig c;
  c.name = fmt::format("random-{}", seed);
  const int group = 1 + int(seed % 8);
  std::vector<int> heads;
  for (const int head : {256, 128, 100, 64, 32}) {
    if (group * PaddedHead(head) <= limits.hidden) heads.push_back(head);
  }
  c.head_dim = heads[seed / 8 % heads.size()];
  c.kv_heads = draw.In(1, std::min(3, limits.hidden / (group * PaddedHead(c.head_dim))));
  c.heads = group * c.kv_heads;
  c.hidden = draw.Coin() ? 16 * draw.In(2, limits.hidden / 16) : draw.In(20, limits.hidden);
  c.ffn = draw.In(30, std::min(limits.ffn, 546));
  c.layers = draw.In(1, 2);
  c.vocab = draw.In(0, 3) == 0 ? draw.In(513, limits.vocab) : draw.In(17, 128);
  c.context = draw.In(24, limits.context);
  c.rope_theta = draw.Coin() ? 1e4 : 5e5;
  c.norm_eps = draw.Coin() ? 1e-5 : 1e-6;
  c.activation = draw.Coin() ? Activation::kRelu2 : Activation::kSilu;
  c.tied_head = draw.Coin();
  c.sub_norms = draw.Coin();
  return c;
}

}  // namespace ternfab
