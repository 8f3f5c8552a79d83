// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <random>

#include "Vunit_bench.h"
#include "tests/rtl/unit_driver.h"

namespace ternfab {
namespace {

struct PackerShape {
  int index;  ///< in bench_packer.svh
  int lanes, group, slots;
};
constexpr PackerShape kShapes[] = {{0, 16, 4, 4}, {1, 16, 1, 4}, {2, 4, 2, 2},
                                   {3, 2, 1, 2},  {4, 1, 1, 1},  {5, 8, 8, 2}};

class PackerBench {
 public:
  PackerBench(const PackerShape& shape, uint32_t seed) : shape_(shape), random_(seed) {
    bench_.rst_ni = 0;
    bench_.packer_select_i = uint8_t(shape.index);
    bench_.packer_clear_i = 0;
    bench_.packer_valid_i = 0;
    for (int i = 0; i < 2; ++i) Clock();
    bench_.rst_ni = 1;
  }
  ~PackerBench() { bench_.final(); }

  /// Packs `groups` groups for `slots` slots; the first fault in words.
  std::string Run(int groups, int slots, int gap_percent, int stall_percent) {
    Start(groups, slots);
    int sent = 0;
    while (!bench_.packer_done_o) {
      if (cycles_++ > 100000) return "never done";
      Drive(sent, groups, gap_percent);
      bench_.packer_vm_ready_i = int(random_() % 100) >= stall_percent;
      bench_.eval();
      if (bench_.packer_done_o) break;
      const std::string fault = TakeWrite();
      if (!fault.empty()) return fault;
      if (bench_.packer_valid_i && !bench_.packer_ready_o) ++refused_;
      if (bench_.packer_valid_i && bench_.packer_ready_o) ++sent;
      offered_ = bench_.packer_valid_i && !bench_.packer_ready_o;
      Clock();
    }
    if (sent != groups) return fmt::format("done after {} of {} groups", sent, groups);
    std::map<uint32_t, Words> expected;
    for (int s = 0; s < slots; ++s) {
      ExpectElements(expected, base_ + uint32_t(s) * pitch_, values_[size_t(s)], shape_.lanes);
    }
    return CompareWrites(writes_, expected);
  }

  int refused() const { return refused_; }

 private:
  void Clock() {
    bench_.clk_i = 1;
    bench_.eval();
    bench_.clk_i = 0;
    bench_.eval();
  }

  void Start(int groups, int slots) {
    const int words = (groups * shape_.group + shape_.lanes - 1) / shape_.lanes;
    base_ = random_() % 500000;
    pitch_ = uint32_t(words) + random_() % 3;
    writes_.clear();
    held_.reset();
    refused_ = 0;
    offered_ = false;
    cycles_ = 0;
    values_.assign(size_t(slots), {});
    for (std::vector<int32_t>& row : values_) {
      for (int i = 0; i < groups * shape_.group; ++i) row.push_back(int32_t(random_()));
    }
    bench_.packer_base_i = base_;
    bench_.packer_pitch_i = pitch_;
    bench_.packer_slots_i = uint8_t(slots);
    bench_.packer_valid_i = 0;
    bench_.packer_clear_i = 1;
    Clock();
    bench_.packer_clear_i = 0;
    bench_.eval();
  }

  void Drive(int sent, int groups, int gap_percent) {
    const bool valid = sent < groups && (offered_ || int(random_() % 100) >= gap_percent);
    bench_.packer_valid_i = valid;
    bench_.packer_last_i = valid ? sent == groups - 1 : random_() & 1;
    for (int i = 0; i < 16; ++i) {
      const int slot = i / shape_.group, e = i % shape_.group;
      const bool meant = valid && slot < int(values_.size());
      bench_.packer_values_i[i] =
          meant ? uint32_t(values_[size_t(slot)][size_t(sent * shape_.group + e)]) : random_();
    }
  }

  std::string TakeWrite() {
    Words data;
    for (int i = 0; i < shape_.lanes; ++i) data.push_back(bench_.packer_vm_data_o[i]);
    const std::pair<uint32_t, Words> shown{bench_.packer_vm_addr_o, data};
    if (held_ && (!bench_.packer_vm_valid_o || *held_ != shown)) return "a stalled write changes";
    held_.reset();
    if (!bench_.packer_vm_valid_o) return "";
    if (!bench_.packer_vm_ready_i) {
      held_ = shown;
    } else if (!writes_.insert(shown).second) {
      return fmt::format("word {} is written twice", shown.first);
    }
    return "";
  }

  PackerShape shape_;
  std::mt19937 random_;
  Vunit_bench bench_;
  uint32_t base_ = 0, pitch_ = 0;
  bool offered_ = false;
  int refused_ = 0, cycles_ = 0;
  std::vector<std::vector<int32_t>> values_;  ///< [slot][element]
  std::map<uint32_t, Words> writes_;
  std::optional<std::pair<uint32_t, Words>> held_;
};

TEST(ResultPackerTest, EverySizeInAnyWeather) {
  for (const PackerShape& shape : kShapes) {
    PackerBench bench(shape, uint32_t(shape.index) + 1);
    for (int groups = 1; groups <= 2 * shape.lanes / shape.group + 2; ++groups) {
      for (int slots = 1; slots <= shape.slots; ++slots) {
        for (const auto& [gap, stall] :
             std::initializer_list<std::pair<int, int>>{{0, 0}, {0, 70}, {70, 0}, {40, 40}}) {
          ASSERT_EQ(bench.Run(groups, slots, gap, stall), "")
              << "shape " << shape.index << ", " << groups << " groups, " << slots << " slots, gap "
              << gap << " stall " << stall;
        }
      }
    }
  }
}

// With VM always ready and Group * Slots <= VectorLanes, a group is taken every cycle.
TEST(ResultPackerTest, NeverRefusesWithReadyVm) {
  for (const PackerShape& shape : kShapes) {
    if (shape.group * shape.slots > shape.lanes) continue;
    PackerBench bench(shape, 77);
    ASSERT_EQ(bench.Run(100, shape.slots, 0, 0), "");
    EXPECT_EQ(bench.refused(), 0) << "shape " << shape.index;
    ASSERT_EQ(bench.Run(100, shape.slots, 0, 90), "");
    EXPECT_GT(bench.refused(), 0) << "shape " << shape.index;
  }
}

}  // namespace
}  // namespace ternfab
