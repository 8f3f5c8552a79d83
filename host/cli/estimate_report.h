// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "codegen/spec.h"
#include "host/cli/output.h"
#include "host/cli/token_rates.h"
#include "sim/area/area.h"

namespace ternfab::cli {

/// What `estimate` has found of an accelerator.
struct Estimated {
  HardwareSpec spec;
  AreaReport area;
  std::string model;
  std::optional<TokenRates> rates;  ///< at the spec's clock
  std::optional<TokenRates> rates_at_estimated_clock;
  std::string no_rates;  ///< why there are none
};

Json EstimateJson(const Estimated& estimated);
/// `every_module`: a row for each module and set of parameters, not one for modules of a name.
std::string EstimateText(const Estimated& estimated, bool every_module);

}  // namespace ternfab::cli
