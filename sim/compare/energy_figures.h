// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/error.h"
#include "sim/compare/comparison.h"
#include "sim/energy/energy.h"

namespace ternfab::compare {

/// An estimate as figures. Of a report that covers several tokens (mode `paper`) the total is none:
/// a token's share of it has no meaning. An error gives no figures and the reason.
Energy EnergyFigures(const Expected<EnergyReport>& report);

/// The evidence of an estimate, by its name.
Evidence EvidenceNamed(const char* name);

}  // namespace ternfab::compare
