// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/address_map.h"

#include <gtest/gtest.h>

#include <map>
#include <tuple>

namespace ternfab {
namespace {

DramConfig ConfigOf(const DramPreset& preset, int channels) {
  DramConfig config;
  config.geometry = preset.geometry;
  config.channels = channels;
  return config;
}

TEST(AddressMap, EveryRowGetsAsManyAccessesAsItHolds) {
  for (const DramPreset& preset : DramPresets()) {
    for (const int channels : {1, 2, 3, 4, 32}) {
      const AddressMap map(ConfigOf(preset, channels));
      const int access = preset.geometry.access_bytes;
      const uint64_t bytes =
          uint64_t(channels) * uint64_t(preset.geometry.banks()) * preset.geometry.row_bytes * 4;
      std::map<std::tuple<int, int, int32_t>, int> accesses;
      for (uint64_t byte = 0; byte < bytes; byte += uint64_t(access)) {
        const DramAddress at = map.At(byte);
        EXPECT_LT(at.channel, channels);
        EXPECT_LT(at.bank, preset.geometry.banks());
        EXPECT_LT(at.row, 4);
        ++accesses[{at.channel, at.bank, at.row}];
      }
      EXPECT_EQ(accesses.size(), size_t(channels * preset.geometry.banks() * 4)) << preset.name;
      for (const auto& [place, count] : accesses) {
        ASSERT_EQ(count, preset.geometry.row_bytes / access) << preset.name;
      }
    }
  }
}

TEST(AddressMap, BytesOfAnAccessStayTogetherAndNeighboursChangeTheGroup) {
  const AddressMap map(ConfigOf(*FindDramPreset("ddr4-2400"), 1));
  EXPECT_EQ(map.At(0x12340), map.At(0x1237f));
  for (uint64_t byte = 0; byte < (1 << 20); byte += 64) {
    EXPECT_NE(map.At(byte).bank % 2, map.At(byte + 64).bank % 2);
  }
}

TEST(AddressMap, AddressesThatDifferInOneBitOfTheRowAreInDifferentBanks) {
  const AddressMap map(ConfigOf(*FindDramPreset("ddr4-2400"), 1));
  for (int shift = 16; shift < 28; ++shift) {  // six digits of two bits
    for (uint64_t byte = 0; byte < (1 << 20); byte += 512) {
      ASSERT_NE(map.At(byte).bank, map.At(byte ^ uint64_t{1} << shift).bank) << shift;
    }
  }
}

}  // namespace
}  // namespace ternfab
