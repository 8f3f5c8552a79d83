// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "codegen/plan/planner.h"
#include "codegen/spec.h"
#include "models/model.h"
#include "sim/rtl/rtl_simulation.h"

namespace ternfab {

/// Seeds of RandomSpec of the designs that every test run builds. Together they cover both weight
/// codes, 1, 2 and 4 ports, batch 1 and 8, queries 1 and 8, 1 and 16 vector lanes, latency 1 and
/// 200, and one holds a model as wide as 5460 (Designs.CoverTheExtremes).
inline constexpr uint64_t kDesignSeeds[] = {31, 33554, 48299, 437};

/// Names that FindDesign knows: "nano" and the designs of kDesignSeeds.
std::vector<std::string> DesignNames();

/// nano with a shortlist of 32 rows: the design of the shortlist's tests.
inline constexpr const char* kShortlistDesign = "nano-shortlist";

/// nano with each other kind of engine: the designs of the engines' tests.
std::vector<std::string> EngineDesignNames();

/// A design of DesignNames or EngineDesignNames, kShortlistDesign or a preset.
HardwareSpec FindDesign(const std::string& name);

/// Program of `model` on `spec`; a failure ends the test program.
Program Plan(const Model& model, const HardwareSpec& spec, const PlanOptions& options = {});

/// RtlSimulation::Create with libraries cached in the build tree; a failure ends the test program.
/// Both arguments outlive the result.
std::unique_ptr<rtl::RtlSimulation> Simulate(const HardwareSpec& spec, const Program& program,
                                             const rtl::SimulationOptions& options);

/// Builds the library of `spec` in the cache of the build tree. Returns an error's message or "".
std::string BuildCached(const HardwareSpec& spec);

/// What the driver needs of `program`, which outlives the view.
driver::ProgramView ViewOf(const Program& program);

/// Byte of the device's buffer that holds byte `byte` of a wide beat of `program`, once loaded.
uint64_t BufferByte(const Program& program, uint64_t beat, uint64_t byte);

/// Where two vectors of logits differ in a bit, in words; "" where they are equal. Logits that are
/// not finite, or all the same, are no agreement.
std::string LogitDifference(const Expected<std::vector<float>>& got,
                            const Expected<std::vector<float>>& want);

}  // namespace ternfab
