// SPDX-License-Identifier: Apache-2.0
#include "codegen/sv_writer.h"

#include <algorithm>

namespace ternfab {

std::string SvLogic(int width, bool is_signed) {
  const std::string type = is_signed ? "logic signed" : "logic";
  return width == 1 ? type : fmt::format("{} [{}:0]", type, width - 1);
}

std::string SvSlice(std::string_view name, int lsb, int width) {
  return fmt::format("{}[{}:{}]", name, lsb + width - 1, lsb);
}

void SvWriter::Heading(std::string_view text) {
  Blank();
  Line("// ---- {} {:->{}}", text, "", std::max(4, 88 - int(text.size())));
}

void SvWriter::BeginModule(std::string_view name, const std::vector<SvPort>& ports) {
  size_t type_width = 0, name_width = 0;
  for (const SvPort& port : ports) {
    type_width = std::max(type_width, port.type.size());
    name_width = std::max(name_width, port.name.size() + 1);
  }
  Line("module {} (", name);
  Indent();
  for (size_t i = 0; i < ports.size(); ++i) {
    const SvPort& port = ports[i];
    const bool opens = port.simulation && (i == 0 || !ports[i - 1].simulation);
    const bool comma = i + 1 < ports.size() && !ports[i + 1].simulation;
    if (opens) Edge("`ifndef SYNTHESIS");
    const std::string_view lead = port.simulation && i > 0 ? ", " : "";
    const std::string end = port.name + (comma ? "," : "");
    const std::string comment = port.comment.empty() ? "" : "  // " + port.comment;
    Line("{}{:6} {:{}} {:{}}{}", lead, port.output ? "output" : "input", port.type, type_width, end,
         comment.empty() ? 0 : name_width, comment);
  }
  if (!ports.empty() && ports.back().simulation) Edge("`endif");
  Outdent();
  Raw(");");
  Indent();
}

void SvWriter::EndModule() {
  Outdent();
  Raw("endmodule");
}

void SvWriter::Declare(std::string_view type, std::string_view name, std::string_view comment) {
  Line("{} {};{}{}", type, name, comment.empty() ? "" : "  // ", comment);
}

void SvWriter::Assign(std::string_view left, std::string_view right) {
  Line("assign {} = {};", left, right);
}

void SvWriter::BeginAlwaysFf() {
  Raw("always_ff @(posedge clk_i) begin");
  Indent();
}

void SvWriter::BeginIf(std::string_view condition) {
  Line("if ({}) begin", condition);
  Indent();
}

void SvWriter::Else() {
  Outdent();
  Raw("end else begin");
  Indent();
}

void SvWriter::End() {
  Outdent();
  Raw("end");
}

void SvWriter::Next(std::string_view left, std::string_view right) {
  Line("{} <= {};", left, right);
}

void SvWriter::Instance(std::string_view module, std::string_view parameters, std::string_view name,
                        const std::vector<Pin>& pins, const std::vector<Pin>& simulation) {
  size_t width = 0;
  for (const Pin& pin : pins) width = std::max(width, pin.port.size());
  for (const Pin& pin : simulation) width = std::max(width, pin.port.size());
  if (parameters.empty()) {
    Line("{} {} (", module, name);
  } else {
    Line("{} #({}) {} (", module, parameters, name);
  }
  Indent();
  if (!simulation.empty()) {
    Edge("`ifndef SYNTHESIS");
    for (const Pin& pin : simulation) Line(".{:{}}({}),", pin.port, width, pin.net);
    Edge("`endif");
  }
  for (const Pin& pin : pins) {
    Line(".{:{}}({}){}", pin.port, width, pin.net, &pin == &pins.back() ? "" : ",");
  }
  Outdent();
  Raw(");");
}

}  // namespace ternfab
