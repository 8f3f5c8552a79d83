// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/fabric_use.h"

#include "codegen/signature.h"
#include "common/integer.h"

// Straight lines through the units of the presets as Yosys synthesises them (docs/energy.md).

namespace ternfab {
namespace {

/// Blocks of 36 Kbit (512 x 72, halves of 512 x 36) and of 288 Kbit (4096 x 72).
void AddMemory(const SignatureMemory& memory, bool uram, FabricUse& use) {
  constexpr int kLutRamWords = 64;
  if (memory.words <= kLutRamWords || memory.name == "accumulators" || memory.name == "scalars") {
    return;  // LUT RAM: in the units' LUTs
  }
  if (uram) {
    use.uram += memory.copies * double(CeilDiv(memory.words, 4096)) *
                double(CeilDiv(memory.width_bits, 72));
    return;
  }
  use.bram36 += memory.copies * double(CeilDiv(memory.words, 512)) *
                double(CeilDiv(memory.width_bits, 36)) / 2;
}

/// Engines by their kind: cells a lane of an engine, a lane of an engine's slot, and a lane of a
/// slot that all engines share (docs/engines.md).
struct EngineCells {
  double lut_lane, lut_slice, lut_shared;
  double ff_lane, ff_slice, ff_shared;
};

EngineCells CellsOf(EngineKind kind) {
  switch (kind) {
    case EngineKind::kAdderTree:
      break;
    case EngineKind::kAdderTreeLut6:
      return {6.8, 9.41, 0, 16, 19.2, 0};
    case EngineKind::kTable:
      return {9.1, 27.2, 27.5, 17.7, 8.2, 52.9};
    case EngineKind::kInt8Mac:
      return {0, 16.9, 0, 8, 13.9, 0};
  }
  return {6.8, 12.93, 0, 16, 19.2, 0};
}

/// What the lines are drawn over.
struct Sizes {
  EngineCells engine;
  double ports, port_bits, batch, vector_lanes;
  double lanes;     ///< of all engines
  double slices;    ///< lanes of all engines and slots
  double am_bits;   ///< a word of AM, all slots
  double products;  ///< int8 lanes times queries
};

double ModelledLuts(const Sizes& s) {
  const double control = 1930;
  const double dma = 1812 + s.ports * (319 + 2.16 * s.port_bits);
  const double vector = 1760 + 1786 * s.vector_lanes;
  const double int8 = 400 + 90.5 * s.products;
  const double engines = s.engine.lut_lane * s.lanes + s.engine.lut_slice * s.slices +
                         s.engine.lut_shared * s.slices / s.ports + 51 * s.ports * s.batch;
  const double ternary_control = 700 + 32 * s.vector_lanes * s.batch;
  return control + dma + vector + int8 + engines + ternary_control;
}

double ModelledFlipFlops(const Sizes& s) {
  const double control = 2450;
  const double dma = 480 + s.ports * (335 + 2 * s.port_bits);
  const double vector = 420 + 925 * s.vector_lanes;
  const double int8 = 142 + 59 * s.products;
  const double engines = s.engine.ff_lane * s.lanes + s.engine.ff_slice * s.slices +
                         s.engine.ff_shared * s.slices / s.ports + 35 * s.ports * s.batch;
  const double ternary_control =
      144 + 2 * s.ports * s.port_bits + s.am_bits + 64 * s.vector_lanes * s.batch;
  return control + dma + vector + int8 + engines + ternary_control;
}

}  // namespace

FabricUse ModelledFabricUse(const HardwareSpec& spec) {
  const DesignSignature signature = MakeSignature(spec);
  const DesignParams& d = signature.params;
  const double lanes = double(d.ports) * d.lanes;
  const Sizes sizes{
      CellsOf(signature.kind), double(d.ports),         double(d.width_bits),
      double(d.batch),         double(d.vector_lanes),  lanes,
      lanes * d.batch,         8.0 * d.lanes * d.batch, double(d.int8_lanes()) * d.queries};
  FabricUse use;
  use.lut = ModelledLuts(sizes);
  use.ff = ModelledFlipFlops(sizes);
  use.dsp = sizes.products + 2 * sizes.vector_lanes + 3;
  if (signature.kind == EngineKind::kInt8Mac) use.dsp += sizes.slices;
  for (const SignatureMemory& memory : signature.memories) {
    AddMemory(memory, memory.name == "vm" && signature.vm_style == 2, use);
  }
  use.source = "straight lines through the synthesised units of the presets";
  return use;
}

}  // namespace ternfab
