// SPDX-License-Identifier: Apache-2.0
#include "host/cli/estimate_engine.h"

#include <fmt/format.h>

#include "sim/area/place_route.h"

namespace ternfab::cli {
namespace {

void Print(const HardwareSpec& spec, const RoutedEngine& r) {
  fmt::print(
      "{0} on {1}: one ternary engine of {2} lanes between two streams, placed and routed by {3}\n"
      "  logic cells  {4} of {5} ({6:.0f}%), {7:.1f} a lane; in them {12} LUT4, {13} flip-flops, "
      "{14} carries\n"
      "  block RAMs   {8} of {9}, of 4 Kbit\n"
      "  pins         {10} of {11}\n",
      spec.name, spec.device, spec.engine.lanes, r.tool, r.logic_cells, r.logic_cells_available,
      100.0 * r.logic_cells / r.logic_cells_available, double(r.logic_cells) / spec.engine.lanes,
      r.block_rams, r.block_rams_available, r.pins, r.pins_available, r.mapped.lut, r.mapped.ff,
      r.mapped.carry);
  fmt::print(
      "clock: {} MHz asked (given); {:.1f} MHz by icetime, {:.1f} MHz by nextpnr (synthesised, "
      "placed and routed)\n",
      spec.clock_mhz, r.icetime_mhz, r.router_mhz);
  fmt::print("{:.2f} GMAC/s at the clock by icetime; the bitstream has {} bytes: {}\n",
             spec.engine.lanes * r.icetime_mhz / 1000, r.bitstream_bytes, r.bitstream);
}

}  // namespace

Expected<void> EstimateEngine(const HardwareSpec& spec, Json& json) {
  TF_ASSIGN_OR_RETURN(const RoutedEngine r, PlaceAndRouteEngine(spec, ""));
  Print(spec, r);
  const auto cells = [](double n) { return Figure(n, "cells, placed and routed", kSynthesised); };
  const auto mapped = [](double n) { return Figure(n, "cells", kSynthesised); };
  json["design"] = "engine";
  json["tool"] = r.tool;
  json["resources"] = {{"lut", cells(r.logic_cells)},
                       {"ff", mapped(r.mapped.ff)},
                       {"carry", mapped(r.mapped.carry)},
                       {"lutram", mapped(r.mapped.lutram)},
                       {"bram36", cells(r.block_rams / 9.0)},
                       {"dsp", cells(0)},
                       {"uram", cells(0)},
                       {"pins", cells(r.pins)}};
  json["available"] = {{"lut", Figure(int64_t(r.logic_cells_available), "cells", kPublished)},
                       {"bram36", Figure(r.block_rams_available / 9.0, "cells", kPublished)},
                       {"pins", Figure(int64_t(r.pins_available), "pins", kPublished)}};
  json["fits"] = true;
  const bool rams_bind = int64_t(r.block_rams) * r.logic_cells_available >
                         int64_t(r.logic_cells) * r.block_rams_available;
  json["binding_resource"] = rams_bind ? "bram36" : "lut";
  json["engine_lut_per_mac"] =
      Figure(double(r.logic_cells) / spec.engine.lanes, "LUT/MAC", kSynthesised);
  json["clock"] = {{"asked", Figure(spec.clock_mhz, "MHz", kGiven)},
                   {"routed", Figure(r.icetime_mhz, "MHz", kSynthesised)},
                   {"routed_by_nextpnr", Figure(r.router_mhz, "MHz", kSynthesised)}};
  json["bitstream"] = r.bitstream;
  return {};
}

}  // namespace ternfab::cli
