// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/memory/dram_config.h"

namespace ternfab {

/// Where the bytes of an access are.
struct DramAddress {
  int channel = 0;
  int bank = 0;
  int32_t row = 0;

  bool operator==(const DramAddress&) const = default;
};

/// Byte address -> channel, bank, row. From the lowest bits up:
///
///   byte of the access | stripe | channel | bank group | low column | bank | high column | row
///
/// where the bits of a stripe are the lowest of group and column. A sequential stream alternates
/// between the bank groups and changes the bank of each every bank_stripe_bytes. The channel is
/// turned by, the bank XORed with, a fold of the bits above: addresses that differ in one
/// bit of the row are in different banks.
class AddressMap {
 public:
  explicit AddressMap(const DramConfig& config);

  DramAddress At(uint64_t byte) const {
    Block block;
    return At(byte, block);
  }

  /// The accesses last looked up that differ in their bank group only.
  struct Block {
    uint64_t index = ~uint64_t{0};
    DramAddress first;
  };
  /// The same, faster for neighbours: `last` is that of the call before.
  DramAddress At(uint64_t byte, Block& last) const {
    const uint64_t index = byte >> access_shift_;
    if (last.index != index >> block_shift_) last = BlockAt(index);
    DramAddress at = last.first;
    at.bank += int(index & group_mask_);
    return at;
  }

 private:
  Block BlockAt(uint64_t index) const;

  int access_shift_;
  int stripe_shift_;  ///< bits of a channel's stripe, in accesses
  uint64_t channels_;
  int group_shift_;  ///< bits of the bank group
  uint64_t group_mask_;
  int low_shift_;    ///< bits of group and low column, in accesses
  int block_shift_;  ///< bits of an index that leave channel, bank of the group and row alone
  int bank_shift_;   ///< bits of the bank in its group
  int high_shift_;   ///< bits of the high column
};

}  // namespace ternfab
