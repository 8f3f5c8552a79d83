// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "codegen/signature.h"

namespace ternfab::rtl {

/// C++ source that wraps Verilator's model of a design (class Vtop) as an RtlDesign and exports
/// tf_create_design. It includes the generated driver header, whose numbers it hands out.
std::string EmitHarness(const DesignSignature& signature);

}  // namespace ternfab::rtl
