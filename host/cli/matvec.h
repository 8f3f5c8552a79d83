// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "codegen/spec.h"
#include "common/error.h"

namespace ternfab::cli {

struct MatvecOptions {
  std::string hw;      ///< as the user named it
  std::string shape;   ///< RxK[xB]
  bool check = false;  ///< compare every instruction with the emulator
  std::string fst;
  std::string json;
};

/// `ternfab simulate --matvec RxK[xB]`: one random ternary matrix of R rows and K columns times B
/// vectors (1: default) on the RTL; compares the result with the exact product and prints the
/// cycles of its MATVEC instructions (one where VM holds all results) beside
/// ceil(R/engines) * ceil(K/lanes). Status 1: a wrong element.
Expected<int> SimulateMatvec(const HardwareSpec& spec, const MatvecOptions& options);

}  // namespace ternfab::cli
