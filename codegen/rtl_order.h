// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ternfab {

/// A SystemVerilog file with one module or package of the same name.
struct RtlFile {
  std::string name;  ///< "tf_fifo" of tf_fifo.sv
  std::string text;
};

/// Names of other tf_ modules and packages in the code of `text`, sorted; comments and strings do
/// not count.
std::vector<std::string> RtlReferences(const std::string& text);

/// `top` and all that it needs, directly or not, from `generated` and from the modules of rtl/,
/// each file after those that it names. `top` is one of `generated`.
std::vector<RtlFile> RtlClosure(const std::string& top, const std::vector<RtlFile>& generated);

}  // namespace ternfab
