// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "host/cli/interactive.h"
#include "host/cli/output.h"
#include "host/cpu/sampler.h"
#include "models/model.h"

namespace ternfab::cli {

/// The figures of a generation, for a command's JSON: rates, time to first token, how it ended.
void AddGeneration(Json& json, const Generated& generated, const SamplingOptions& sampling);

/// The same in one line on standard error, after `arithmetic`.
void PrintGeneration(const std::string& arithmetic, const Generated& generated,
                     const SamplingOptions& sampling);

/// A chat's `turns`, each with prompt, ids, text and figures, and the rates over all of them.
void AddExchanges(Json& json, const std::vector<Exchange>& exchanges, const Model& model,
                  const SamplingOptions& sampling);

/// The rates over all turns in one line on standard error; nothing without a turn.
void PrintExchanges(const std::string& arithmetic, const std::vector<Exchange>& exchanges,
                    const SamplingOptions& sampling);

}  // namespace ternfab::cli
