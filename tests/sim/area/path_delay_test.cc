// SPDX-License-Identifier: Apache-2.0
// The slowest path of netlists as write_json writes them, small enough to be added up by hand.
#include "sim/area/path_delay.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ternfab {
namespace {

using Json = nlohmann::json;

/// Every part its own decimal place: a sum names its parts.
constexpr DelayModel kDelays = {.clock_to_q = 1,
                                .setup = 2,
                                .lut = 10,
                                .carry_in = 100,
                                .carry = 1'000,
                                .mux = 10'000,
                                .block = 100'000,
                                .block_registered = 200'000,
                                .net = 1'000'000};

class Netlist {
 public:
  Netlist() { json_ = {{"ports", Json::object()}, {"cells", Json::object()}}; }

  Netlist& Port(const char* name, const char* direction, int bit) {
    json_["ports"][name] = {{"direction", direction}, {"bits", {bit}}};
    return *this;
  }
  /// A cell with one bit a port; the last port is its output.
  Netlist& Cell(const char* type, std::vector<std::pair<const char*, Json>> ports,
                Json parameters = Json::object()) {
    Json cell = {{"type", type}, {"parameters", parameters}};
    for (const auto& [port, bit] : ports) {
      cell["port_directions"][port] = port == ports.back().first ? "output" : "input";
      cell["connections"][port] = {bit};
    }
    json_["cells"]["$" + std::to_string(json_["cells"].size())] = cell;
    return *this;
  }
  Netlist& Net(const char* name, const Json& bits) {
    json_["netnames"][name] = {{"bits", bits}};
    return *this;
  }
  Netlist& Instance(const char* name, int input, int output) {
    json_["cells"][name] = {{"type", "tf_fifo"},
                            {"parameters", Json::object()},
                            {"port_directions", {{"a_i", "input"}, {"q_o", "output"}}},
                            {"connections", {{"a_i", {input}}, {"q_o", {output}}}}};
    return *this;
  }
  Netlist& FlipFlop(int d, int q) { return Cell("FDRE", {{"C", 1}, {"D", d}, {"Q", q}}); }
  Netlist& Lut(Json a, int o) { return Cell("LUT2", {{"I0", a}, {"I1", "0"}, {"O", o}}); }

  ModulePath Slowest() const { return SlowestPath(json_, kDelays); }

 private:
  Json json_;
};

TEST(PathDelay, LogicLevelsBetweenFlipFlops) {
  Netlist one;
  one.FlipFlop(20, 10).Lut(10, 11).Lut(11, 12).FlipFlop(12, 21);
  // A flip-flop, two LUTs behind a net each, the net to the next flip-flop.
  EXPECT_EQ(one.Slowest(), (ModulePath{3'000'023, 2, 0, 0}));
}

TEST(PathDelay, TheSlowestOfSeveral) {
  Netlist two;
  two.Port("a", "input", 10).Port("y", "output", 14).Lut(10, 11).Lut(11, 12).Lut(12, 13);
  two.FlipFlop(13, 30).Lut(30, 14);
  EXPECT_EQ(two.Slowest().luts, 3);  // from the port; from the flip-flop it is one
  EXPECT_EQ(two.Slowest().ns, 4'000'033);
}

TEST(PathDelay, CarryChainsAndWideMultiplexersHaveNoNetsInside) {
  Netlist chain;
  chain.FlipFlop(20, 10).Cell("CARRY4", {{"DI", 10}, {"CO", 11}});
  chain.Cell("CARRY4", {{"CI", 11}, {"O", 12}}).FlipFlop(12, 21);
  EXPECT_EQ(chain.Slowest(), (ModulePath{2'001'103, 0, 2, 0}));
  Netlist mux;
  mux.FlipFlop(20, 10).Lut(10, 11).Cell("MUXF7", {{"I0", 11}, {"O", 12}});
  mux.Cell("MUXF8", {{"I0", 12}, {"O", 13}}).FlipFlop(13, 21);
  EXPECT_EQ(mux.Slowest(), (ModulePath{2'020'013, 1, 0, 2}));
}

TEST(PathDelay, BlockRamsStartAndEndPaths) {
  const auto with = [](Json parameters) {
    Netlist ram;
    ram.Lut(10, 11).FlipFlop(20, 10);
    ram.Cell("RAMB36E1", {{"ADDRARDADDR", 11}, {"DOADO", 12}}, parameters).Lut(12, 13);
    return ram.FlipFlop(13, 21).Slowest().ns;
  };
  EXPECT_EQ(with({{"DOA_REG", "00000000000000000000000000000000"}}), 2'100'012);
  EXPECT_EQ(with({{"DOA_REG", "00000000000000000000000000000001"}}), 2'200'012);
}

TEST(PathDelay, ReadsOfLutRamAreCombinational) {
  Netlist ram;
  ram.FlipFlop(20, 10).Lut(20, 11);
  ram.Cell("RAM32M", {{"DIA", 11}, {"ADDRA", 10}, {"DOA", 12}}).FlipFlop(12, 21);
  EXPECT_EQ(ram.Slowest().luts, 1);  // through the address; what is written ends there
  EXPECT_EQ(ram.Slowest().ns, 2'000'013);
}

TEST(PathDelay, InstancesOfModulesCutPathsAndLoopsAreCut) {
  Netlist cut;
  cut.FlipFlop(20, 10).Lut(10, 11).Instance("u_fifo", 11, 12);
  cut.Lut(12, 13).FlipFlop(13, 21);
  EXPECT_EQ(cut.Slowest().luts, 1);
  Netlist loop;
  loop.Lut(11, 10).Lut(10, 11).FlipFlop(11, 21);
  EXPECT_GE(loop.Slowest().luts, 1);
}

TEST(PathDelay, SaysWhereItBeginsAndEnds) {
  Netlist registers;
  registers.FlipFlop(20, 10).Lut(10, 11).FlipFlop(11, 21);
  registers.Net("$abc$12", {10}).Net("count_q", {9, 10}).Net("state_q", {21}).Net("$x", {21});
  EXPECT_EQ(registers.Slowest().from, "count_q[1]");
  EXPECT_EQ(registers.Slowest().to, "state_q");
  Netlist ports;
  ports.Port("a_i", "input", 10).Port("y_o", "output", 11).Lut(10, 11).Net("a_i", {10});
  EXPECT_EQ(ports.Slowest().from, "a_i");
  EXPECT_EQ(ports.Slowest().to, "y_o");
  Netlist instance;
  instance.FlipFlop(20, 10).Lut(10, 11).Instance("u_fifo", 11, 12);
  EXPECT_EQ(instance.Slowest().from, "");  // the source names no net
  EXPECT_EQ(instance.Slowest().to, "u_fifo.a_i");
}

TEST(PathDelay, NothingWithoutLogic) {
  Netlist direct;
  direct.FlipFlop(20, 10).FlipFlop(10, 21);
  EXPECT_EQ(direct.Slowest(), ModulePath{});
}

TEST(PathDelay, EveryFamilyHasDelays) {
  EXPECT_LT(DelaysOf("xcup").lut, DelaysOf("xc7").lut);
  EXPECT_EQ(DelaysOf("versal").net, DelaysOf("xcup").net);
  for (const char* family : {"xc7", "xcup", "ecp5", "ice40"}) {
    const DelayModel& d = DelaysOf(family);
    for (const double ns : {d.clock_to_q, d.setup, d.lut, d.carry_in, d.carry, d.block, d.net}) {
      EXPECT_GT(ns, 0) << family;
    }
  }
}

}  // namespace
}  // namespace ternfab
