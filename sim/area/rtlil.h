// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

namespace ternfab {

/// A module of an elaborated design with the values of its parameters, in RTLIL (Yosys' text form).
struct RtlilModule {
  std::string name;                      ///< Yosys' name, one for each set of parameters
  std::string module;                    ///< "tf_fifo"
  std::string parameters;                ///< "Width=417 Keep=0x00f1", "" without any
  std::map<std::string, int> instances;  ///< `name`s of modules that it instantiates, how often
  /// A file of its own: the module, called kUnitName, and an empty body for each in `instances`.
  /// It says nothing of source lines or of the rest of the design, so equal text is an equal
  /// module.
  std::string text;

  /// Whether `cell`, as Yosys prints a cell's type, is one of `instances`.
  bool HasInstance(const std::string& cell) const {
    return instances.count(cell) != 0 || instances.count("\\" + cell) != 0;
  }
};

inline constexpr const char* kUnitName = "unit";

/// Splits what `write_rtlil` wrote after `hierarchy` into its modules, in the order of the file.
std::vector<RtlilModule> SplitRtlil(const std::string& rtlil);

}  // namespace ternfab
