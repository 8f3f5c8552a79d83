// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "codegen/spec.h"
#include "common/error.h"
#include "sim/area/resources.h"

namespace ternfab {

/// A ternary engine with its streams (codegen/engine_top.h), placed and routed on an iCE40.
struct RoutedEngine {
  Resources mapped;     ///< before placement, which packs LUTs, flip-flops and carries into cells
  int logic_cells = 0;  ///< LUT4, flip-flop and carry each
  int logic_cells_available = 0;
  int block_rams = 0;  ///< of 4 Kbit
  int block_rams_available = 0;
  int pins = 0;
  int pins_available = 0;
  double router_mhz = 0;   ///< clock by nextpnr
  double icetime_mhz = 0;  ///< clock by icetime from the bitstream's text form
  std::string bitstream;   ///< path of the file for the device
  int64_t bitstream_bytes = 0;
  std::string tool;  ///< nextpnr's version
};

/// Runs yosys, nextpnr-ice40, icepack and icetime; results are kept in `cache` ("": `synthesis` in
/// CacheFolder()) by a hash of sources and tools. The spec's device is an iCE40 HX8K, in its ct256
/// package. Errors: a tool is missing or fails (it does not fit), EmitEngineTop.
Expected<RoutedEngine> PlaceAndRouteEngine(const HardwareSpec& spec, const std::string& cache);

/// Reads the figures of nextpnr's log and icetime's report into `routed`; false where one is
/// missing.
bool ReadRouterLog(const std::string& nextpnr, const std::string& icetime, RoutedEngine& routed);

}  // namespace ternfab
