// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "codegen/engine_kind.h"
#include "codegen/rtl_order.h"
#include "codegen/signature.h"
#include "codegen/spec.h"
#include "common/trit.h"

namespace ternfab {

/// One engine: a weight decoder and, for each batch slice, a sum over the lanes and an accumulator.
struct EngineShape {
  int lanes = 0;  ///< LanesOf(code, width_bits)
  int batch = 1;
  int pipeline = 1;  ///< levels of the adder tree between two registers; no effect on kInt8Mac
  WeightCode code = WeightCode::kBase3;
  EngineKind kind = EngineKind::kAdderTree;

  int beat_bits() const { return lanes / TritsPerByte(code) * 8; }
};

/// Clock cycles from a row's last beat to row_valid_o: decoder 1, sum of the lanes, accumulator 1.
/// The sum: AdderTreeLatency; for kTable the entries' numbers 1 and TableTreeLatency; for kInt8Mac
/// that of rtl/tf_int8_mac.sv.
int EngineLatency(const EngineShape& shape);

/// The engine of a design.
EngineShape EngineShapeOf(const DesignSignature& signature);

/// "tf_engine_l<lanes>_b<batch>", for other kinds than adder_tree "tf_engine_<kind>_l...".
std::string EngineModule(const EngineShape& shape);

/// The engine's text behind `banner` (comment lines). It instantiates its tree
/// (AdderTreeModule) and the decoder of rtl/.
std::string EmitEngineModule(const EngineShape& shape, const std::string& banner);

/// The spec's engine and its adder tree. `spec` is valid.
std::vector<RtlFile> EmitEngine(const HardwareSpec& spec);

}  // namespace ternfab
