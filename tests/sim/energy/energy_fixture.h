// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codegen/build_program.h"
#include "sim/energy/energy.h"
#include "tests/codegen/test_models.h"

namespace ternfab {

/// A small model on a preset, and the summary of a made-up decode step of 1000 cycles.
struct EnergyFixture {
  explicit EnergyFixture(const std::string& hw = "nano")
      : spec(*FindSpec(hw)),
        model(RandomModel(SmallConfig(), 1)),
        program(*BuildProgram(model, spec)) {
    RunRecord run;
    run.cycles = 1000;
    run.arguments.position = 3;
    summary = Summarise(spec, program, {run}, 0);
  }

  EnergyInputs Inputs() const {
    return {spec, model.config, program, summary, ModelledFabricUse(spec), 3, false};
  }

  HardwareSpec spec;
  Model model;
  Program program;
  RunSummary summary;
};

}  // namespace ternfab
