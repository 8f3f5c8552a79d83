// SPDX-License-Identifier: Apache-2.0
#include "tests/cosim/designs.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <functional>

#include "codegen/build_program.h"
#include "codegen/plan/verify.h"
#include "common/check.h"
#include "common/integer.h"
#include "sim/rtl/design_library.h"
#include "tests/cosim/random_design.h"

namespace ternfab {
namespace {

constexpr std::string_view kPrefix = "random-";

/// nano under another name after `change`.
HardwareSpec Variant(const std::string& name, const std::function<void(HardwareSpec&)>& change) {
  HardwareSpec spec = FindDesign("nano");
  spec.name = name;
  change(spec);
  const Expected<void> valid = Validate(spec);
  TF_CHECK(valid.has_value(), "{}", valid.error().message);
  return spec;
}

void UseCache() { setenv("TERNFAB_CACHE", TF_COSIM_CACHE, 1); }

}  // namespace

std::vector<std::string> DesignNames() {
  std::vector<std::string> names = {"nano"};
  for (const uint64_t seed : kDesignSeeds) names.push_back(fmt::format("{}{}", kPrefix, seed));
  return names;
}

std::vector<std::string> EngineDesignNames() { return {"nano-lut6", "nano-int8", "nano-table"}; }

HardwareSpec FindDesign(const std::string& name) {
  if (name.starts_with(kPrefix)) {
    return RandomSpec(std::stoull(name.substr(kPrefix.size())));
  }
  if (name == kShortlistDesign) {
    return Variant(name, [](HardwareSpec& spec) {
      spec.head = "shortlist";
      spec.shortlist_rows = 32;
    });
  }
  if (name == "nano-lut6") {
    return Variant(name, [](HardwareSpec& spec) { spec.engine.kind = "adder_tree_lut6"; });
  }
  if (name == "nano-table") {
    return Variant(name, [](HardwareSpec& spec) { spec.engine.kind = "table"; });
  }
  if (name == "nano-int8") {
    return Variant(name, [](HardwareSpec& spec) {
      spec.engine.kind = "int8_mac";
      spec.engine.weight_code = WeightCode::kInt8;
      spec.engine.lanes = LanesOf(spec.engine.weight_code, spec.memory.width_bits);
      spec.engine.pipeline = 2;
    });
  }
  const Expected<HardwareSpec> spec = FindSpec(name);
  TF_CHECK(spec.has_value(), "{}", spec.error().message);
  return *spec;
}

Program Plan(const Model& model, const HardwareSpec& spec, const PlanOptions& options) {
  Expected<Program> program = BuildProgram(model, spec, options);
  TF_CHECK(program.has_value(), "{}", program.error().message);
  const Expected<void> valid = VerifyProgram(*program);
  TF_CHECK(valid.has_value(), "{}", valid.error().message);
  return std::move(*program);
}

std::unique_ptr<rtl::RtlSimulation> Simulate(const HardwareSpec& spec, const Program& program,
                                             const rtl::SimulationOptions& options) {
  UseCache();
  auto simulation = rtl::RtlSimulation::Create(spec, program, options);
  TF_CHECK(simulation.has_value(), "{}", simulation.error().message);
  return std::move(*simulation);
}

std::string BuildCached(const HardwareSpec& spec) {
  UseCache();
  const Expected<std::string> library = rtl::BuildLibrary(spec, {});
  return library ? "" : library.error().message;
}

driver::ProgramView ViewOf(const Program& program) {
  driver::ProgramView view;
  view.design_hash = program.design_hash;
  view.total_beats = program.total_beats;
  view.image = program.image;
  view.decode_beat = uint32_t(program.decode.beat);
  view.prefill_beat = uint32_t(program.prefill.beat);
  return view;
}

uint64_t BufferByte(const Program& program, uint64_t beat, uint64_t byte) {
  const uint64_t port_bytes = uint64_t(program.design.port_bytes());
  const uint64_t strip = uint64_t(RoundUp(int64_t(program.total_beats * port_bytes), 4096));
  return byte / port_bytes * strip + beat * port_bytes + byte % port_bytes;
}

std::string LogitDifference(const Expected<std::vector<float>>& got,
                            const Expected<std::vector<float>>& want) {
  if (!got) return got.error().message;
  if (!want) return want.error().message;
  if (got->size() != want->size()) return fmt::format("{} of {}", got->size(), want->size());
  for (size_t i = 0; i < got->size(); ++i) {
    const float a = (*got)[i], b = (*want)[i];
    if (std::bit_cast<uint32_t>(a) != std::bit_cast<uint32_t>(b)) {
      return fmt::format("logit {}: {:.9g} instead of {:.9g}", i, a, b);
    }
    if (!std::isfinite(a)) return fmt::format("logit {}: {}", i, a);
  }
  const bool constant = std::count(got->begin(), got->end(), got->front()) == int64_t(got->size());
  return constant ? "all logits are equal" : "";
}

}  // namespace ternfab
