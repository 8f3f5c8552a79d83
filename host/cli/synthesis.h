// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/area/area.h"

namespace ternfab::cli {

/// EstimateArea with a progress bar of that title. `jobs`: processes of Yosys; 0: one a core.
Expected<AreaReport> SynthesiseDesign(const HardwareSpec& spec, const std::string& title,
                                      int jobs = 0);

}  // namespace ternfab::cli
