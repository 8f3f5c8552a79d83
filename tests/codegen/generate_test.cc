// SPDX-License-Identifier: Apache-2.0
#include "codegen/generate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <sstream>

#include "codegen/rtl_order.h"
#include "codegen/signature.h"
#include "tests/codegen/design_folder.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

HardwareSpec Preset(const std::string& name) {
  const Expected<HardwareSpec> spec = FindSpec(name);
  EXPECT_TRUE(spec) << (spec ? "" : spec.error().message);
  return *spec;
}

template <class T>
T Pick(std::mt19937& random, std::initializer_list<T> values) {
  return values.begin()[random() % values.size()];
}

/// A valid spec of a small design.
HardwareSpec RandomSpec(unsigned seed) {
  std::mt19937 random(seed);
  HardwareSpec s = Preset("nano");
  do {
    s.name = "random-" + std::to_string(seed);
    s.device = Pick(random, {"xc7a100t", "zcu102"});
    s.memory.ports = Pick(random, {1, 2, 4});
    s.memory.width_bits = Pick(random, {32, 64, 128});
    s.memory.latency = Pick(random, {1, 20, 90});
    s.memory.max_burst_beats = Pick(random, {16, 256});
    s.engine.count = s.memory.ports;
    s.engine.weight_code = Pick(random, {WeightCode::kBase3, WeightCode::kTwoBit});
    s.engine.lanes = LanesOf(s.engine.weight_code, s.memory.width_bits);
    s.engine.batch = Pick(random, {1, 2, 3, 4});
    s.engine.pipeline = Pick(random, {1, 2, 3, 4});
    s.int8.lanes = s.memory.ports * s.memory.width_bits / 8;
    s.int8.queries = Pick(random, {1, 2, 3, 4});
    s.vector.lanes = Pick(random, {1, 2, 4, 8, 16});
    s.limits = {int(16 * (1 + random() % 40)), int(16 * (1 + random() % 80)),
                int(16 * (1 + random() % 30)), int(16 * (1 + random() % 200))};
  } while (!Validate(s));
  return s;
}

/// The smallest of everything.
HardwareSpec TinySpec() {
  HardwareSpec s = Preset("nano");
  s.name = "tiny";
  s.memory.width_bits = 32;
  s.memory.latency = 1;
  s.memory.max_burst_beats = 16;
  s.engine = {"adder_tree", 1, 16, 1, WeightCode::kTwoBit, 8, 4};
  s.int8 = {4, 1};
  s.vector = {1};
  s.limits = {16, 16, 16, 16};
  EXPECT_TRUE(Validate(s));
  return s;
}

/// nano with another kind of engine.
HardwareSpec NanoWith(const std::string& kind, const std::string& name) {
  HardwareSpec s = Preset("nano");
  s.name = name;
  s.engine.kind = kind;
  if (kind == "int8_mac") {
    s.engine.weight_code = WeightCode::kInt8;
    s.engine.lanes = LanesOf(s.engine.weight_code, s.memory.width_bits);
    s.engine.pipeline = 2;
  }
  EXPECT_TRUE(Validate(s));
  return s;
}

HardwareSpec SpecOf(const std::string& name) {
  if (name == "tiny") return TinySpec();
  if (name == "random_1") return RandomSpec(1);
  if (name == "random_2") return RandomSpec(2);
  if (name == "nano_lut6") return NanoWith("adder_tree_lut6", name);
  if (name == "nano_table") return NanoWith("table", name);
  if (name == "nano_int8") return NanoWith("int8_mac", name);
  std::string preset = name;
  std::replace(preset.begin(), preset.end(), '_', '-');
  return Preset(preset);
}

class Generate : public ::testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Specs, Generate,
                         ::testing::Values("nano", "arty_a7_35t", "kv260", "tiny", "random_1",
                                           "random_2", "nano_lut6", "nano_int8", "nano_table"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(Generate, SameSpecSameBytes) {
  const std::vector<GeneratedFile> a = GenerateDesign(SpecOf(GetParam()));
  const std::vector<GeneratedFile> b = GenerateDesign(SpecOf(GetParam()));
  ASSERT_EQ(a.size(), b.size());
  std::set<std::string> paths;
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].path, b[i].path);
    EXPECT_EQ(a[i].text, b[i].text) << a[i].path;
    EXPECT_TRUE(paths.insert(a[i].path).second) << a[i].path << " twice";
    EXPECT_FALSE(a[i].text.empty()) << a[i].path;
    EXPECT_EQ(a[i].text.back(), '\n') << a[i].path;
    EXPECT_EQ(a[i].text.find(TF_SOURCE_DIR), std::string::npos) << a[i].path;
  }
}

TEST_P(Generate, FilesStandAfterWhatTheyNeed) {
  std::set<std::string> seen;
  for (const GeneratedFile& file : GenerateRtl(SpecOf(GetParam()))) {
    const std::string name = fs::path(file.path).stem();
    seen.insert(name);
    for (const std::string& other : RtlReferences(file.text)) {
      EXPECT_TRUE(seen.count(other)) << file.path << " names " << other << " too early";
    }
  }
}

TEST_P(Generate, LintsInVerilator) {
  const DesignFolder d(SpecOf(GetParam()));
  EXPECT_EQ(
      d.Run("verilator --lint-only -Wall --top-module " + d.signature.top + " -F " + d.list()), 0)
      << d.log();
}

TEST_P(Generate, ReadsInYosys) {
  const DesignFolder d(SpecOf(GetParam()));
  EXPECT_EQ(d.Run("sed -n '/^hierarchy/q;p' scripts/synth.ys >read.ys && "
                  "echo 'hierarchy -check -top " +
                  d.signature.top +
                  "' >>read.ys && "
                  "yosys -q -s read.ys"),
            0)
      << d.log();
}

TEST_P(Generate, ElaboratesInIcarus) {
  const DesignFolder d(SpecOf(GetParam()));
  EXPECT_EQ(d.Run("cd rtl && iverilog -g2012 -tnull -s " + d.signature.top + " -c ../" + d.list()),
            0)
      << d.log();
}

/// The wrapper names every port of the signature with its width: the lint compares both.
TEST_P(Generate, TopHasThePortsOfTheSignature) {
  const DesignFolder d(SpecOf(GetParam()));
  const std::string wrapper = "tf_" + d.signature.identifier + "_ip";
  for (const std::string define : {"", "-DSYNTHESIS -Wno-UNUSEDSIGNAL -Wno-UNUSEDPARAM "}) {
    EXPECT_EQ(d.Run("verilator --lint-only -Wall -Wno-PINMISSING -Wno-SYMRSVDWORD " + define +
                    "--top-module " + wrapper + " -F " + d.list() + " scripts/" + wrapper + ".v"),
              0)
        << d.log();
  }
}

TEST_P(Generate, DriverCompilesForTheBoard) {
  const HardwareSpec spec = SpecOf(GetParam());
  const DesignFolder d(spec);
  std::ofstream(d.scratch.path() / "d/use.cc") << fmt::format(
      "#include \"tf_{0}.h\"\n"
      "namespace d = tf_{0};\n"
      "static_assert(d::kPorts == {1} && d::kBatch == {2} && d::kLanes == {3});\n"
      "static_assert(d::kDesign.design_hash == 0x{4:x} && d::kDesign.ports == {1});\n"
      "static_assert(d::kDesign.port_bytes == {5} && d::kDesign.error_count == {6});\n"
      "static_assert(d::kDesign.offsets.ap_ctrl == 0 && d::kDesign.offsets.isr == 0xc);\n"
      "static_assert(d::kDesign.offsets.port_base_hi == d::kPortBaseLo + 4);\n",
      d.signature.identifier, spec.memory.ports, spec.engine.batch, spec.engine.lanes,
      DesignHash(spec), spec.memory.width_bits / 8, kErrorCauses.size());
  EXPECT_EQ(d.Run("aarch64-linux-gnu-g++ -std=c++20 -Wall -Wextra -Werror -fsyntax-only -Idriver "
                  "use.cc"),
            0)
      << d.log();
}

TEST(Board, OverlayAndRunnerBuild) {
  const DesignFolder d(Preset("kv260"));
  EXPECT_EQ(d.Run("make -C board CXX='aarch64-linux-gnu-g++ -Werror' "
                  "CXXFLAGS='-std=c++20 -Wall -Wextra -DFMT_HEADER_ONLY -I../driver'"),
            0)
      << d.log();
  EXPECT_TRUE(fs::exists(d.scratch.path() / "d/board/tf_kv260_run"));
  EXPECT_TRUE(fs::exists(d.scratch.path() / "d/board/tf_kv260.dtbo"));
  // No design behind it: one line and exit status 2.
  EXPECT_EQ(d.Run("qemu-aarch64 board/tf_kv260_run -u 77 program.tfpr 1 2; test $? = 2"), 0);
  EXPECT_THAT(d.log(), HasSubstr("uio77"));
  for (const char* arguments : {"", "program.tfpr", "program.tfpr 1x", "program.tfpr -1",
                                "program.tfpr 4294967296", "-n", "-n x program.tfpr 1", "-z"}) {
    EXPECT_EQ(d.Run(fmt::format("qemu-aarch64 board/tf_kv260_run {}; test $? = 2", arguments)), 0);
    EXPECT_THAT(d.log(), HasSubstr("usage: board/tf_kv260_run [-u UIO]")) << arguments;
  }
}

/// Lines of `a` and `b`, file by file, that differ.
std::vector<std::string> Differences(const std::vector<GeneratedFile>& a,
                                     const std::vector<GeneratedFile>& b) {
  std::vector<std::string> lines;
  EXPECT_EQ(a.size(), b.size());
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    EXPECT_EQ(a[i].path, b[i].path);
    std::istringstream left(a[i].text), right(b[i].text);
    std::string line, other;
    while (std::getline(left, line) && std::getline(right, other)) {
      if (line != other) lines.push_back(line);
    }
    EXPECT_TRUE(left.eof() || !std::getline(right, other)) << a[i].path;
  }
  return lines;
}

/// docs/generate.md: what memory.kind changes of the hardware.
TEST(GenerateRtl, TheMemorysKindSizesOneQueue) {
  HardwareSpec dram = Preset("kv260"), fixed = dram;
  fixed.memory.kind = "fixed";
  EXPECT_EQ(DesignHash(dram), DesignHash(fixed));
  EXPECT_EQ(MakeSignature(dram).depths.int8, 512);
  EXPECT_EQ(MakeSignature(fixed).depths.int8, 128);
  const std::vector<std::string> lines = Differences(GenerateRtl(dram), GenerateRtl(fixed));
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], HasSubstr("localparam int KDepth "));
}

TEST(Board, OnlyForItsDevice) {
  for (const GeneratedFile& file : GenerateDesign(Preset("nano"))) {
    EXPECT_FALSE(file.path.starts_with("board/")) << file.path;
  }
}

TEST(Checkers, AreSeenToFail) {
  const DesignFolder d(Preset("nano"));
  const std::string top = "rtl/tf_nano_top.sv";
  const std::string verilator =
      "verilator --lint-only -Wall --top-module tf_nano_top -F " + d.list();
  const std::string icarus = "cd rtl && iverilog -g2012 -tnull -s tf_nano_top -c ../" + d.list();
  ASSERT_EQ(d.Run("sed -i 's/output logic \\[31:0\\]  trace_s_data/output logic [30:0]  "
                  "trace_s_data/' " +
                  top),
            0);
  EXPECT_NE(d.Run(verilator), 0);
  ASSERT_EQ(d.Run("sed -i '/tf_tokens.sv/d' " + d.list() + " scripts/synth.ys"), 0);
  EXPECT_NE(d.Run(icarus), 0);
  EXPECT_NE(d.Run("sed -n '/^synth_/q;p' scripts/synth.ys >read.ys && yosys -q -s read.ys"), 0);
}

TEST(WriteDesign, ReplacesItsOwnOutputOnly) {
  const ScratchFolder scratch;
  const fs::path out = scratch.path() / "a/b";
  const std::vector<GeneratedFile> nano = GenerateDesign(Preset("nano"));
  ASSERT_TRUE(WriteDesign(nano, out.string()));
  for (const GeneratedFile& file : nano) EXPECT_EQ(ReadAll(out / file.path), file.text);

  std::ofstream(out / "rtl/stale.sv") << "old\n";
  ASSERT_TRUE(WriteDesign(nano, out.string() + "/"));
  EXPECT_FALSE(fs::exists(out / "rtl/stale.sv"));

  const fs::path foreign = scratch.path() / "foreign";
  fs::create_directory(foreign);
  ASSERT_TRUE(WriteDesign(nano, foreign.string())) << "an empty folder is taken";
  fs::remove(foreign / "README.md");
  const Expected<void> refused = WriteDesign(nano, foreign.string());
  ASSERT_FALSE(refused);
  EXPECT_EQ(
      refused.error().message,
      "output " + foreign.string() + ": must be empty or an earlier output of ternfab generate");
  EXPECT_TRUE(fs::exists(foreign / "spec.yaml"));

  std::ofstream(scratch.path() / "file") << "x";
  EXPECT_FALSE(WriteDesign(nano, (scratch.path() / "file").string()));
  EXPECT_FALSE(WriteDesign(nano, (scratch.path() / "file/inside").string()));
  std::set<std::string> left;
  for (const auto& entry : fs::directory_iterator(scratch.path())) {
    left.insert(entry.path().filename());
  }
  EXPECT_EQ(left, (std::set<std::string>{"a", "file", "foreign"}));
}

TEST(RtlReferences, CommentsAndStringsDoNotCount) {
  EXPECT_EQ(
      RtlReferences("// tf_a\n/* tf_b */ tf_c #(1) u_tf_d (tf_e_pkg::X); $error(\"tf_f\");\n"),
      (std::vector<std::string>{"tf_c", "tf_e_pkg"}));
}

}  // namespace
}  // namespace ternfab
