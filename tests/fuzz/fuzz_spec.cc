// SPDX-License-Identifier: Apache-2.0
// Input: a hardware spec in YAML.
#include "codegen/spec.h"
#include "common/check.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ternfab;
  const auto spec = ParseSpec({reinterpret_cast<const char*>(data), size}, "spec.yaml");
  if (!spec) return fuzz::CheckError(spec.error()), 0;
  const auto again = ParseSpec(ToYaml(*spec), "again.yaml");
  TF_CHECK(again && *again == *spec, "{}", ToYaml(*spec));
  TF_CHECK(DesignHash(*again) == DesignHash(*spec));
  return 0;
}
