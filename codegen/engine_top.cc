// SPDX-License-Identifier: Apache-2.0
#include "codegen/engine_top.h"

#include <algorithm>
#include <bit>

#include "codegen/engine_writer.h"
#include "codegen/signature.h"
#include "codegen/sv_writer.h"
#include "codegen/top_writer.h"
#include "common/integer.h"

namespace ternfab {
namespace {

/// Words of activations of the longest row, rounded up to a power of two.
int ActivationWords(const HardwareSpec& spec) {
  const int64_t longest = std::max(spec.limits.hidden, spec.limits.ffn);
  return int(std::bit_ceil(uint64_t(CeilDiv(longest, spec.engine.lanes))));
}

std::string EmitTop(const HardwareSpec& spec, const std::string& engine) {
  const int bits = 8 * spec.engine.lanes, width = spec.memory.width_bits;
  SvWriter out;
  out.BeginModule(EngineTopModule(spec),
                  {{false, "logic", "clk_i", "", false},
                   {false, "logic", "rst_ni", "", false},
                   {false, "logic", "s_valid_i", "", false},
                   {false, "logic", "s_act_i", "activations, not weights", false},
                   {false, "logic", "s_last_i", "ends the vector or the row", false},
                   {false, SvLogic(width), "s_data_i", "", false},
                   {true, "logic", "m_valid_o", "", false},
                   {true, SvLogic(32), "m_data_o", "a row: int32", false},
                   {true, "logic", "invalid_o", "a beat of weights had an invalid code", false}});
  out.Declare("logic", "beat_valid, first, last, row_valid");
  out.Declare(SvLogic(width), "beat");
  out.Declare(SvLogic(bits), "act");
  out.Declare(SvLogic(32), "row");
  out.Instance("tf_engine_stream",
               fmt::format(".Lanes({}), .WidthBits({}), .ActWords({})", spec.engine.lanes, width,
                           ActivationWords(spec)),
               "u_stream",
               {{"clk_i", "clk_i"},
                {"rst_ni", "rst_ni"},
                {"s_valid_i", "s_valid_i"},
                {"s_act_i", "s_act_i"},
                {"s_last_i", "s_last_i"},
                {"s_data_i", "s_data_i"},
                {"beat_valid_o", "beat_valid"},
                {"beat_o", "beat"},
                {"act_o", "act"},
                {"first_o", "first"},
                {"last_o", "last"},
                {"row_valid_i", "row_valid"},
                {"row_i", "row"},
                {"m_valid_o", "m_valid_o"},
                {"m_data_o", "m_data_o"}});
  out.Instance(engine, "", "u_engine",
               {{"clk_i", "clk_i"},
                {"rst_ni", "rst_ni"},
                {"beat_valid_i", "beat_valid"},
                {"beat_i", "beat"},
                {"act_i", "act"},
                {"first_i", "first"},
                {"last_i", "last"},
                {"slice_en_i", "1'b1"},
                {"row_valid_o", "row_valid"},
                {"row_o", "row"},
                {"invalid_o", "invalid_o"}},
               {{"fault_i", "2'b0"}});
  out.EndModule();
  return GeneratedBanner(MakeSignature(spec), "//", "A ternary engine between two streams.") +
         out.text();
}

}  // namespace

std::string EngineTopModule(const HardwareSpec& spec) {
  return fmt::format("tf_{}_engine_top", MakeSignature(spec).identifier);
}

Expected<std::vector<RtlFile>> EmitEngineTop(const HardwareSpec& spec) {
  const EngineSpec& e = spec.engine;
  for (const auto& [field, value] : {std::pair{"count", e.count}, std::pair{"batch", e.batch}}) {
    if (value == 1) continue;
    return Fail("spec {}: engine.{} = {}: must be 1 (device {} holds an engine only)", spec.name,
                field, value, spec.device);
  }
  if (8 * e.lanes % spec.memory.width_bits != 0) {
    return Fail("spec {}: engine.lanes = {}: 8 bits each must be a multiple of {} bits", spec.name,
                e.lanes, spec.memory.width_bits);
  }
  std::vector<RtlFile> generated = EmitEngine(spec);
  const std::string engine = generated.back().name;
  generated.push_back({EngineTopModule(spec), EmitTop(spec, engine)});
  return RtlClosure(EngineTopModule(spec), generated);
}

}  // namespace ternfab
