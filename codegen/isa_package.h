// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ternfab {

/// The text of rtl/tf_isa_pkg.sv: the fields and enumerations of codegen/plan/isa.h as localparams.
/// Field F becomes `FWord`, `FLsb`, `FWidth`; value kV of enumeration E becomes `EV`.
std::string EmitIsaPackage();

}  // namespace ternfab
