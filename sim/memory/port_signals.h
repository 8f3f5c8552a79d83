// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ternfab {

/// What the memory drives on one port in a cycle.
struct MemoryPortOut {
  bool arready = false;
  bool rvalid = false;
  bool rlast = false;
  bool awready = false;
  bool wready = false;
  bool bvalid = false;

  bool operator==(const MemoryPortOut&) const = default;
};

/// What the device drives on one port in a cycle; a handshake is valid and ready in one cycle.
struct MemoryPortIn {
  bool arvalid = false;
  uint64_t araddr = 0;  ///< bytes, a multiple of the beat
  int arbeats = 1;
  bool rready = false;
  bool awvalid = false;
  uint64_t awaddr = 0;
  int awbeats = 1;
  bool wvalid = false;
  bool wlast = false;
  bool bready = false;
};

}  // namespace ternfab
