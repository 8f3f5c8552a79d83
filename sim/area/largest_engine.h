// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/area/area.h"

namespace ternfab {

/// The most engines like those of a design that its device would hold with everything else of the
/// design as it is: every resource that an engine takes, taken in proportion. Modelled: nothing is
/// placed, and the memory ports that further engines would need are not counted.
struct LargestEngine {
  int engines = 0;               ///< 0: the device does not even hold one
  std::string binding_resource;  ///< what one engine more would lack
  Resources one;                 ///< of an engine, synthesised
  Resources rest;                ///< of all but the engines
};

/// `area` has the engines of `spec`.
LargestEngine FindLargestEngine(const AreaReport& area, const HardwareSpec& spec);

}  // namespace ternfab
