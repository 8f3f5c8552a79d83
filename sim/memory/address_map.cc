// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/address_map.h"

#include <bit>

#include "common/check.h"

namespace ternfab {
namespace {

int Log2(int value) {
  TF_CHECK(value > 0 && std::has_single_bit(unsigned(value)), "{} is no power of two", value);
  return std::countr_zero(unsigned(value));
}

/// XOR of the digits of `bits` bits.
uint64_t Fold(uint64_t value, int bits) {
  if (bits == 0) return 0;
  uint64_t sum = 0;
  for (; value != 0; value >>= bits) sum ^= value;
  return sum & ((uint64_t{1} << bits) - 1);
}

}  // namespace

AddressMap::AddressMap(const DramGeometry& geometry, int channels, int stripe_bytes)
    : access_shift_(Log2(geometry.access_bytes)),
      stripe_shift_(Log2(stripe_bytes) - access_shift_),
      channels_(uint64_t(channels)),
      group_shift_(Log2(geometry.bank_groups)),
      column_shift_(Log2(geometry.row_bytes) - access_shift_),
      bank_shift_(Log2(geometry.banks_per_group)) {
  TF_CHECK(channels >= 1 && stripe_shift_ >= 0 && column_shift_ >= 0, "{} channels of {} bytes",
           channels, stripe_bytes);
}

DramAddress AddressMap::At(uint64_t byte) const {
  DramAddress at;
  uint64_t index = byte >> access_shift_;
  if (channels_ > 1) {
    const uint64_t stripe = index >> stripe_shift_;
    const uint64_t above = stripe / channels_;
    at.channel = int((stripe + Fold(above, 6)) % channels_);
    index = above << stripe_shift_ | (index & ((uint64_t{1} << stripe_shift_) - 1));
  }
  const uint64_t group = index & ((uint64_t{1} << group_shift_) - 1);
  const uint64_t above = index >> (group_shift_ + column_shift_);
  const uint64_t row = above >> bank_shift_;
  const uint64_t bank = (above ^ Fold(row, bank_shift_)) & ((uint64_t{1} << bank_shift_) - 1);
  at.bank = int(bank << group_shift_ | group);
  at.row = int32_t(row & 0x7fffffff);
  return at;
}

}  // namespace ternfab
