// SPDX-License-Identifier: Apache-2.0
#include "sim/area/resources.h"

#include <array>
#include <map>
#include <string_view>

namespace ternfab {
namespace {

/// LUTs that a LUT RAM cell takes: AMD UG474 and UG574, a SLICEM's LUTs; Lattice FPGA-DS-02012,
/// distributed RAM of 16 x 4 bit: two slices hold it, a third one writes.
int LutRamLuts(const std::string& cell) {
  static const std::map<std::string, int> kLuts = {
      {"RAM32M", 4},    {"RAM64M", 4},     {"RAM32M16", 8},       {"RAM64M8", 8},
      {"RAM32X1D", 2},  {"RAM64X1D", 2},   {"RAM128X1D", 4},      {"RAM256X1D", 8},
      {"RAM32X1S", 1},  {"RAM64X1S", 1},   {"RAM128X1S", 2},      {"RAM256X1S", 4},
      {"RAM512X1S", 8}, {"RAM32X1S_1", 1}, {"TRELLIS_DPR16X4", 6}};
  const auto it = kLuts.find(cell);
  return it == kLuts.end() ? 0 : it->second;
}

bool StartsWithAny(std::string_view cell, std::initializer_list<std::string_view> prefixes) {
  for (const std::string_view prefix : prefixes) {
    if (cell.starts_with(prefix)) return true;
  }
  return false;
}

}  // namespace

void Resources::Add(const Resources& other, double times) {
  lut += times * other.lut;
  ff += times * other.ff;
  carry += times * other.carry;
  lutram += times * other.lutram;
  dsp += times * other.dsp;
  bram36 += times * other.bram36;
  uram += times * other.uram;
}

bool CountCell(const std::string& cell, int n, Resources& r) {
  if (const int luts = LutRamLuts(cell)) {
    r.lut += luts * n;
    r.lutram += luts * n;
  } else if (cell.starts_with("SRL")) {
    r.lut += n;
    r.lutram += n;
  } else if (StartsWithAny(cell, {"LUT", "SB_LUT4"})) {
    r.lut += n;
  } else if (StartsWithAny(cell, {"FD", "TRELLIS_FF", "SB_DFF"})) {
    r.ff += n;
  } else if (StartsWithAny(cell, {"CARRY", "CCU2C", "SB_CARRY"})) {
    r.carry += n;
    if (cell == "CCU2C") r.lut += 2 * n;  // the two LUT4 of its slice
  } else if (StartsWithAny(cell, {"DSP48", "MULT18X18D", "SB_MAC16"})) {
    r.dsp += n;
  } else if (cell.starts_with("RAMB36")) {
    r.bram36 += n;
  } else if (StartsWithAny(cell, {"RAMB18", "DP16KD", "PDPW16KD"})) {
    r.bram36 += 0.5 * n;
  } else if (cell.starts_with("SB_RAM40_4K")) {
    r.bram36 += n / 9.0;
  } else if (cell.starts_with("URAM288")) {
    r.uram += n;
  } else {
    // An inverter joins the LUT behind it.
    return StartsWithAny(cell, {"INV", "MUXF", "BUFG", "PFUMX", "L6MUX21", "GND", "VCC"});
  }
  return true;
}

}  // namespace ternfab
