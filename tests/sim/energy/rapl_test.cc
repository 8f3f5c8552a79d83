// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/rapl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/common/temp_folder.h"

namespace ternfab {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

/// A powercap tree of files.
class Rapl : public ::testing::Test {
 protected:
  void Write(const std::string& folder, const std::string& file, const std::string& text) {
    fs::create_directories(root_ / folder);
    std::ofstream(root_ / folder / file) << text << "\n";
  }
  void Domain(const std::string& folder, const std::string& name, uint64_t energy_uj) {
    Write(folder, "name", name);
    Write(folder, "max_energy_range_uj", "1000000");
    Write(folder, "energy_uj", std::to_string(energy_uj));
  }

  const testing::TempFolder folder_;
  const fs::path& root_ = folder_.path();
};

TEST_F(Rapl, AddsPackagesAndDramAndNothingTwice) {
  Domain("intel-rapl:0", "package-0", 100);
  Domain("intel-rapl:0:0", "core", 100);
  Domain("intel-rapl:0:1", "dram", 100);
  Domain("intel-rapl:1", "package-1", 100);
  Domain("intel-rapl:2", "psys", 100);
  Domain("intel-rapl-mmio:0", "package-0", 100);
  auto meter = RaplMeter::Open(root_);
  ASSERT_TRUE(meter);
  EXPECT_EQ(meter->domains(), "package-0, dram, package-1");
  Domain("intel-rapl:0", "package-0", 300100);
  Domain("intel-rapl:0:0", "core", 200100);
  Domain("intel-rapl:0:1", "dram", 50100);
  Domain("intel-rapl:1", "package-1", 100100);
  EXPECT_DOUBLE_EQ(*meter->Sample(), 0.45);
  EXPECT_DOUBLE_EQ(*meter->Sample(), 0.45);
}

TEST_F(Rapl, FollowsACounterThatWraps) {
  Domain("intel-rapl:0", "package-0", 900000);
  auto meter = RaplMeter::Open(root_);
  ASSERT_TRUE(meter);
  Domain("intel-rapl:0", "package-0", 50000);
  EXPECT_DOUBLE_EQ(*meter->Sample(), 0.15);
}

TEST_F(Rapl, SaysWhyThereIsNothing) {
  EXPECT_THAT(RaplMeter::Open(root_).error().message, HasSubstr("no RAPL energy counter"));
  Write("intel-rapl:0", "name", "package-0");
  EXPECT_THAT(RaplMeter::Open(root_).error().message,
              HasSubstr("intel-rapl:0/energy_uj: may not be read"));
}

TEST_F(Rapl, SaysThatACounterIsGone) {
  Domain("intel-rapl:0", "package-0", 1);
  auto meter = RaplMeter::Open(root_);
  ASSERT_TRUE(meter);
  fs::remove_all(root_);
  EXPECT_THAT(meter->Sample().error().message, HasSubstr("cannot be read any more"));
}

}  // namespace
}  // namespace ternfab
