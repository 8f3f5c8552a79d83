// SPDX-License-Identifier: Apache-2.0
#include "host/cli/reference_options.h"

#include <fmt/ranges.h>

#include <string_view>
#include <vector>

namespace ternfab::cli {

void ReferenceFlags::AddKernelsTo(CLI::App& command) {
  command.add_option("--kernels", kernels, "instruction set of the reference (default: fastest)");
}

Expected<FastOptions> ReferenceFlags::Resolve(int threads) const {
  FastOptions options;
  options.threads = threads;
  if (!head.empty()) {
    auto kind = ParseHead(head);
    if (!kind) return Fail("--{}", kind.error().message);
    options.head = *kind;
  }
  if (kernels.empty()) return options;
  options.kernels = FindPanelKernels(kernels);
  if (options.kernels != nullptr) return options;
  std::vector<std::string_view> names;
  for (const PanelKernels* k : SupportedPanelKernels()) names.push_back(k->name);
  return Fail("--kernels {}: must be one of {} (what this CPU executes)", kernels,
              fmt::join(names, ", "));
}

}  // namespace ternfab::cli
