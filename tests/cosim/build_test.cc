// SPDX-License-Identifier: Apache-2.0
// Builds the designs that the other tests of this folder run: ctest starts these first.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/cosim/designs.h"

namespace ternfab {
namespace {

class Library : public testing::TestWithParam<std::string> {};

TEST_P(Library, Builds) { EXPECT_EQ(BuildCached(FindDesign(GetParam())), ""); }

std::string NameOf(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::vector<std::string> Names() {
  std::vector<std::string> names = DesignNames();
  names.push_back(kShortlistDesign);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Designs, Library, testing::ValuesIn(Names()), NameOf);
INSTANTIATE_TEST_SUITE_P(Engines, Library, testing::ValuesIn(EngineDesignNames()), NameOf);
// Some once more for the fixture: they come last, when the cache has them.
INSTANTIATE_TEST_SUITE_P(Presets, Library,
                         testing::Values("kv260", "arty-a7-35t", kShortlistDesign, "nano"), NameOf);

}  // namespace
}  // namespace ternfab
