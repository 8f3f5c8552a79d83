// SPDX-License-Identifier: Apache-2.0
// Synthesises every preset, module by module: minutes each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/area/area.h"
#include "sim/area/synthesis_log.h"
#include "tests/codegen/design_folder.h"

namespace ternfab {
namespace {

using ::testing::IsEmpty;

/// All presets but those of devices that hold an engine only.
std::vector<std::string> AcceleratorPresets() {
  std::vector<std::string> names = SpecPresetNames();
  std::erase_if(names, [](const std::string& name) {
    return FindDevice(FindSpec(name)->device)->family == "ice40";
  });
  return names;
}

class Area : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Presets, Area, ::testing::ValuesIn(AcceleratorPresets()),
                         [](const auto& info) {
                           std::string name = info.param;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

TEST_P(Area, MemoriesAreRamAndTheDesignFits) {
  const Expected<HardwareSpec> spec = FindSpec(GetParam());
  ASSERT_TRUE(spec);
  const Expected<AreaReport> area = EstimateArea(*spec, {});
  ASSERT_TRUE(area) << area.error().message;
  int memories = 0;
  for (const ModuleArea& m : area->per_module) {
    EXPECT_THAT(m.register_files, IsEmpty()) << m.module << " " << m.parameters;
    memories += m.memories * m.instances;
  }
  int blocks = 0;
  for (const SignatureMemory& memory : MakeSignature(*spec).memories) blocks += memory.copies;
  EXPECT_GE(memories, blocks);
  EXPECT_TRUE(area->fits) << area->binding_resource;
}

/// The script that `generate` writes, in one process of Yosys, leaves the same cells.
TEST(AreaOfNano, EqualsTheScriptOfTheDesign) {
  const Expected<HardwareSpec> spec = FindSpec("nano");
  ASSERT_TRUE(spec);
  const DesignFolder d(*spec);
  ASSERT_EQ(d.Run("yosys -q -l synth.log scripts/synth.ys"), 0) << d.log();
  std::vector<std::string> unmapped;
  const Resources whole = TotalResources(
      ReadSynthesisLog(ReadAll(d.scratch.path() / "d/synth.log")), d.signature.top, unmapped);
  EXPECT_THAT(unmapped, IsEmpty());
  const Expected<AreaReport> area = EstimateArea(*spec, {});
  ASSERT_TRUE(area) << area.error().message;
  EXPECT_EQ(area->total.ff, whole.ff);
  EXPECT_EQ(area->total.dsp, whole.dsp);
  EXPECT_EQ(area->total.bram36, whole.bram36);
  EXPECT_EQ(area->total.uram, whole.uram);
  EXPECT_EQ(area->total.lutram, whole.lutram);
  EXPECT_EQ(area->total.carry, whole.carry);
  // The mapper's choice of LUTs depends on the names of nets.
  EXPECT_NEAR(area->total.lut, whole.lut, 0.01 * whole.lut);
}

}  // namespace
}  // namespace ternfab
