// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "codegen/signature.h"

namespace ternfab {

/// SystemVerilog of the package `signature.package`: the design's constants.
std::string EmitDesignPackage(const DesignSignature& signature);

/// SystemVerilog of the top module: the units of docs/microarchitecture.md and their wires, between
/// the ports that the signature promises.
std::string EmitTop(const DesignSignature& signature);

/// First lines of a generated file: what made it, for which spec; each behind `comment`.
std::string GeneratedBanner(const DesignSignature& signature, const std::string& comment,
                            const std::string& what);

}  // namespace ternfab
