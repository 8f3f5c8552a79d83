// SPDX-License-Identifier: Apache-2.0
#include "tests/codegen/xc7_resources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/area/synthesis_log.h"
#include "sim/area/yosys.h"

namespace ternfab {

Resources Xc7Resources(const std::filesystem::path& folder, const std::string& read,
                       const std::string& module) {
  const auto log =
      RunYosys(folder, read + "\nsynth_xilinx -family xc7 -abc9 -noiopad -top " + module + "\n");
  if (!log) {
    ADD_FAILURE() << log.error().message;
    return {};
  }
  std::vector<std::string> unmapped;
  const Resources total = TotalResources(ReadSynthesisLog(*log), module, unmapped);
  EXPECT_THAT(unmapped, ::testing::IsEmpty());
  return total;
}

}  // namespace ternfab
