// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/dram_state.h"

#include <gtest/gtest.h>

namespace ternfab {
namespace {

using enum DramCommand;

/// Two groups of four banks (bank b is in group b mod 2), every distance one cycle.
class DramStateTest : public testing::Test {
 protected:
  DramStateTest() {
    t_.burst = t_.tCCD_S = t_.tCCD_L = 1;
    t_.turnaround = 0;
  }
  void Begin() {
    DramGeometry geometry;
    geometry.bank_groups = 2;
    geometry.banks_per_group = 4;
    state_.emplace(t_, geometry);
  }
  void Issue(DramCommand command, int bank, uint64_t now) {
    ASSERT_LE(state_->ReadyAt(command, bank), now);
    state_->Issue(command, bank, command == kActivate ? 7 : DramState::kClosed, now);
  }
  void Open(std::initializer_list<int> banks) {
    uint64_t now = 10;
    for (const int bank : banks) Issue(kActivate, bank, now += 20);
  }
  /// Blocked at cycle n - 1, ready at n.
  void ExpectReadyAt(DramCommand command, int bank, uint64_t n) {
    const auto ready = [&](uint64_t now) { return state_->ReadyAt(command, bank) <= now; };
    EXPECT_FALSE(ready(n - 1));
    EXPECT_TRUE(ready(n));
  }

  DramTimings t_;
  std::optional<DramState> state_;
};

TEST_F(DramStateTest, ActivateToColumn) {
  t_.tRCD = 10;
  Begin();
  Issue(kActivate, 3, 100);
  EXPECT_EQ(state_->open_row(3), 7);
  ExpectReadyAt(kRead, 3, 110);
  ExpectReadyAt(kWrite, 3, 110);
}

TEST_F(DramStateTest, ActivateToPrecharge) {
  t_.tRAS = 10;
  Begin();
  Issue(kActivate, 3, 100);
  ExpectReadyAt(kPrecharge, 3, 110);
  ExpectReadyAt(kPrechargeAll, 0, 110);
}

TEST_F(DramStateTest, PrechargeToActivate) {
  t_.tRP = 10;
  Begin();
  Issue(kActivate, 3, 100);
  Issue(kPrecharge, 3, 200);
  EXPECT_EQ(state_->open_row(3), DramState::kClosed);
  ExpectReadyAt(kActivate, 3, 210);
}

TEST_F(DramStateTest, RowCycleIsRasAndRp) {
  t_.tRAS = 30;
  t_.tRP = 12;
  Begin();
  Issue(kActivate, 3, 100);
  Issue(kPrecharge, 3, 130);
  ExpectReadyAt(kActivate, 3, 142);
}

TEST_F(DramStateTest, PrechargeAllToRefreshAndActivate) {
  t_.tRPab = 10;
  Begin();
  Open({0, 1, 5});
  Issue(kPrechargeAll, 0, 200);
  EXPECT_FALSE(state_->any_open());
  ExpectReadyAt(kRefresh, 0, 210);
  ExpectReadyAt(kActivate, 5, 210);
}

TEST_F(DramStateTest, ColumnToColumn) {
  t_.tCCD_S = 5;
  t_.tCCD_L = 9;
  for (const DramCommand command : {kRead, kWrite}) {
    Begin();
    Open({0, 1, 2});
    Issue(command, 0, 100);
    ExpectReadyAt(command, 1, 105);
    ExpectReadyAt(command, 2, 109);
    ExpectReadyAt(command, 0, 109);
  }
}

TEST_F(DramStateTest, ActivateToActivate) {
  t_.tRRD_S = 5;
  t_.tRRD_L = 9;
  Begin();
  Issue(kActivate, 0, 100);
  ExpectReadyAt(kActivate, 1, 105);
  ExpectReadyAt(kActivate, 2, 109);
}

TEST_F(DramStateTest, FourActivatesInAWindow) {
  t_.tFAW = 50;
  Begin();
  Issue(kActivate, 0, 100);
  Issue(kActivate, 1, 103);
  Issue(kActivate, 2, 106);
  ExpectReadyAt(kActivate, 3, 107);
  Issue(kActivate, 3, 109);
  ExpectReadyAt(kActivate, 4, 150);
  Issue(kActivate, 4, 150);
  ExpectReadyAt(kActivate, 5, 153);
}

TEST_F(DramStateTest, ReadToPrecharge) {
  t_.tRTP = 10;
  Begin();
  Open({0});
  Issue(kRead, 0, 100);
  ExpectReadyAt(kPrecharge, 0, 110);
}

TEST_F(DramStateTest, WriteToPrecharge) {
  t_.tCWL = 3;
  t_.burst = 4;
  t_.tWR = 10;
  Begin();
  Open({0});
  Issue(kWrite, 0, 100);
  ExpectReadyAt(kPrecharge, 0, 117);
}

TEST_F(DramStateTest, WriteToRead) {
  t_.tCWL = 3;
  t_.burst = 4;
  t_.tWTR_S = 5;
  t_.tWTR_L = 9;
  Begin();
  Open({0, 1, 2});
  Issue(kWrite, 0, 100);
  ExpectReadyAt(kRead, 1, 112);
  ExpectReadyAt(kRead, 2, 116);
}

TEST_F(DramStateTest, ReadToWriteTurnsTheBus) {
  t_.tCL = 10;
  t_.tCWL = 3;
  t_.burst = 4;
  t_.turnaround = 2;
  Begin();
  Open({0, 1});
  Issue(kRead, 0, 100);  // data in 110..113, idle 114 and 115, write data from 116 on
  ExpectReadyAt(kWrite, 0, 113);
  ExpectReadyAt(kWrite, 1, 113);
}

TEST_F(DramStateTest, RefreshOfAllBanks) {
  t_.tRFC = 40;
  Begin();
  Issue(kRefresh, 0, 100);
  for (int bank = 0; bank < 8; ++bank) ExpectReadyAt(kActivate, bank, 140);
}

TEST_F(DramStateTest, RefreshOfOneBank) {
  t_.tRFC = 40;
  t_.per_bank_refresh = true;
  Begin();
  Open({1});
  Issue(kRefresh, 2, 100);
  ExpectReadyAt(kActivate, 2, 140);
  ExpectReadyAt(kActivate, 3, 101);
  ExpectReadyAt(kRead, 1, 101);
  ExpectReadyAt(kRefresh, 2, 140);
}

TEST_F(DramStateTest, CommandsTakeTheCommandBus) {
  t_.act_slots = 4;
  t_.cas_slots = 3;
  t_.pre_slots = 2;
  Begin();
  Issue(kActivate, 0, 100);
  ExpectReadyAt(kActivate, 1, 104);
  Issue(kRead, 0, 104);
  ExpectReadyAt(kActivate, 1, 107);
  Issue(kPrecharge, 0, 107);
  ExpectReadyAt(kActivate, 1, 109);
}

TEST_F(DramStateTest, DigestKnowsTimesRelativeToNow) {
  t_.tRCD = 10;
  const auto digest = [this](uint64_t start, uint64_t now, int32_t row) {
    Begin();
    state_->Issue(kActivate, 3, row, start);
    Digester d;
    state_->Digest(now, d);
    return d.value();
  };
  EXPECT_EQ(digest(100, 105, 7), digest(1100, 1105, 7));
  EXPECT_NE(digest(100, 105, 7), digest(100, 106, 7));
  EXPECT_EQ(digest(100, 110, 7), digest(100, 500, 7));
  EXPECT_NE(digest(100, 105, 7), digest(100, 105, 8));
}

}  // namespace
}  // namespace ternfab
