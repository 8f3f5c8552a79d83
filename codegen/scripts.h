// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "codegen/devices.h"
#include "codegen/signature.h"

namespace ternfab {

// Scripts of other tools for a design's folder. `sources` are the SystemVerilog files relative to
// that folder ("rtl/tf_fifo.sv") in the order of dependence.

/// tf_<identifier>.f: the sources for `verilator -F` and `iverilog -c`, relative to rtl/.
std::string EmitFileList(const DesignSignature& signature, const std::vector<std::string>& sources);

/// Yosys' commands, one a line, that map module `top` to the device's family and keep the
/// hierarchy. There are none for Versal: UltraScale+ cells are the nearest.
std::string YosysCommands(const Device& device, const std::string& top);

/// Yosys: synthesis for the device's family, module by module; prints the cells of each.
std::string EmitYosysScript(const DesignSignature& signature,
                            const std::vector<std::string>& sources);

/// FuseSoC core description (CAPI 2) with the targets lint and synth.
std::string EmitFuseSocCore(const DesignSignature& signature,
                            const std::vector<std::string>& sources);

/// Whether Vivado knows the signature's device.
bool HasVivadoPart(const DesignSignature& signature);

/// Vivado Tcl that packages the design as IP, and the Verilog wrapper that it packages: Vivado's
/// block designs take no SystemVerilog top.
std::string EmitPackageIp(const DesignSignature& signature,
                          const std::vector<std::string>& sources);
std::string EmitIpWrapper(const DesignSignature& signature);

}  // namespace ternfab
