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
///   byte of the access | stripe of a channel | channel | bank group | column | bank | row
///
/// (the bits of a stripe above the access are those of group and column in the channel). The
/// channel is turned, and the bank is XORed, with a fold of the bits above it: streams whose
/// addresses differ by a power of two do not walk through the same banks together.
class AddressMap {
 public:
  AddressMap(const DramGeometry& geometry, int channels, int stripe_bytes);

  DramAddress At(uint64_t byte) const;

 private:
  int access_shift_;
  int stripe_shift_;  ///< in accesses
  uint64_t channels_;
  int group_shift_;   ///< bits of the bank group
  int column_shift_;  ///< bits of the column in accesses
  int bank_shift_;    ///< bits of the bank in its group
};

}  // namespace ternfab
