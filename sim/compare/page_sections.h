// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/compare/archive.h"

// The parts of the page, in their order. Each is HTML of a report's JSON.

namespace ternfab::compare {

std::string HeaderHtml(const Json& report);
/// A card for each side: its rate and energy, and what they are beside the CPU's.
std::string CardsHtml(const Json& report);
/// What each side wrote.
std::string TextsHtml(const Json& report);
std::string HeadlineHtml(const Json& report);
std::string RatesHtml(const Json& report);
std::string CyclesHtml(const Json& report);
std::string EnergyHtml(const Json& report);
std::string RooflineHtml(const Json& report);
std::string TimelineHtml(const Json& report);
std::string ContextsHtml(const Json& report);
std::string ChecksHtml(const Json& report);
std::string FooterHtml(const Json& report);

}  // namespace ternfab::compare
