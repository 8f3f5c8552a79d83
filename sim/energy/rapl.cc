// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/rapl.h"

#include <algorithm>
#include <fstream>
#include <optional>

namespace ternfab {
namespace {

namespace fs = std::filesystem;

std::optional<uint64_t> ReadNumber(const fs::path& path) {
  std::ifstream in(path);
  uint64_t value = 0;
  if (!(in >> value)) return std::nullopt;
  return value;
}

std::string ReadWord(const fs::path& path) {
  std::ifstream in(path);
  std::string word;
  in >> word;
  return word;
}

/// Packages stand for their cores; of their parts only DRAM is not in them.
bool Counts(const std::string& name) { return name.starts_with("package") || name == "dram"; }

}  // namespace

Expected<RaplMeter> RaplMeter::Open(const fs::path& root) {
  RaplMeter meter;
  std::error_code error;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(root, error)) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  std::string unreadable;
  for (const fs::path& folder : folders) {
    const std::string name = ReadWord(folder / "name");
    // intel-rapl-mmio counts the same package once more.
    if (!folder.filename().string().starts_with("intel-rapl:") || !Counts(name)) continue;
    const auto now = ReadNumber(folder / "energy_uj");
    const auto range = ReadNumber(folder / "max_energy_range_uj");
    if (!now || !range) {
      unreadable = (folder / "energy_uj").string();
      continue;
    }
    meter.domains_.push_back({name, folder / "energy_uj", *range, *now});
  }
  if (!unreadable.empty()) return Fail("{}: may not be read", unreadable);
  if (meter.domains_.empty()) return Fail("{}: no RAPL energy counter", root.string());
  return meter;
}

Expected<double> RaplMeter::Sample() {
  for (Domain& domain : domains_) {
    const auto now = ReadNumber(domain.counter);
    if (!now) return Fail("{}: cannot be read any more", domain.counter.string());
    const uint64_t moved =
        *now >= domain.last ? *now - domain.last : domain.range - domain.last + *now;
    joules_ += double(moved) * 1e-6;
    domain.last = *now;
  }
  return joules_;
}

std::string RaplMeter::domains() const {
  std::string text;
  for (const Domain& domain : domains_) text += (text.empty() ? "" : ", ") + domain.name;
  return text;
}

}  // namespace ternfab
