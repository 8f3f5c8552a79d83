// SPDX-License-Identifier: Apache-2.0
#include "host/cli/reference_options.h"

#include <fmt/ranges.h>

#include <span>
#include <string_view>
#include <vector>

namespace ternfab::cli {
namespace {

/// The one of `supported` that is called `name`; null: there is no name.
template <class K>
Expected<const K*> Named(const std::string& name, std::span<const K* const> supported) {
  if (name.empty()) return nullptr;
  std::vector<std::string_view> names;
  for (const K* kernels : supported) {
    if (kernels->name == name) return kernels;
    names.push_back(kernels->name);
  }
  return Fail("--kernels {}: must be one of {} (what this CPU executes)", name,
              fmt::join(names, ", "));
}

}  // namespace

void ReferenceFlags::AddKernelsTo(CLI::App& command) {
  command.add_option("--kernels", kernels, "instruction set (default: fastest)");
}

Expected<FastOptions> ReferenceFlags::Resolve(int threads) const {
  FastOptions options;
  options.threads = threads;
  if (!head.empty()) {
    auto kind = ParseHead(head);
    if (!kind) return Fail("--{}", kind.error().message);
    options.head = *kind;
  }
  TF_ASSIGN_OR_RETURN(options.kernels, Named(kernels, SupportedPanelKernels()));
  return options;
}

Expected<EmulatorOptions> ReferenceFlags::ResolveEmulator(int threads) const {
  EmulatorOptions options;
  options.threads = threads;
  TF_ASSIGN_OR_RETURN(options.kernels, Named(kernels, SupportedKernels()));
  return options;
}

}  // namespace ternfab::cli
