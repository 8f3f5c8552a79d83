// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "common/error.h"
#include "host/cpu/emulator.h"
#include "host/cpu/fast_reference.h"

namespace ternfab::cli {

/// Options of the fast reference, and of the emulator in its place.
struct ReferenceFlags {
  std::string head;     ///< empty: as stored
  std::string kernels;  ///< empty: the fastest

  void AddKernelsTo(CLI::App& command);
  /// Errors name the option and the choices.
  Expected<FastOptions> Resolve(int threads) const;
  /// `head` does not count.
  Expected<EmulatorOptions> ResolveEmulator(int threads) const;
};

}  // namespace ternfab::cli
