// SPDX-License-Identifier: Apache-2.0
#include "codegen/registers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace ternfab {
namespace {

using testing::HasSubstr;
using testing::Not;

// When this fails after a change of codegen/registers.*, run the test with TF_UPDATE_GOLDEN=1.
TEST(Registers, PackageIsTheFileInRtl) {
  const std::string path = std::string(TF_SOURCE_DIR) + "/rtl/tf_regs_pkg.sv";
  if (std::getenv("TF_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << EmitRegisterPackage();
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), EmitRegisterPackage());
}

TEST(Registers, FitTheAddressSpaceWithoutOverlap) {
  for (const int ports : {1, 2, 4, kMaxRegisterPorts}) {
    std::map<int, std::string> used;
    for (const Register& r : RegisterMap(ports)) {
      for (int i = 0; i < r.count; ++i) {
        const int offset = r.offset + i * r.stride;
        EXPECT_EQ(offset % 4, 0) << r.name;
        EXPECT_LT(offset, 1 << kRegisterAddressBits) << r.name;
        EXPECT_TRUE(used.emplace(offset, r.name).second) << r.name << " and " << used[offset];
      }
    }
    EXPECT_EQ(used.size(), RegisterMap(1).size() + 7 + 2 * size_t(ports - 1));
  }
}

TEST(Registers, FieldsFitAndDoNotOverlap) {
  for (const Register& r : RegisterMap(1)) {
    uint64_t bits = 0;
    for (const RegisterField& f : r.fields) {
      const uint64_t mask = ((uint64_t{1} << f.width) - 1) << f.lsb;
      EXPECT_LE(f.lsb + f.width, 32) << r.name << "." << f.name;
      EXPECT_EQ(bits & mask, 0u) << r.name << "." << f.name;
      bits |= mask;
    }
  }
}

TEST(Registers, VitisConvention) {
  const std::vector<Register> map = RegisterMap(2);
  const char* const kNames[] = {"AP_CTRL", "GIE", "IER", "ISR", "PROGRAM"};
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(map[i].offset, 4 * i);
    EXPECT_EQ(RegisterName(map[i].name), kNames[i]);
  }
}

TEST(Registers, Names) {
  EXPECT_EQ(RegisterName("PortBaseLo"), "PORT_BASE_LO");
  EXPECT_EQ(RegisterName("Int8BusyHi"), "INT8_BUSY_HI");
  EXPECT_EQ(RegisterName("Gie"), "GIE");
}

TEST(Registers, EveryCauseHasAText) {
  std::set<std::string_view> texts;
  for (size_t i = 0; i < kErrorCauses.size(); ++i) {
    EXPECT_EQ(uint32_t(kErrorCauses[i].cause), i);
    texts.insert(ErrorText(ErrorCause(i)));
  }
  EXPECT_EQ(texts.size(), kErrorCauses.size());
  EXPECT_EQ(ErrorText(ErrorCause(200)), "unknown error cause");
}

TEST(Registers, SystemRdlHasEveryRegister) {
  const std::string rdl = EmitSystemRdl(3);
  for (const Register& r : RegisterMap(3)) {
    EXPECT_THAT(rdl, HasSubstr("name = \"" + RegisterName(r.name) + "\";"));
  }
  EXPECT_THAT(rdl, HasSubstr("} TOKEN[8] @ 0x020 += 4;"));
  EXPECT_THAT(rdl, HasSubstr("} PORT_BASE_HI_2 @ 0x054;"));
  EXPECT_THAT(rdl, Not(HasSubstr("PORT_BASE_HI_3")));
  EXPECT_THAT(rdl, HasSubstr("} AP_DONE[1:1];"));
  EXPECT_EQ(std::count(rdl.begin(), rdl.end(), '{'), std::count(rdl.begin(), rdl.end(), '}'));
}

TEST(Registers, MarkdownHasEveryRegisterAndCause) {
  const std::string text = EmitRegisterMarkdown(4);
  for (const Register& r : RegisterMap(4)) {
    EXPECT_THAT(text, HasSubstr("`" + RegisterName(r.name)));
  }
  for (const ErrorCauseText& e : kErrorCauses) EXPECT_THAT(text, HasSubstr(e.text));
  EXPECT_THAT(text, HasSubstr("| 0x040 + 8 i | `PORT_BASE_LO[4]` | read/write |"));
}

}  // namespace
}  // namespace ternfab
