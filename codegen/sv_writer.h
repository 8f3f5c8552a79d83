// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/text_writer.h"

namespace ternfab {

struct SvPort {
  bool output = false;
  std::string type;  ///< "logic", "logic [7:0]"; see SvLogic
  std::string name;
  std::string comment;
  bool simulation = false;  ///< only where SYNTHESIS is not defined; such ports come last
};

/// Type of `width` bits: "logic" for one bit, else "logic [width-1:0]".
std::string SvLogic(int width, bool is_signed = false);

/// Part select of `width` bits from bit `lsb` on: "name[lsb + width - 1:lsb]".
std::string SvSlice(std::string_view name, int lsb, int width);

/// Writes one SystemVerilog module with two spaces of indentation a level.
class SvWriter : public TextWriter {
 public:
  void Comment(std::string_view text) { Line("// {}", text); }
  /// Blank line, then a comment line that opens a stage of the module.
  void Heading(std::string_view text);

  void BeginModule(std::string_view name, const std::vector<SvPort>& ports);
  void EndModule();

  /// `type name;  // comment`
  void Declare(std::string_view type, std::string_view name, std::string_view comment = "");
  void Assign(std::string_view left, std::string_view right);

  void BeginAlwaysFf();
  void BeginIf(std::string_view condition);
  void Else();
  /// Closes BeginIf, BeginAlwaysFf or anything else that ends with `end`.
  void End();
  /// `left <= right;`
  void Next(std::string_view left, std::string_view right);

  struct Pin {
    std::string port;
    std::string net;
  };
  /// An instance; `parameters` is "" or the text between `#(` and `)`. Pins under `simulation` are
  /// connected only where SYNTHESIS is not defined.
  void Instance(std::string_view module, std::string_view parameters, std::string_view name,
                const std::vector<Pin>& pins, const std::vector<Pin>& simulation = {});
};

}  // namespace ternfab
