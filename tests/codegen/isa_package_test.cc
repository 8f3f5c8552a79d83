// SPDX-License-Identifier: Apache-2.0
#include "codegen/isa_package.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "codegen/plan/isa.h"

namespace ternfab {
namespace {

std::string ReadCommitted() {
  std::ifstream file(std::string(TF_SOURCE_DIR) + "/rtl/tf_isa_pkg.sv");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// When this fails after a change of codegen/plan/isa.h, run the test with TF_UPDATE_GOLDEN=1.
TEST(IsaPackage, CommittedFileIsTheEmittersOutput) {
  if (std::getenv("TF_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(std::string(TF_SOURCE_DIR) + "/rtl/tf_isa_pkg.sv") << EmitIsaPackage();
  }
  EXPECT_EQ(ReadCommitted(), EmitIsaPackage());
}

TEST(IsaPackage, NamesEveryField) {
  const std::string text = EmitIsaPackage();
  for (const isa::Field& f : isa::kFields) {
    const std::string name = f.name;
    EXPECT_NE(text.find("int " + name + "Word = " + std::to_string(f.word) + ";"),
              std::string::npos)
        << name;
    EXPECT_NE(text.find("int " + name + "Lsb = " + std::to_string(f.lsb) + ";"), std::string::npos)
        << name;
    EXPECT_NE(text.find("int " + name + "Width = " + std::to_string(f.width) + ";"),
              std::string::npos)
        << name;
  }
}

// Fields of one unit's instruction must not overlap; those of other units share words 4 onwards.
TEST(IsaPackage, FieldsOfAUnitDoNotOverlap) {
  const auto unit = [](const isa::Field& f) {
    const std::string name = f.name;
    if (name.starts_with("Mv")) return 1;
    if (name.starts_with("I8")) return 2;
    return f.word >= 4 ? 3 : 0;
  };
  for (size_t i = 0; i < isa::kFields.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const isa::Field& a = isa::kFields[i];
      const isa::Field& b = isa::kFields[j];
      if (unit(a) != unit(b) && unit(a) != 0 && unit(b) != 0) continue;
      const bool apart = a.word != b.word || a.lsb + a.width <= b.lsb || b.lsb + b.width <= a.lsb;
      EXPECT_TRUE(apart) << a.name << " and " << b.name;
    }
  }
}

}  // namespace
}  // namespace ternfab
