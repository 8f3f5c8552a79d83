// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/compare/comparison.h"

namespace ternfab::compare {

/// A comparison as a table for terminals: a column a side, a row a figure, each with its evidence.
std::string ComparisonText(const Comparison& comparison);

}  // namespace ternfab::compare
