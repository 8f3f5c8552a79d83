// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codegen/spec.h"
#include "host/cli/output.h"

namespace ternfab::cli {

inline constexpr const char* kSynthesised = "synthesised";
inline constexpr const char* kPublished = "published";

/// `estimate` for a device that holds a ternary engine but no accelerator (iCE40): places and
/// routes the engine, prints its figures and adds them to `json`.
Expected<void> EstimateEngine(const HardwareSpec& spec, Json& json);

}  // namespace ternfab::cli
