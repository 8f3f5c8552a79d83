// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "host/cli/output.h"
#include "sim/run_summary.h"

namespace ternfab::cli {

/// `memory`: traffic by class, shares of the ports' beats.
Json MemoryJson(const RunSummary& summary);
/// `stalls`: all cycles by cause.
Json StallsJson(const RunSummary& summary);
/// `limits`: cycles of the decode steps (of all runs where there was none) by cause, for each part
/// of the model and for each layer.
Json LimitsJson(const RunSummary& summary);

/// What limits a token, as a table for people: parts of the model by cause, and the slowest layers.
std::string LimitsText(const RunSummary& summary);

}  // namespace ternfab::cli
