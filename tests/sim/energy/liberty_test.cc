// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/liberty.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ternfab {
namespace {

using ::testing::HasSubstr;

constexpr const char* kLibrary = R"lib(/* a comment */
library(test) {
  time_unit : "1ns"; voltage_unit : "1V"; capacitive_load_unit (1,pf);
  nom_voltage : 2.0;
  cell (INV) {
    area : 16;
    pin(A) { direction : input; capacitance : 0.01; }
    pin(Y) {
      direction : output; function : "(!A)";
      internal_power() {
        related_pin : "A";
        rise_power(t) { index_1 ("0.0, 0.1"); index_2 ("0.1, 0.3");
          values ( \
            "1.0, 2.0", \
            "3.0, 5.0"); }
        fall_power(t) { index_1 ("0.0, 0.1"); index_2 ("0.1, 0.3"); values ("4, 4", "4, 4"); }
      }
    }
  }
  cell (DFF) {
    ff ("IQ", "IQN") { clocked_on : "CLK"; }
    pin(CLK) { direction : input; capacitance : 0.02;
      internal_power() { rise_power(p) { index_1 ("0.1, 0.3"); values ("1, 3"); } } }
  }
}
)lib";

TEST(Liberty, ReadsCapacitancesAndPower) {
  const auto liberty = ParseLiberty(kLibrary);
  ASSERT_TRUE(liberty) << liberty.error().message;
  EXPECT_EQ(liberty->voltage, 2);
  const LibertyCell& inverter = liberty->cells.at("INV");
  EXPECT_EQ(inverter.area, 16);
  EXPECT_FALSE(inverter.sequential);
  EXPECT_EQ(inverter.pins.at("A").capacitance_pf, 0.01);
  const LibertyPin& y = inverter.pins.at("Y");
  EXPECT_TRUE(y.output);
  ASSERT_EQ(y.powers.size(), 1u);
  EXPECT_DOUBLE_EQ(y.powers[0].rise.At(0.0, 0.1), 1);
  EXPECT_DOUBLE_EQ(y.powers[0].rise.At(0.1, 0.3), 5);
  EXPECT_DOUBLE_EQ(y.powers[0].rise.At(0.05, 0.2), (1.5 + 4) / 2);
  EXPECT_DOUBLE_EQ(y.powers[0].rise.At(9, 9), 5);  // beyond its ends a table is flat
  EXPECT_DOUBLE_EQ(y.powers[0].rise.At(-9, -9), 1);
  EXPECT_TRUE(liberty->cells.at("DFF").sequential);
  EXPECT_DOUBLE_EQ(liberty->cells.at("DFF").pins.at("CLK").powers[0].rise.At(0, 0.2), 2);
}

TEST(Liberty, NamesWhatIsWrong) {
  std::string text = kLibrary;
  EXPECT_THAT(ParseLiberty("module m;").error().message, HasSubstr("Liberty, line 1"));
  EXPECT_FALSE(ParseLiberty(""));
  EXPECT_FALSE(ParseLiberty(text.substr(0, text.size() / 2)));
  std::string units = text;
  units.replace(units.find("1ns"), 3, "1ps");
  EXPECT_THAT(ParseLiberty(units).error().message, HasSubstr("units must be"));
  std::string table = text;
  table.replace(table.find("\"3.0, 5.0\""), 10, "\"3.0\"");
  EXPECT_THAT(ParseLiberty(table).error().message, HasSubstr("cell INV, pin Y"));
  EXPECT_FALSE(ParseLiberty("library(a) { " + std::string(100000, '{')));
}

}  // namespace
}  // namespace ternfab
