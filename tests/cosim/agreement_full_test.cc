// SPDX-License-Identifier: Apache-2.0
// As agreement_test, on fifty more designs, each built here.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/cosim/agreement.h"
#include "tests/cosim/random_design.h"

namespace ternfab {
namespace {

constexpr uint64_t kFirstSeed = 1000;
constexpr uint64_t kDesigns = 50;
constexpr uint64_t kModels = 4;

class AgreementFull : public testing::TestWithParam<uint64_t> {};

TEST_P(AgreementFull, RtlEmulatorAndOtherDesigns) {
  const HardwareSpec spec = RandomSpec(GetParam());
  for (uint64_t i = 0; i < kModels; ++i) {
    // Seeds modulo 8 are ratios of query to KV heads: all of them in two designs.
    const uint64_t seed = GetParam() * kModels + i;
    DesignLimits limits = spec.limits;
    limits.ffn = std::min(limits.ffn, 1024);
    ExpectAgreement(spec, RandomConfig(seed, limits), seed);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, AgreementFull, testing::Range(kFirstSeed, kFirstSeed + kDesigns));

}  // namespace
}  // namespace ternfab
