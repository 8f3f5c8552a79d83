// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "common/error.h"
#include "host/cli/output.h"
#include "sim/energy/energy.h"

namespace ternfab::cli {

/// `energy_per_token`: mode, node, total, parts with their sources, notes. Where the report covers
/// more than one token, `total` is null and the parts stand in `of_tokens`. An error gives a null
/// total with the reason.
Json EnergyJson(const Expected<EnergyReport>& energy);

/// The same as lines for people, the largest part first.
std::string EnergyText(const Expected<EnergyReport>& energy);

}  // namespace ternfab::cli
