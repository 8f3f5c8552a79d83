// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "codegen/signature.h"
#include "codegen/text_writer.h"

namespace ternfab::top {

/// Writes the body of the top module: declarations, instances and headings.
class TopBody : public TextWriter {
 public:
  explicit TopBody(const DesignSignature& s) : s_(s) { Indent(); }

  void Heading(const std::string& text);
  void Comment(const std::string& text) { Raw("// " + text); }
  void SimulationOnly() { Edge("`ifndef SYNTHESIS"); }
  void EndSimulationOnly() { Edge("`endif"); }

  /// `logic [width-1:0] name;` for each name; width "": one bit.
  void Nets(const std::string& width, std::initializer_list<const char*> names);

  struct Pin {
    std::string name;
    std::string net;
    bool simulation = false;  ///< connected only where SYNTHESIS is not defined
  };
  using Pins = std::vector<Pin>;
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  /// Pins of the simulation stand before one of the hardware, so that commas always fit.
  void Instance(const std::string& module, const Parameters& parameters,
                const std::string& instance, const Pins& pins);

  const DesignSignature& signature() const { return s_; }
  /// A constant of the design's package.
  std::string Pkg(const std::string& name) const { return s_.package + "::" + name; }
  /// Parameters, one a word of `names`, with the package's constants of the same names.
  Parameters PkgParameters(const std::string& names) const;

 private:
  void WriteParameters(const Parameters& parameters);
  void WritePins(const Pins& pins);

  const DesignSignature& s_;
};

/// For every word `<name>_i` or `<name>_o` of `pins`: pin `<pin_prefix><word>` on net
/// `<net_prefix><name>`.
TopBody::Pins Same(const std::string& pin_prefix, const std::string& net_prefix,
                   const std::string& pins);
TopBody::Pins Join(std::initializer_list<TopBody::Pins> groups);
TopBody::Pins Clock(const char* reset);

// The parts of the body, in their order.
void EmitMemoryPorts(TopBody& body);
void EmitRegisters(TopBody& body);
void EmitSequencer(TopBody& body);
void EmitTokens(TopBody& body);
void EmitReadDma(TopBody& body);
void EmitWriteDma(TopBody& body);
void EmitUnitMemoryNets(TopBody& body);
void EmitTernaryUnit(TopBody& body);
void EmitEngines(TopBody& body);
void EmitInt8Unit(TopBody& body);
void EmitVectorUnit(TopBody& body);
void EmitTrace(TopBody& body);

}  // namespace ternfab::top
