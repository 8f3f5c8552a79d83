// SPDX-License-Identifier: Apache-2.0
// A fault that inputs reach in three steps: the test of what finds and reports faults.
#include <cstddef>
#include <cstdint>

#include "common/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const bool faulty = size >= 3 && data[0] == 'b' && data[1] == 'u' && data[2] == 'g';
  TF_CHECK(!faulty, "the injected fault");
  return 0;
}
