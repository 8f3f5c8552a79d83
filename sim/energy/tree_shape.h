// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ternfab {

/// What a tree of adders consists of; every bit moves when operands pass.
struct TreeShape {
  int64_t adders = 0;
  int64_t adder_bits = 0;     ///< sum of their widths
  int64_t register_bits = 0;  ///< data behind registered levels, the late +1 of lanes included
};

/// The generated ternary adder tree (codegen/adder_tree.h): nodes k and k + n/2 of a level are
/// added, an odd one passes by; n lanes sum up to at most 256 n, less 1 while a +1 is owed. Of 80
/// lanes: 79 adders of 9 to 15 bits.
TreeShape TernaryTreeShape(int lanes, int pipeline);

/// tf_int_tree of the int8 engine: sums of `lanes` (a power of two) products of 16 bits, one bit
/// more a level, a register behind every second level and the last.
TreeShape Int8TreeShape(int lanes);

}  // namespace ternfab
