// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "codegen/devices.h"
#include "codegen/spec.h"
#include "common/error.h"
#include "sim/area/path_delay.h"
#include "sim/area/resources.h"

namespace ternfab {

/// A module with one set of parameters.
struct ModuleArea {
  std::string module;                       ///< "tf_fifo"
  std::string parameters;                   ///< "Width=417 Depth=16", "" without any
  int instances = 0;                        ///< in the whole design
  Resources own;                            ///< of one instance, without the modules below it
  Resources whole;                          ///< of one instance, with all below it
  std::vector<std::string> register_files;  ///< memories that became flip-flops
  int memories = 0;                         ///< memories that became RAM of some kind
  ModulePath path;                          ///< its slowest path, modelled
};

/// Clock that the slowest path of any module allows: modelled, before placement. It is no promise:
/// routing is a constant for each net, and paths through several modules count in pieces.
struct ClockEstimate {
  std::string module;
  std::string parameters;
  ModulePath path;

  double mhz() const { return path.ns > 0 ? 1000 / path.ns : 0; }  ///< 0: nothing has a path
};

/// Part of a device that a design takes.
struct DeviceShare {
  std::string resource;  ///< lut, ff, dsp, bram36, uram
  double used = 0;
  double available = 0;

  /// Above 1 does not fit; infinite where the device has none of it.
  double share() const;
};

/// `used` beside all that the device has, in the order of DeviceShare::resource.
std::vector<DeviceShare> SharesOf(const Resources& used, const Device& device);

/// Resources of a design's RTL: synthesised by Yosys module by module, the hierarchy kept, not
/// placed. Nothing is shared or simplified across modules.
struct AreaReport {
  Device device;
  std::string tool;                    ///< Yosys' version
  Resources total;                     ///< sum over modules of instances * own
  std::vector<ModuleArea> per_module;  ///< by LUTs in the whole design, most first
  std::vector<DeviceShare> shares;     ///< of the device, in the order of DeviceShare::resource
  bool fits = false;                   ///< every share is at most 1
  std::string binding_resource;        ///< that of the greatest share
  /// Of `total`: the ternary engines with decoders, accumulators and activation registers.
  Resources engines;
  /// Of `engines`: what multiplies and sums (adder trees; look-ups; multipliers and their tree).
  Resources sums;
  /// Of `total`: the tables of kind `table`, made once for all engines.
  Resources tables;
  int lanes = 0;  ///< of all engines
  int macs = 0;   ///< a cycle: lanes * batch

  ClockEstimate clock;

  /// Sum over the modules whose name begins with `prefix` of instances * whole.
  Resources Of(std::string_view prefix) const;
};

struct AreaOptions {
  std::string cache;  ///< folder that keeps modules' results; "": `synthesis` in CacheFolder()
  int jobs = 0;       ///< processes of Yosys at a time; 0: as many as the machine has cores
  /// Told while modules are synthesised: work done and all of it, in units of no meaning. Not
  /// called where the cache has them all.
  std::function<void(int64_t, int64_t)> on_progress = [](int64_t, int64_t) {};
};

/// Synthesises the RTL that `generate` writes for `spec`, which is valid. Errors: there is no
/// Yosys, it fails (names the module) or leaves cells unmapped, the cache cannot be written.
Expected<AreaReport> EstimateArea(const HardwareSpec& spec, const AreaOptions& options);

}  // namespace ternfab
