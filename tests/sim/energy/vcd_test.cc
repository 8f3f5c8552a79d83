// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/vcd.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace ternfab {
namespace {

using ::testing::HasSubstr;

constexpr const char* kDump = R"($timescale 10ps $end
$scope module bench $end
$var reg 1 ! clk $end
$scope module dut $end
$var wire 1 ! clk_i $end
$var wire 4 " sum [3:0] $end
$upscope $end
$upscope $end
$enddefinitions $end
#0
$dumpvars
0!
bx "
$end
#5
1!
b0 "
#10
0!
b101 "
#15
1!
b1100 "
)";

TEST(Vcd, CountsRisesAndFallsOfEachBit) {
  std::istringstream in(kDump);
  const auto toggles = CountToggles(in, "dut", 0);
  ASSERT_TRUE(toggles) << toggles.error().message;
  ASSERT_EQ(toggles->size(), 2u);
  EXPECT_EQ(toggles->at("clk_i")[0].rises, 2u);
  EXPECT_EQ(toggles->at("clk_i")[0].falls, 1u);
  // sum: unknown, 0000, 0101, 1100; the first change does not count.
  const auto& sum = toggles->at("sum");
  ASSERT_EQ(sum.size(), 4u);
  EXPECT_EQ(sum[0].rises, 1u);
  EXPECT_EQ(sum[0].falls, 1u);
  EXPECT_EQ(sum[1].total(), 0u);
  EXPECT_EQ(sum[2].rises, 1u);
  EXPECT_EQ(sum[2].falls, 0u);
  EXPECT_EQ(sum[3].rises, 1u);
}

TEST(Vcd, CountsFromATimeOn) {
  std::istringstream in(kDump);
  const auto toggles = CountToggles(in, "dut", 15);
  EXPECT_EQ(toggles->at("clk_i")[0].rises, 1u);
  EXPECT_EQ(toggles->at("clk_i")[0].falls, 0u);
  EXPECT_EQ(toggles->at("sum")[0].falls, 1u);
  EXPECT_EQ(toggles->at("sum")[2].rises, 0u);
}

TEST(Vcd, NamesWhatIsNotThere) {
  std::istringstream in(kDump), empty("");
  EXPECT_THAT(CountToggles(in, "other", 0).error().message, HasSubstr("no scope other"));
  EXPECT_FALSE(CountToggles(empty, "dut", 0));
}

}  // namespace
}  // namespace ternfab
