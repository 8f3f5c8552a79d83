// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "common/error.h"
#include "sim/compare/archive.h"

namespace ternfab::compare {

/// Whether this command was built with the chart scripts; else a page is refused.
Expected<void> CheckPageScripts();

/// The page of a report (ToJson of a Comparison): one HTML file that loads nothing. Tables are
/// made here, charts by the inlined scripts from the report's JSON, which is in the page.
/// CheckPageScripts held.
std::string MakePage(const Json& report);

}  // namespace ternfab::compare
