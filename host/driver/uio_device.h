// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "host/driver/device.h"

namespace ternfab::driver {

/// Files through which Linux gives access to a design on a board.
struct UioPaths {
  std::string registers = "/dev/uio0";  ///< UIO device; its first map is the register space
  std::string registers_size = "/sys/class/uio/uio0/maps/map0/size";  ///< hexadecimal, bytes
  std::string memory = "/dev/udmabuf0";                         ///< u-dma-buf character device
  std::string memory_folder = "/sys/class/u-dma-buf/udmabuf0";  ///< size, phys_addr, sync_for_*
};

/// What poll() takes for `timeout`: at most 24.8 days, never negative, which would mean for ever.
constexpr int PollTimeout(std::chrono::milliseconds timeout) {
  return int(std::clamp<int64_t>(timeout.count(), 0, std::numeric_limits<int>::max()));
}

/// A design behind UIO (registers, interrupt) and u-dma-buf (main memory). The buffer is mapped
/// cached; every copy is framed by sync_for_cpu and sync_for_device over its range.
Expected<std::unique_ptr<Device>> OpenUioDevice(const UioPaths& paths);

}  // namespace ternfab::driver
