// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "codegen/plan/program.h"
#include "codegen/spec.h"
#include "models/config.h"
#include "sim/compare/comparison.h"
#include "sim/rtl/lockstep.h"
#include "sim/run_record.h"
#include "sim/run_summary.h"

namespace ternfab::compare {

/// A generation on a simulated design.
struct DesignRun {
  const HardwareSpec& spec;
  const Program& program;
  const RunSummary& summary;
  const std::vector<RunRecord>& runs;
  std::string fidelity;          ///< "rtl" or "systemc"
  int prompt_tokens = 0;         ///< 0: a seeded context
  double cycles_per_second = 0;  ///< of the simulator
};

/// Cycles, rates, roofline, traffic and causes of a run; its ids, checks, energy and area are left
/// to others. A figure has no value where no step was a decode step.
HardwareSide DescribeRun(const DesignRun& run, const ModelConfig& model);

/// Layer `layer` of run `run`, whose times were recorded.
LayerTimeline TimelineOf(const InstructionList& list, const RunRecord& run, int layer);

/// What was compared of each of `layers` layers, also where it was nothing; instructions of no
/// layer come last.
std::vector<LayerCheck> CheckedLayers(const rtl::LayerCounts& counts, int layers);

/// "4 x 80 lanes x batch 4, int8 64 x 4, 16 fp32 lanes, 4 x 128 bit ddr4-2400"
std::string DesignText(const HardwareSpec& spec);

}  // namespace ternfab::compare
