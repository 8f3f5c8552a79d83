// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "codegen/generate.h"
#include "codegen/signature.h"

namespace ternfab {

/// board/: what a KV260 needs on top of the design's IP. Block design with the processing system,
/// device-tree overlay, and a Makefile that cross-builds the driver with a program that runs a
/// Program file on the board. Each of the four HP ports serves the memory ports p with p mod 4
/// equal to it.
std::vector<GeneratedFile> EmitBoardKv260(const DesignSignature& signature);

}  // namespace ternfab
