// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "host/cli/generation.h"
#include "host/cli/output.h"
#include "host/cpu/sampler.h"

namespace ternfab::cli {

/// The figures of a generation, for a command's JSON: rates, time to first token, how it ended.
void AddGeneration(Json& json, const Generated& generated, const SamplingOptions& sampling);

/// The same in one line on standard error, after `arithmetic`.
void PrintGeneration(const std::string& arithmetic, const Generated& generated,
                     const SamplingOptions& sampling);

}  // namespace ternfab::cli
