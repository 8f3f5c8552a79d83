// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/address_map.h"

#include <algorithm>
#include <bit>

#include "common/check.h"

namespace ternfab {
namespace {

int Log2(int value) {
  TF_CHECK(value > 0 && std::has_single_bit(unsigned(value)), "{} is no power of two", value);
  return std::countr_zero(unsigned(value));
}

/// XOR of the six lowest digits of `bits` bits.
uint64_t Fold(uint64_t value, int bits) {
  const uint64_t two = value ^ value >> bits;
  const uint64_t six = two ^ two >> 2 * bits ^ two >> 4 * bits;
  return six & ((uint64_t{1} << bits) - 1);
}

}  // namespace

AddressMap::AddressMap(const DramConfig& config)
    : access_shift_(Log2(config.geometry.access_bytes)),
      stripe_shift_(Log2(config.stripe_bytes) - access_shift_),
      channels_(uint64_t(config.channels)),
      group_shift_(Log2(config.geometry.bank_groups)),
      group_mask_((uint64_t{1} << group_shift_) - 1),
      low_shift_(Log2(config.bank_stripe_bytes) - access_shift_),
      block_shift_(channels_ > 1 ? std::min(stripe_shift_, low_shift_) : low_shift_),
      bank_shift_(Log2(config.geometry.banks_per_group)),
      high_shift_(Log2(config.geometry.row_bytes) - access_shift_ + group_shift_ - low_shift_) {
  TF_CHECK(config.channels >= 1 && stripe_shift_ >= 0 && block_shift_ >= group_shift_ &&
               high_shift_ >= 0,
           "{} channels, stripes of {} and {} bytes", channels_, config.stripe_bytes,
           config.bank_stripe_bytes);
}

AddressMap::Block AddressMap::BlockAt(uint64_t index) const {
  Block block{index >> block_shift_, {}};
  if (channels_ > 1) {
    const uint64_t stripe = index >> stripe_shift_;
    const uint64_t above = stripe / channels_;
    block.first.channel = int((stripe + Fold(above, 6)) % channels_);
    index = above << stripe_shift_ | (index & ((uint64_t{1} << stripe_shift_) - 1));
  }
  const uint64_t above = index >> low_shift_;
  const uint64_t row = above >> (bank_shift_ + high_shift_);
  const uint64_t bank = (above ^ Fold(row, bank_shift_)) & ((uint64_t{1} << bank_shift_) - 1);
  block.first.bank = int(bank << group_shift_);
  block.first.row = int32_t(row & 0x7fffffff);
  return block;
}

}  // namespace ternfab
