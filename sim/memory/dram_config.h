// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codegen/memory_kinds.h"

namespace ternfab {

/// The channels behind the ports and their controllers.
struct DramConfig {
  DramTimings timings;
  DramGeometry geometry;
  ClockRatio clocks;
  int channels = 1;
  int stripe_bytes = 256;  ///< consecutive bytes in one channel; >= access_bytes
  /// Consecutive bytes of a channel in one bank of each bank group; from one access in each group
  /// to all of their rows.
  int bank_stripe_bytes = 512;
  /// Fabric cycles from the AR (last of AW and W) handshake to the channels' queues.
  int request_cycles = 1;
  int response_bytes = 4096;   ///< of each port: data read or being read, waiting for its R channel
  int accesses_per_cycle = 1;  ///< that one port hands to the queues in a fabric cycle
  int read_queue = 64;         ///< accesses, of each channel
  int write_queue = 64;
  int write_drain = 48;  ///< waiting writes at which they go before reads
  int age_cap = 2000;    ///< memory cycles after which an access goes before younger row hits
};

}  // namespace ternfab
