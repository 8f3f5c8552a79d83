// SPDX-License-Identifier: Apache-2.0
#include "sim/area/largest_engine.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ternfab {

LargestEngine FindLargestEngine(const AreaReport& area, const HardwareSpec& spec) {
  LargestEngine largest;
  const int count = spec.engine.count;
  largest.one.Add(area.engines, 1.0 / count);
  largest.rest = area.total;
  largest.rest.Add(area.engines, -1);
  const std::vector<DeviceShare> one = SharesOf(largest.one, area.device);
  const std::vector<DeviceShare> rest = SharesOf(largest.rest, area.device);
  double most = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < one.size(); ++i) {
    const double room = rest[i].available - rest[i].used;
    const double engines = room < 0 ? 0 : one[i].used > 0 ? room / one[i].used : most;
    if (engines >= most) continue;
    most = engines;
    largest.binding_resource = one[i].resource;
  }
  largest.engines = int(std::floor(most));
  return largest;
}

}  // namespace ternfab
