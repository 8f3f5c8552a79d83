// SPDX-License-Identifier: Apache-2.0
#include "host/cli/synthesis.h"

#include "host/cli/output.h"

namespace ternfab::cli {

Expected<AreaReport> SynthesiseDesign(const HardwareSpec& spec, const std::string& title,
                                      int jobs) {
  ProgressBar bar(title);
  AreaOptions options;
  options.jobs = jobs;
  options.on_progress = [&](int64_t done, int64_t all) { bar.Update(done, all); };
  return EstimateArea(spec, options);
}

}  // namespace ternfab::cli
