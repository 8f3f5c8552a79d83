// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "codegen/spec.h"
#include "common/error.h"

namespace ternfab {

struct GeneratedFile {
  std::string path;  ///< relative to the design's folder, '/' between its parts
  std::string text;
};

/// All files of a design, in a fixed order; the same spec gives the same bytes. `spec` is valid.
///
///   rtl/      SystemVerilog: top, package, engines, the modules of rtl/ that they need, and
///             tf_<name>.f, which lists them in the order of dependence
///   regs/     the registers in SystemRDL and Markdown
///   driver/   tf_<name>.h, a C++ header with all that the host needs to know
///   scripts/  Yosys, FuseSoC, Vivado
///   board/    for boards that are supported (kv260)
std::vector<GeneratedFile> GenerateDesign(const HardwareSpec& spec);

/// Only the files under rtl/, in the order of dependence (what a simulation needs).
std::vector<GeneratedFile> GenerateRtl(const HardwareSpec& spec);

/// Writes the files to `folder`: first to a folder beside it, which then takes its place. A folder
/// that exists must be empty or an earlier output (it is replaced). Errors: that rule, file system.
Expected<void> WriteDesign(const std::vector<GeneratedFile>& files, const std::string& folder);

}  // namespace ternfab
