// SPDX-License-Identifier: Apache-2.0
#include "host/driver/greedy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace ternfab::driver {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;

constexpr uint32_t kVocab = 11, kContext = 20, kLogitsBeat = 4;
constexpr DesignInfo kInfo = {.name = "fake",
                              .design_hash = 0,
                              .isa_version = 0,
                              .ports = 1,
                              .port_bytes = 16,
                              .batch = 4,
                              .counter_count = 0,
                              .counter_names = nullptr,
                              .error_count = 0,
                              .errors = nullptr,
                              .offsets = {.ap_ctrl = 0,
                                          .gie = 4,
                                          .ier = 8,
                                          .isr = 12,
                                          .program = 16,
                                          .position = 20,
                                          .count = 24,
                                          .token = 28,
                                          .port_base_lo = 60,
                                          .port_base_hi = 64,
                                          .port_base_stride = 8,
                                          .control = 68,
                                          .isa_version = 72,
                                          .design_hash_lo = 76,
                                          .design_hash_hi = 80,
                                          .error = 84,
                                          .error_index = 88,
                                          .counters = 92}};

/// A design whose greatest logits, two of the same value, are those of the last token + 3 and of
/// one after it.
class FakeDevice : public Device {
 public:
  Expected<uint32_t> ReadRegister(uint32_t offset) override { return registers_[offset / 4]; }
  Expected<void> WriteRegister(uint32_t offset, uint32_t value) override {
    registers_[offset / 4] = offset == 68 ? 0 : value;
    if (offset == 0) Start();
    return {};
  }
  Expected<void> CopyIn(uint64_t, std::span<const uint8_t>) override { return {}; }
  Expected<void> CopyOut(uint64_t offset, std::span<uint8_t> bytes) override {
    if (offset != kLogitsBeat * 16) return Fail("no logits there");
    std::vector<uint8_t> all(bytes.size());
    std::memcpy(all.data(), logits_, sizeof logits_);
    std::copy(all.begin(), all.end(), bytes.begin());
    return {};
  }
  uint64_t memory_bytes() const override { return 4096; }
  uint64_t bus_address() const override { return 0; }
  Expected<bool> WaitInterrupt(milliseconds) override { return true; }

  struct Run {
    uint32_t program, position;
    std::vector<uint32_t> tokens;
    bool operator==(const Run&) const = default;
  };
  std::vector<Run> runs;

 private:
  void Start() {
    const uint32_t* tokens = &registers_[7];
    runs.push_back({registers_[4], registers_[5], {tokens, tokens + registers_[6]}});
    const uint32_t best = (runs.back().tokens.back() + 3) % kVocab;
    for (uint32_t i = 0; i < kVocab; ++i) logits_[i] = -2.0f - float(i);
    logits_[best] = logits_[std::min(best + 1, kVocab - 1)] = -1;
    registers_[0] = 6;
  }

  uint32_t registers_[24] = {};
  float logits_[kVocab] = {};
};

class GreedyTest : public testing::Test {
 protected:
  GreedyTest() : driver_(*Driver::Open(device_, kInfo)) {
    program_.total_beats = 8;
    program_.decode_beat = 1;
    program_.prefill_beat = 2;
    program_.logits_beat = kLogitsBeat;
    program_.has_head = true;
    program_.vocab = program_.result.vocab = kVocab;
    program_.context = kContext;
    EXPECT_TRUE(driver_.Load(program_).has_value());
  }
  Expected<std::vector<uint32_t>> Decode(const std::vector<uint32_t>& prompt, uint32_t count) {
    seen_.clear();
    device_.runs.clear();
    return DecodeGreedy(driver_, program_, prompt, count, milliseconds(10),
                        [&](uint32_t id) { seen_.push_back(id); });
  }

  FakeDevice device_;
  Driver driver_;
  ProgramView program_;
  std::vector<uint32_t> seen_;
};

TEST_F(GreedyTest, PromptInBatchesThenOneByOne) {
  using Run = FakeDevice::Run;
  const auto ids = Decode({1, 2, 3, 4, 5, 6}, 3);
  ASSERT_TRUE(ids) << ids.error().message;
  EXPECT_THAT(*ids, ElementsAre(9, 1, 4)) << "the first of equals";
  EXPECT_EQ(seen_, *ids);
  EXPECT_THAT(device_.runs, ElementsAre(Run{2, 0, {1, 2, 3, 4}}, Run{2, 4, {5, 6}}, Run{1, 6, {9}},
                                        Run{1, 7, {1}}));
  ASSERT_TRUE(Decode({1, 2, 3, 4, 5}, 1));
  EXPECT_THAT(device_.runs, ElementsAre(Run{2, 0, {1, 2, 3, 4}}, Run{1, 4, {5}}));
  EXPECT_TRUE(Decode({1}, 0)->empty());
}

TEST_F(GreedyTest, EndsWhereTheContextIsFull) {
  EXPECT_EQ(Decode(std::vector<uint32_t>(kContext - 2, 1), 99)->size(), 3u);
  EXPECT_EQ(device_.runs.back().position, kContext - 1);
  EXPECT_EQ(Decode(std::vector<uint32_t>(kContext, 1), 99)->size(), 1u);
  EXPECT_EQ(Decode(std::vector<uint32_t>(kContext + 1, 1), 1).error().message,
            "prompt: 21 ids: must be 1..20 (context of the program)");
}

TEST_F(GreedyTest, RefusesBeforeItStarts) {
  EXPECT_EQ(Decode({}, 1).error().message, "prompt: 0 ids: must be 1..20 (context of the program)");
  EXPECT_EQ(Decode({1, kVocab}, 1).error().message, "prompt: id 11: must be below 11");
  program_.has_head = false;
  EXPECT_EQ(Decode({1}, 1).error().message, "program: has no head: must have one to decode");
  EXPECT_TRUE(device_.runs.empty());
}

}  // namespace
}  // namespace ternfab::driver
