// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/paper_tables.h"

#include <fmt/format.h>

#include "host/cli/output.h"
#include "host/cli/token_rates.h"
#include "models/model.h"
#include "sim/compare/context_sweep.h"

// `paper_tables FILE`: writes docs/paper_tables.md. A program of its own, for `make paper`.

namespace ternfab::cli {
namespace {

constexpr const char* kHardware = "kv260";
constexpr const char* kModels[] = {"bitnet-0.7b", "bitnet-1.3b", "bitnet-3b", "bitnet-2b4t"};

Expected<compare::PaperRun> RunModel(const HardwareSpec& spec, const char* name) {
  TF_ASSIGN_OR_RETURN(const Program program, ProgramOf(std::string("synth:") + name, spec));
  ProgressBar bar(name);
  TF_ASSIGN_OR_RETURN(
      const compare::ContextSweep sweep,
      compare::SweepContext(spec, program, {compare::kPaperContext},
                            [&](int64_t done, int64_t all) { bar.Update(done, all); }));
  TF_ASSIGN_OR_RETURN(const ModelConfig config, FindModelPreset(name));
  return compare::PaperRun{config, sweep.latency.values.front(),
                           double(program.total_beats) * program.design.wide_bytes()};
}

Expected<void> Write(const std::string& path) {
  TF_ASSIGN_OR_RETURN(const HardwareSpec spec, FindSpec(kHardware));
  std::vector<compare::PaperRun> runs;
  for (const char* name : kModels) {
    TF_ASSIGN_OR_RETURN(compare::PaperRun run, RunModel(spec, name));
    runs.push_back(std::move(run));
  }
  return WriteFile(path, compare::PaperTables(runs, kHardware, ModelPresets()));
}

}  // namespace
}  // namespace ternfab::cli

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: paper_tables FILE\n");
    return 2;
  }
  if (const auto status = ternfab::cli::Write(argv[1]); !status) {
    fmt::print(stderr, "paper_tables: {}\n", status.error().message);
    return 2;
  }
  return 0;
}
