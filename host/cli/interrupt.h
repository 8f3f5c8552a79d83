// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ternfab::cli {

/// While one lives, the first Ctrl-C (SIGINT) is noted and does not end the process; a second one
/// ends it as always. Not more than one at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  /// Whether Ctrl-C was pressed since construction.
  bool asked() const;
};

/// Exit status of a command that Ctrl-C stopped: 128 + SIGINT, what shells report.
inline constexpr int kInterrupted = 130;

}  // namespace ternfab::cli
