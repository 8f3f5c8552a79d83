// SPDX-License-Identifier: Apache-2.0
// Input: a config.json.
#include "models/hf_config.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ternfab;
  const auto config =
      ReadHfConfig({reinterpret_cast<const char*>(data), size}, "config.json", "name");
  if (!config) fuzz::CheckError(config.error());
  return 0;
}
