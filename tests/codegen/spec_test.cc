// SPDX-License-Identifier: Apache-2.0
#include "codegen/spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include "codegen/devices.h"
#include "codegen/plan/memories.h"
#include "common/integer.h"
#include "models/model.h"

namespace ternfab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

HardwareSpec Preset(const std::string& name) {
  auto spec = FindSpec(name);
  TF_CHECK(spec.has_value(), "{}", spec.error().message);
  return *spec;
}

/// The message for kv260 after a change; "" when it stays valid.
std::string Changed(const std::function<void(HardwareSpec&)>& change) {
  HardwareSpec spec = Preset("kv260");
  change(spec);
  const auto valid = Validate(spec);
  return valid ? "" : valid.error().message;
}

TEST(Spec, PresetsAreValidAndReadable) {
  EXPECT_THAT(SpecPresetNames(), ElementsAre("arty-a7-35t", "hx8k", "kv260", "kv260-int8",
                                             "kv260-lut6", "kv260-table", "nano"));
  for (const std::string& name : SpecPresetNames()) {
    const auto spec = FindSpec(name);
    ASSERT_TRUE(spec) << spec.error().message;
    EXPECT_EQ(spec->name, name);
    EXPECT_EQ(*ParseSpec(ToYaml(*spec), "copy"), *spec);
    EXPECT_NE(FindDevice(spec->device), nullptr);
  }
  EXPECT_EQ(SpecPresetYaml("none"), "");
}

TEST(Spec, Kv260IsAsPublished) {
  const HardwareSpec spec = Preset("kv260");
  const DesignParams design = Derive(spec);
  EXPECT_EQ(spec.clock_mhz, 250);
  EXPECT_EQ(design.ports, 4);
  EXPECT_EQ(design.width_bits, 128);
  EXPECT_EQ(design.lanes, 80);
  EXPECT_EQ(design.batch, 4);
  EXPECT_EQ(design.queries, 4);
  EXPECT_EQ(design.vector_lanes, 16);
  EXPECT_EQ(design.wide_bytes(), 64);
  EXPECT_EQ(design.limits, (DesignLimits{4096, 14336, 4096, 131072}));
}

TEST(Spec, EveryRuleHasItsMessage) {
  const auto message = [](const auto& change) { return Changed(change); };
  using S = HardwareSpec;
  EXPECT_EQ(message([](S&) {}), "");
  EXPECT_EQ(message([](S& s) { s.engine.lanes = 64; }),
            "spec kv260: engine.lanes = 64: must be 80 (128-bit beat, weight_code base3)");
  EXPECT_EQ(message([](S& s) { s.engine.weight_code = WeightCode::kTwoBit; }),
            "spec kv260: engine.lanes = 80: must be 64 (128-bit beat, weight_code two_bit)");
  EXPECT_EQ(message([](S& s) { s.engine.count = 2; }),
            "spec kv260: engine.count = 2: must be 4 (memory.ports)");
  EXPECT_EQ(message([](S& s) { s.engine.count = 0; }),
            "spec kv260: engine.count = 0: must be 4 (memory.ports)");
  EXPECT_EQ(message([](S& s) { s.int8.lanes = 32; }),
            "spec kv260: int8.lanes = 32: must be 64 (memory.ports * width_bits / 8)");
  EXPECT_EQ(message([](S& s) { s.memory.ports = s.engine.count = 3; }),
            "spec kv260: memory.ports = 3: must be one of 1, 2, 4, 8, 16");
  EXPECT_EQ(message([](S& s) { s.engine.batch = 5; }),
            "spec kv260: engine.batch = 5: must be at most 4 (vector.lanes / engine.count)");
  EXPECT_EQ(message([](S& s) { s.engine.batch = 9; }),
            "spec kv260: engine.batch = 9: must be 1 to 8");
  EXPECT_EQ(message([](S& s) { s.int8.queries = 9; }),
            "spec kv260: int8.queries = 9: must be 1 to 8");
  EXPECT_EQ(message([](S& s) { s.vector.lanes = 3; }),
            "spec kv260: vector.lanes = 3: must be one of 1, 2, 4, 8, 16");
  EXPECT_EQ(message([](S& s) { s.vector.lanes = 2; }),
            "spec kv260: vector.lanes = 2: must be a multiple of engine.count = 4");
  EXPECT_EQ(message([](S& s) {
              s.memory.ports = s.engine.count = 1;
              s.int8.lanes = 16;
            }),
            "spec kv260: vector.lanes = 16: must be at most 4 (a quarter of memory.ports * "
            "width_bits / 8)");
  EXPECT_EQ(message([](S& s) { s.engine.kind = "systolic"; }),
            "spec kv260: engine.kind = systolic: must be one of adder_tree, adder_tree_lut6, "
            "table, int8_mac");
  EXPECT_EQ(message([](S& s) { s.engine.kind = "adder_tree_lut6"; }), "");
  EXPECT_EQ(message([](S& s) { s.engine.kind = "int8_mac"; }),
            "spec kv260: engine.weight_code = base3: must be int8 (engine.kind int8_mac)");
  EXPECT_EQ(message([](S& s) { s.engine.weight_code = WeightCode::kInt8; }),
            "spec kv260: engine.weight_code = int8: must be base3 or two_bit (engine.kind "
            "adder_tree)");
  const auto int8_mac = [](S& s) {
    s.engine.kind = "int8_mac";
    s.engine.weight_code = WeightCode::kInt8;
    s.engine.lanes = 16;
  };
  EXPECT_EQ(message(int8_mac), "spec kv260: engine.pipeline = 1: must be 2 (engine.kind int8_mac)");
  for (const char* device : {"ecp5-85f", "hx8k", "vck5000"}) {
    const auto lut6 = [device](S& s) {
      s.device = device;
      s.engine.kind = "adder_tree_lut6";
    };
    EXPECT_EQ(message(lut6),
              fmt::format("spec kv260: engine.kind = adder_tree_lut6: must be adder_tree (device "
                          "{} has no LUT6_2 and CARRY4)",
                          device));
  }
  EXPECT_EQ(message([](S& s) { s.memory.kind = "ddr4"; }),
            "spec kv260: memory.kind = ddr4: must be one of ddr3, ddr4-2400, fixed, hbm2, lpddr4");
  EXPECT_EQ(message([](S& s) { s.memory.kind = "ddr4-2400", s.memory.latency = 8; }),
            "spec kv260: memory.latency = 8: must be at least 9 (a read of ddr4-2400 alone takes 8 "
            "cycles at 250 MHz)");
  EXPECT_EQ(message([](S& s) { s.memory.kind = "ddr4-2400", s.memory.response_bytes = 64; }),
            "spec kv260: memory.response_bytes = 64: must be at least 128 (two beats, two accesses "
            "of ddr4-2400)");
  EXPECT_EQ(message([](S& s) { s.memory.response_bytes = 1 << 17; }),
            "spec kv260: memory.response_bytes = 131072: must be a power of two, 4 to 65536");
  EXPECT_EQ(message([](S& s) { s.head = "shortlist"; }),
            "spec kv260: shortlist_rows = 0: must be 16 to 1024");
  EXPECT_EQ(message([](S& s) { s.shortlist_rows = 256; }),
            "spec kv260: shortlist_rows = 256: must be 0 (head int8)");
  EXPECT_EQ(message([](S& s) { s.head = "shortlist", s.shortlist_rows = 40; }),
            "spec kv260: shortlist_rows = 40: must be a multiple of 16");
  EXPECT_EQ(message([](S& s) { s.head = "shortlist", s.shortlist_rows = 16; }),
            "spec kv260: shortlist_rows = 16: must be at least 32 (limits.vocab / 4096)");
  EXPECT_EQ(message([](S& s) { s.head = "top"; }),
            "spec kv260: head = top: must be int8 or shortlist");
  EXPECT_EQ(message([](S& s) { s.engine.activation_bits = 4; }),
            "spec kv260: engine.activation_bits = 4: must be 8; others are not built");
  EXPECT_EQ(message([](S& s) { s.kv_cache_bits = 4; }),
            "spec kv260: kv_cache_bits = 4: must be 8; others are not built");
  EXPECT_EQ(message([](S& s) { s.memory.max_burst_beats = 17; }),
            "spec kv260: memory.max_burst_beats = 17: must be one of 16, 256");
  EXPECT_EQ(message([](S& s) { s.memory.latency = 0; }),
            "spec kv260: memory.latency = 0: must be 1 to 1000");
  EXPECT_EQ(message([](S& s) { s.limits.hidden = 4100; }),
            "spec kv260: limits.hidden = 4100: must be a multiple of 16");
  EXPECT_EQ(message([](S& s) { s.limits.ffn = 65552; }),
            "spec kv260: limits.ffn = 65552: must be 16 to 65536");
  EXPECT_EQ(message([](S& s) { s.clock_mhz = 0; }), "spec kv260: clock_mhz = 0: must be 1 to 2000");
  EXPECT_EQ(message([](S& s) { s.name = "a b"; }),
            "spec a b: name = a b: must be 1 to 64 letters, digits, '.', '_' or '-'");
  EXPECT_THAT(message([](S& s) { s.device = "tpu"; }),
              HasSubstr("device = tpu: must be one of xc7a35t, xc7a100t, kv260, "));
  EXPECT_EQ(message([](S& s) { s.memory.capacity_mib = 262145; }),
            "spec kv260: memory.capacity_mib = 262145: must be 1 to 262144 (32-bit beat "
            "addresses)");
}

TEST(Spec, ContextFitsTheStridesOfTheInstructionSet) {
  HardwareSpec spec = Preset("nano");
  spec.limits.context = 8176;  // 4088 words of 2
  EXPECT_TRUE(Validate(spec)) << Validate(spec).error().message;
  spec.limits.context = 8192;
  EXPECT_EQ(Validate(spec).error().message,
            "spec nano: limits.context = 8192: must be at most 8176 (vector.lanes = 2, 4095 words "
            "of a stride)");
}

TEST(Spec, DepthsFitTheAddressesOfTheInstructionSet) {
  HardwareSpec spec = Preset("nano");
  spec.limits.hidden = spec.limits.ffn = 65536;
  spec.limits.context = 8176;
  EXPECT_TRUE(Validate(spec)) << Validate(spec).error().message;
  spec = Preset("kv260");
  spec.vector.lanes = 4;
  spec.engine.batch = 1;
  spec.limits.hidden = spec.limits.ffn = 65536;
  EXPECT_TRUE(Validate(spec)) << Validate(spec).error().message;
}

TEST(SpecText, NamesTheKey) {
  const std::string good(SpecPresetYaml("nano"));
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const size_t at = text.find(from);
    TF_CHECK(at != std::string::npos, "{}", from);
    text.replace(at, from.size(), to);
    const auto spec = ParseSpec(text, "x.yaml");
    return spec ? std::string() : spec.error().message;
  };
  EXPECT_EQ(with("  lanes: 40\n", ""),
            "spec nano: engine.lanes: missing: every field must be given");
  EXPECT_EQ(with("clock_mhz: 100", "clock: 100"),
            "spec nano: clock_mhz: missing: every field must be given");
  EXPECT_EQ(with("  lanes: 40\n", "  lanes: 40\n  turbo: 1\n"),
            "spec nano: engine.turbo: unknown field: must be one of kind, count, lanes, batch, "
            "weight_code, activation_bits, pipeline");
  EXPECT_EQ(with("lanes: 40", "lanes: many"), "spec nano: engine.lanes = many: must be an integer");
  EXPECT_EQ(with("lanes: 40", "lanes: 40.5"), "spec nano: engine.lanes = 40.5: must be an integer");
  EXPECT_EQ(with("lanes: 40", "lanes: 99999999999"),
            "spec nano: engine.lanes = 99999999999: must be an integer");
  EXPECT_EQ(with("lanes: 40", "lanes: [1, 2]"),
            "spec nano: engine.lanes = (no single value): must be an integer");
  EXPECT_EQ(with("clock_mhz: 100", "clock_mhz: fast"),
            "spec nano: clock_mhz = fast: must be a number");
  EXPECT_EQ(with("weight_code: base3", "weight_code: base4"),
            "spec nano: engine.weight_code = base4: must be base3, two_bit or int8");
  EXPECT_EQ(with("  lanes: 40\n", "  lanes: 40\n  lanes: 40\n"),
            "spec nano: engine.lanes: given twice");
  EXPECT_EQ(with("vector:\n  lanes: 2", "vector: 2"), "spec nano: vector = 2: must be a map");
}

TEST(SpecText, RefusesWhatIsNoYaml) {
  EXPECT_THAT(ParseSpec("a: [1", "x.yaml").error().message, HasSubstr("spec x.yaml: line "));
  EXPECT_EQ(ParseSpec("7", "x.yaml").error().message, "spec x.yaml: must be a YAML map of fields");
  EXPECT_EQ(ParseSpec("", "x.yaml").error().message, "spec x.yaml: must be a YAML map of fields");
  EXPECT_EQ(ParseSpec("name: q", "x.yaml").error().message,
            "spec q: device: missing: every field must be given");
}

TEST(SpecText, MessagesAreOneLineWhateverTheTextHolds) {
  EXPECT_EQ(ParseSpec("name: \"a\\nb\\x7f\"", "x").error().message,
            "spec a\\x0ab\\x7f: device: missing: every field must be given");
  EXPECT_EQ(ParseSpec("name: k\x7f", "x").error().message,
            "spec k\\x7f: device: missing: every field must be given");
  std::string text(SpecPresetYaml("nano"));
  text += "\"\\x07" + std::string(100, 'k') + "\": 1\n";
  EXPECT_THAT(ParseSpec(text, "x").error().message,
              HasSubstr("spec nano: \\x07" + std::string(63, 'k') + "...: unknown field"));
  EXPECT_EQ(Changed([](HardwareSpec& s) { s.head = "a\nb"; }),
            "spec kv260: head = a\\x0ab: must be int8 or shortlist");
  EXPECT_THAT(Changed([](HardwareSpec& s) { s.name = "a\nb"; }),
              HasSubstr("spec a\\x0ab: name = a\\x0ab: must be"));
}

TEST(SpecText, HasALargestSize) {
  const std::string text = "name: " + std::string(65530, 'k');
  EXPECT_THAT(ParseSpec(text, "x").error().message, HasSubstr("device: missing"));
  EXPECT_EQ(ParseSpec(text + ' ', "x").error().message, "spec x: must be at most 65536 bytes");
  EXPECT_EQ(FindSpec("/dev/zero").error().message, "spec /dev/zero: must be at most 65536 bytes");
}

TEST(SpecText, FoundByPath) {
  const std::filesystem::path path =
      std::filesystem::path(testing::TempDir()) / "ternfab_spec_test.yaml";
  std::ofstream(path) << SpecPresetYaml("nano");
  const auto spec = FindSpec(path.string());
  ASSERT_TRUE(spec) << spec.error().message;
  EXPECT_EQ(*spec, Preset("nano"));
  std::filesystem::remove(path);
  EXPECT_EQ(FindSpec("nowhere").error().message,
            "spec nowhere: must be a readable file or one of arty-a7-35t, hx8k, kv260, kv260-int8, "
            "kv260-lut6, kv260-table, nano");
  EXPECT_FALSE(FindSpec(testing::TempDir()));
}

TEST(DesignHash, FollowsTheHardwareOnly) {
  const HardwareSpec base = Preset("kv260");
  const uint64_t hash = DesignHash(base);
  const auto changed = [&](const std::function<void(HardwareSpec&)>& change) {
    HardwareSpec spec = base;
    change(spec);
    return DesignHash(spec);
  };
  using S = HardwareSpec;
  EXPECT_EQ(changed([](S& s) { s.name = "other"; }), hash);
  EXPECT_EQ(changed([](S& s) { s.clock_mhz = 100; }), hash);
  EXPECT_EQ(changed([](S& s) { s.memory.capacity_mib = 1; }), hash);
  const std::set<uint64_t> hashes = {
      hash,
      changed([](S& s) { s.engine.batch = 2; }),
      changed([](S& s) { s.engine.pipeline = 2; }),
      changed([](S& s) { s.engine.weight_code = WeightCode::kTwoBit; }),
      changed([](S& s) { s.int8.queries = 2; }),
      changed([](S& s) { s.vector.lanes = 8; }),
      changed([](S& s) { s.memory.latency = 65; }),
      changed([](S& s) { s.memory.max_burst_beats = 16; }),
      changed([](S& s) { s.limits.context = 2048; }),
      changed([](S& s) { s.limits.vocab = 1024; }),
  };
  EXPECT_EQ(hashes.size(), 10u);
}

/// BRAM36 blocks of a memory, at most 72 bits wide and 512 deep, 36 and 1024 or 18 and 2048.
int Bram36(int64_t width, int64_t depth) {
  int64_t least = INT64_MAX;
  for (const int shape : {72, 36, 18}) {
    least = std::min(least, CeilDiv(width, shape) * CeilDiv(depth, 36 * 1024 / shape));
  }
  return int(least);
}

TEST(Presets, MemoriesFitTheirDevices) {
  // Activation and query memories may be LUT RAM; here they count as block RAM too, but for AM of
  // at most 128 words.
  for (const std::string& name : SpecPresetNames()) {
    const HardwareSpec spec = Preset(name);
    const DesignParams d = Derive(spec);
    const Device& device = *FindDevice(spec.device);
    if (device.family == "ice40") continue;  // holds an engine only
    const int vm_uram = int(CeilDiv(32 * d.vector_lanes, 72) * CeilDiv(d.vm_words, 4096));
    int blocks = device.uram > 0 ? 0 : Bram36(32 * d.vector_lanes, d.vm_words);
    if (d.am_words > 128) blocks += d.batch * Bram36(8 * d.lanes, d.am_words);
    blocks += d.queries * Bram36(8 * d.int8_lanes(), d.qm_words);
    EXPECT_LE(blocks, device.bram36 * 3 / 4) << name;  // the rest: buffers of the DMA
    EXPECT_LE(device.uram > 0 ? vm_uram : 0, device.uram) << name;
  }
}

TEST(Presets, HoldTheModelsTheyAreMadeFor) {
  const auto fits = [](const std::string& preset, const std::string& model) {
    const DesignLimits limits = Preset(preset).limits;
    const ModelConfig config = *FindModelPreset(model);
    return config.hidden <= limits.hidden && config.ffn <= limits.ffn &&
           config.vocab <= limits.vocab;
  };
  EXPECT_TRUE(fits("arty-a7-35t", "bitnet-0.7b"));
  EXPECT_TRUE(fits("kv260", "bitnet-2b4t"));
  EXPECT_TRUE(fits("kv260", "bitnet-3b"));
  EXPECT_TRUE(fits("kv260", "llama3-8b-1.58"));
}

TEST(Memories, RegionsAreDisjoint) {
  for (const std::string& name : SpecPresetNames()) {
    const DesignParams d = Derive(Preset(name));
    const VmMap vm = MakeVmMap(d);
    std::vector<int> starts = {0, vm.norm, vm.last, vm.key_scale, vm.value_scale, vm.words};
    for (int b = 0; b < d.batch; ++b) {
      starts.insert(starts.end(), {vm.x[b], vm.rope[b], vm.work[b]});
      EXPECT_EQ(vm.work[b], vm.work[0] + b * vm.work_pitch);
    }
    starts.insert(starts.end(), vm.buffer.begin(), vm.buffer.end());
    starts.insert(starts.end(), vm.out.begin(), vm.out.end());
    starts.insert(starts.end(), vm.logits.begin(), vm.logits.end());
    const std::set<int> distinct(starts.begin(), starts.end());
    EXPECT_EQ(distinct.size(), starts.size() - 1);  // x[0] is word 0
    EXPECT_EQ(*distinct.rbegin(), vm.words);
    EXPECT_EQ(d.vm_words, vm.words);
  }
}

/// The number that a cell of a Markdown table begins with: "1,248", "7,680 LUT4".
double NumberOf(std::string cell) {
  std::erase(cell, ',');
  return std::stod(cell);
}

TEST(Devices, DocsHaveTheirTable) {
  std::ifstream in(TF_SOURCE_DIR "/docs/estimate.md");
  size_t found = 0;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, '|');) cells.push_back(cell);
    if (cells.size() < 10 || !cells[1].starts_with(" `")) continue;
    const std::string name = cells[1].substr(2, cells[1].rfind('`') - 2);
    const Device* device = FindDevice(name);
    ASSERT_NE(device, nullptr) << name;
    ++found;
    EXPECT_EQ(NumberOf(cells[4]), device->lut) << name;
    EXPECT_EQ(NumberOf(cells[5]), device->ff) << name;
    EXPECT_EQ(NumberOf(cells[6]), device->dsp) << name;
    const double blocks = NumberOf(cells[7]);
    EXPECT_EQ(cells[7].find("of 4 Kbit") == std::string::npos ? blocks : blocks / 9, device->bram36)
        << name;
    EXPECT_EQ(NumberOf(cells[8]), device->uram) << name;
  }
  EXPECT_EQ(found, Devices().size());
}

TEST(Devices, TableIsComplete) {
  EXPECT_EQ(Devices().size(), 8u);
  EXPECT_EQ(FindDevice("kv260")->uram, 64);
  EXPECT_EQ(FindDevice("xc7a35t")->lut, 20800);
  EXPECT_EQ(FindDevice("none"), nullptr);
}

}  // namespace
}  // namespace ternfab
