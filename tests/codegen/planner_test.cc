// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/planner.h"

#include <gtest/gtest.h>

#include "codegen/spec.h"
#include "tests/codegen/test_models.h"

namespace ternfab {
namespace {

TEST(Planner, Smoke) {
  for (const char* name : {"nano", "kv260", "arty-a7-35t"}) {
    const auto spec = FindSpec(name);
    ASSERT_TRUE(spec) << spec.error().message;
    const DesignParams design = Derive(*spec);
    const auto program = BuildProgram(RandomModel(SmallConfig(), 1), design, DesignHash(*spec));
    ASSERT_TRUE(program) << program.error().message;
    fmt::print("{}: vm {} am {} qm {} decode {} prefill {} beats {}\n", name, design.vm_words,
               design.am_words, design.qm_words, program->decode.instructions.size(),
               program->prefill.instructions.size(), program->total_beats);
  }
}

}  // namespace
}  // namespace ternfab
