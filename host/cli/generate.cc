// SPDX-License-Identifier: Apache-2.0
#include "codegen/generate.h"

#include <fmt/format.h>

#include <memory>

#include "codegen/spec.h"
#include "host/cli/commands.h"
#include "host/cli/output.h"

// `ternfab generate`: a design's files.

namespace ternfab::cli {
namespace {

struct GenerateOptions {
  std::string hw = "kv260";
  std::string out;
  std::string json;
};

Expected<int> Generate(const GenerateOptions& o) {
  Stopwatch watch;
  TF_ASSIGN_OR_RETURN(const HardwareSpec spec, FindSpec(o.hw));
  const std::vector<GeneratedFile> files = GenerateDesign(spec);
  TF_RETURN_IF_ERROR(WriteDesign(files, o.out));
  fmt::print("{}: {} files in {}, design hash {:016x}\n", spec.name, files.size(), o.out,
             DesignHash(spec));
  Json json;
  json["command"] = "generate";
  json["model"] = nullptr;
  json["hw"] = o.hw;
  json["version"] = TERNFAB_VERSION;
  json["wall_seconds"] = watch.seconds();
  json["design_hash"] = fmt::format("{:016x}", DesignHash(spec));
  for (const GeneratedFile& file : files) json["files"].push_back(file.path);
  TF_RETURN_IF_ERROR(WriteJson(o.json, json));
  return 0;
}

}  // namespace

void AddGenerate(CLI::App& app, Action& action) {
  auto o = std::make_shared<GenerateOptions>();
  CLI::App* command = app.add_subcommand("generate", "write a design's RTL, driver and scripts");
  command->add_option("--hw", o->hw, "preset or spec file")->capture_default_str();
  command->add_option("--out", o->out, "folder to write")->required();
  command->add_option("--json", o->json, "write a summary to this file");
  command->callback([o, &action] { action = [o] { return Generate(*o); }; });
}

}  // namespace ternfab::cli
