// SPDX-License-Identifier: Apache-2.0
#include "host/driver/program_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "common/program_file.h"

namespace ternfab::driver {
namespace {

using program_file::Contents;
using testing::HasSubstr;

/// Two ports of 64 bits, batch 4: 20 wide beats of 16 bytes, 18 in the image.
class ProgramViewTest : public testing::Test {
 protected:
  ProgramViewTest() : image_(18 * 16, 0xab) {
    contents_.design = "fake";
    contents_.ports = 2;
    contents_.width_bits = 64;
    contents_.batch = 4;
    contents_.design_hash = 0x0123456789abcdef;
    contents_.model = "model";
    contents_.vocab = 7;
    contents_.context = 40;
    contents_.total_beats = 20;
    contents_.logits_beat = 18;
    contents_.has_head = 1;
    contents_.regions = {{"decode program", 0, 8}, {"kv cache", 18, 2}};
    contents_.decode = {5, {{"a", 0, 3}, {"", -1, 0}, {"end", -1, 0}}};
    contents_.prefill = {14, {{"b", 7, 1}}};
    contents_.image = image_;
  }
  /// The message for a file with one fault; "" where it is taken.
  std::string Error(const std::function<void(Contents&)>& fault) {
    Contents c = contents_;
    fault(c);
    const std::vector<uint8_t> bytes = program_file::Write(c);
    const auto view = ParseProgramView(bytes);
    return view ? "" : view.error().message;
  }

  std::vector<uint8_t> image_;
  Contents contents_;
};

TEST_F(ProgramViewTest, ReadsInPlace) {
  const std::vector<uint8_t> bytes = program_file::Write(contents_);
  EXPECT_EQ(bytes.capacity(), bytes.size());
  const auto view = ParseProgramView(bytes);
  ASSERT_TRUE(view) << view.error().message;
  EXPECT_EQ(view->design_hash, 0x0123456789abcdefu);
  EXPECT_EQ(view->total_beats, 20u);
  EXPECT_EQ(view->decode_beat, 5u);
  EXPECT_EQ(view->prefill_beat, 14u);
  EXPECT_EQ(view->logits_beat, 18u);
  EXPECT_TRUE(view->has_head);
  EXPECT_EQ(view->vocab, 7u);
  EXPECT_EQ(view->context, 40u);
  EXPECT_EQ(view->image.size(), image_.size());
  EXPECT_EQ(view->image.data(), bytes.data() + bytes.size() - image_.size());
}

/// The layout in docs/isa.md, byte by byte.
TEST_F(ProgramViewTest, BytesAreTheDocumented) {
  const std::vector<uint8_t> bytes = program_file::Write(contents_);
  const std::vector<uint8_t> front = {'T', 'F', 'P', 'R', 3,   0,   0, 0, 3, 0, 0,  0, 4, 0,
                                      0,   0,   'f', 'a', 'k', 'e', 2, 0, 0, 0, 64, 0, 0, 0};
  EXPECT_EQ(std::vector<uint8_t>(bytes.begin(), bytes.begin() + long(front.size())), front);
  // Fixed part: 12 + 8 + 14 * 4 + 8 + 8 + 9 + 2 * 4 + 2 * 8 + 2; regions; two lists; image.
  const size_t lists = (8 + 4 + 10 + 9 + 12) + (8 + 4 + 10);
  EXPECT_EQ(bytes.size(), 127 + (4 + 18 + 16 + 12 + 16) + lists + 8 + 18 * 16);
}

TEST_F(ProgramViewTest, RefusesWhatLiesOutside) {
  EXPECT_EQ(Error([](Contents&) {}), "");
  EXPECT_EQ(Error([](Contents& c) { c.magic = 1; }),
            "program: not a Program file (magic 00000001)");
  EXPECT_EQ(Error([](Contents& c) { c.version = 1; }),
            "program: versions 1 and 3: must be 3 and 3");
  EXPECT_EQ(Error([](Contents& c) { c.isa_version = 1; }),
            "program: versions 3 and 1: must be 3 and 3");
  EXPECT_EQ(Error([](Contents& c) { c.ports = 0; }),
            "program: design of 0 ports of 64 bits: out of range");
  EXPECT_EQ(Error([](Contents& c) { c.width_bits = 1 << 30; }),
            "program: design of 2 ports of 1073741824 bits: out of range");
  EXPECT_EQ(Error([](Contents& c) { c.total_beats = (uint64_t{1} << 32) + 1; }),
            "program: total_beats = 4294967297: must be at most 4294967296");
  EXPECT_EQ(Error([](Contents& c) { c.total_beats = 17; }),
            "program: image of 288 bytes: must be at most 17 wide beats of 16 bytes");
  EXPECT_EQ(Error([](Contents& c) { c.logits_beat = 19; }),
            "program: logits at 19: must end by 20");
  EXPECT_EQ(Error([](Contents& c) { c.logits_beat = ~uint64_t{0}; }),
            "program: logits at 18446744073709551615: must end by 20");
  EXPECT_EQ(Error([](Contents& c) { c.has_head = 0, c.logits_beat = 20; }), "");
  EXPECT_EQ(Error([](Contents& c) { c.shortlist_rows = 16, c.vector_lanes = 1; }),
            "program: logits at 18: must end by 20");
  EXPECT_EQ(Error([](Contents& c) { c.shortlist_rows = 1025; }),
            "program: shortlist of 1025 rows, 0 vector lanes: must be 0 to 1024, 0 to 16");
  EXPECT_EQ(Error([](Contents& c) { c.decode.beat = 15; }),
            "program: decode at 15: must lie in the image");
  EXPECT_EQ(Error([](Contents& c) { c.prefill.beat = uint64_t{1} << 60; }),
            "program: prefill at 1152921504606846976: must lie in the image");
  EXPECT_EQ(Error([](Contents& c) { c.batch = 1, c.prefill.beat = 99; }), "");
  EXPECT_THAT(Error([](Contents& c) { c.vocab = 0; }), HasSubstr("vocab = 0"));
  EXPECT_THAT(Error([](Contents& c) { c.context = -1; }), HasSubstr("context = -1"));
}

TEST_F(ProgramViewTest, RefusesAnyTruncationAndSurvivesDamage) {
  const std::vector<uint8_t> good = program_file::Write(contents_);
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(ParseProgramView({good.data(), size})) << size;
  }
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::vector<uint8_t> bytes = good;
    for (int i = 0; i < 1 + round % 3; ++i) bytes[random() % 250] = uint8_t(random());
    const auto view = ParseProgramView(bytes);
    if (!view) continue;
    ASSERT_GE(view->image.data(), bytes.data());
    ASSERT_LE(view->image.data() + view->image.size(), bytes.data() + bytes.size());
  }
}

}  // namespace
}  // namespace ternfab::driver
