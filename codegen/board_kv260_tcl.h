// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "codegen/signature.h"

namespace ternfab::kv260 {

inline constexpr uint64_t kControlAddress = 0xa0000000;  ///< in M_AXI_HPM0_FPD's range
inline constexpr int kHpPorts = 4;                       ///< S_AXI_HP0_FPD .. S_AXI_HP3_FPD

/// Vivado Tcl: block design, synthesis, implementation, bitstream.
std::string EmitBlockDesign(const DesignSignature& signature);

}  // namespace ternfab::kv260
