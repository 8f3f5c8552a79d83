// SPDX-License-Identifier: Apache-2.0
// The engine between streams: its rows in Icarus, its placement and route on an iCE40 HX8K.
#include "sim/area/place_route.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <regex>

#include "codegen/engine_top.h"
#include "common/trit.h"
#include "tests/codegen/design_folder.h"

namespace ternfab {
namespace {

using ::testing::HasSubstr;

HardwareSpec Spec() {
  const Expected<HardwareSpec> spec = FindSpec("hx8k");
  EXPECT_TRUE(spec) << spec.error().message;
  return *spec;
}

/// One beat of the stream: {act, last, data} in hexadecimal, as the bench reads it.
std::string Line(bool act, bool last, const uint8_t* bytes) {
  std::string line = fmt::format("{:x}", int(act) * 2 + int(last));
  for (int i = 7; i >= 0; --i) line += fmt::format("{:02x}", bytes[i]);
  return line + "\n";
}

constexpr const char* kBench = R"(
module bench;
  logic clk = 1'b0, rst_n = 1'b0, valid = 1'b0, m_valid;
  logic [67:0] beats [BEATS];
  logic [67:0] beat;
  logic [31:0] row;
  always #5 clk = !clk;
  tf_hx8k_engine_top u_top (.clk_i(clk), .rst_ni(rst_n), .s_valid_i(valid), .s_act_i(beat[65]),
    .s_last_i(beat[64]), .s_data_i(beat[63:0]), .m_valid_o(m_valid), .m_data_o(row), .invalid_o());
  always @(negedge clk) if (rst_n && m_valid) $display("row %0d", $signed(row));
  initial begin
    $readmemh("beats.hex", beats);
    beat = '0;
    repeat (4) @(negedge clk);
    rst_n = 1'b1;
    for (int i = 0; i < BEATS; i++) begin
      while ($urandom_range(3) == 0) begin valid = 1'b0; @(negedge clk); end
      valid = 1'b1; beat = beats[i]; @(negedge clk);
    end
    valid = 1'b0;
    repeat (40) @(negedge clk);
    $finish;
  end
endmodule
)";

TEST(EngineStream, RowsAreDotProducts) {
  constexpr int kLanes = 40, kWords = 3, kRows = 5;
  std::mt19937 random(7);
  std::string hex, expected;
  std::vector<int8_t> act(kLanes * kWords);
  int beats = 0;
  for (int vector = 0; vector < 2; ++vector) {
    for (int8_t& a : act) a = int8_t(int(random() % 256) - 128);
    const int parts = kLanes * kWords / 8;
    for (int p = 0; p < parts; ++p, ++beats) {
      hex += Line(true, p + 1 == parts, reinterpret_cast<const uint8_t*>(&act[size_t(8 * p)]));
    }
    for (int r = 0; r < kRows; ++r) {
      int sum = 0;
      for (int w = 0; w < kWords; ++w, ++beats) {
        std::vector<int8_t> trits(kLanes);
        for (int i = 0; i < kLanes; ++i) {
          trits[size_t(i)] = int8_t(int(random() % 3) - 1);
          sum += trits[size_t(i)] * act[size_t(w * kLanes + i)];
        }
        uint8_t bytes[8];
        PackBeat(trits, WeightCode::kBase3, bytes);
        hex += Line(false, w + 1 == kWords, bytes);
      }
      expected += fmt::format("row {}\n", sum);
    }
  }
  const ScratchFolder scratch;
  const auto sources = EmitEngineTop(Spec());
  ASSERT_TRUE(sources) << sources.error().message;
  std::string names;
  for (const RtlFile& file : *sources) {
    std::ofstream(scratch.path() / (file.name + ".sv")) << file.text;
    names += " " + file.name + ".sv";
  }
  std::ofstream(scratch.path() / "beats.hex") << hex;
  std::ofstream(scratch.path() / "bench.sv")
      << std::regex_replace(std::string(kBench), std::regex("BEATS\\b"), std::to_string(beats));
  ASSERT_EQ(scratch.Run("iverilog -g2012 -s bench -o sim" + names + " bench.sv && vvp -n sim"), 0)
      << scratch.log();
  std::string rows;
  std::istringstream lines(scratch.log());
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("row ")) rows += line + "\n";
  }
  EXPECT_EQ(rows, expected);
}

TEST(PlaceRoute, EngineOnHx8k) {
  const ScratchFolder scratch;
  const auto routed = PlaceAndRouteEngine(Spec(), scratch.path().string());
  ASSERT_TRUE(routed) << routed.error().message;
  fmt::print("{} of {} logic cells, {} block RAMs, {:.1f} MHz by nextpnr, {:.1f} MHz by icetime\n",
             routed->logic_cells, routed->logic_cells_available, routed->block_rams,
             routed->router_mhz, routed->icetime_mhz);
  EXPECT_EQ(routed->logic_cells_available, 7680);
  EXPECT_GT(routed->logic_cells, 40 * 16);  // 8 gates and 8 adders a lane at least
  EXPECT_LE(routed->logic_cells, 7680);
  EXPECT_EQ(routed->block_rams, 20);  // 256 words of 320 bits in blocks of 256 x 16
  EXPECT_GT(routed->icetime_mhz, 20);
  EXPECT_EQ(routed->bitstream_bytes, 135100);  // of every HX8K
}

TEST(PlaceRoute, RefusesWhatIsNoSingleEngine) {
  HardwareSpec spec = Spec();
  spec.engine.batch = 2;
  const auto routed = PlaceAndRouteEngine(spec, "");
  ASSERT_FALSE(routed);
  EXPECT_THAT(routed.error().message, HasSubstr("spec hx8k: engine.batch = 2: must be 1"));
}

TEST(PlaceRoute, LogsWithoutFiguresAreRefused) {
  const std::string nextpnr =
      "Info: \t         ICESTORM_LC:  1500/ 7680    19%\n"
      "Info: \t        ICESTORM_RAM:    20/   32    62%\n"
      "Info: \t               SB_IO:   102/  256    39%\n"
      "Info: Max frequency for clock 'clk': 70.00 MHz (PASS at 50.00 MHz)\n"
      "Info: Max frequency for clock 'clk': 81.25 MHz (PASS at 50.00 MHz)\n";
  const std::string icetime = "Total path delay: 12.50 ns (80.00 MHz)\n";
  RoutedEngine r;
  ASSERT_TRUE(ReadRouterLog(nextpnr, icetime, r));
  EXPECT_EQ(r.router_mhz, 81.25);
  EXPECT_EQ(r.icetime_mhz, 80);
  EXPECT_EQ(r.logic_cells, 1500);
  EXPECT_EQ(r.block_rams_available, 32);
  EXPECT_EQ(r.pins, 102);
  EXPECT_FALSE(ReadRouterLog(nextpnr, "", r));
  EXPECT_FALSE(ReadRouterLog(nextpnr.substr(60), icetime, r));
}

}  // namespace
}  // namespace ternfab
