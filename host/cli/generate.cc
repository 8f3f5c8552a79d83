// SPDX-License-Identifier: Apache-2.0
#include "codegen/generate.h"

#include <fmt/format.h>

#include <memory>

#include "codegen/build_program.h"
#include "codegen/spec.h"
#include "host/cli/commands.h"
#include "host/cli/output.h"
#include "models/model.h"

// `ternfab generate`: a design's files and, with a model, its Program file.

namespace ternfab::cli {
namespace {

struct GenerateOptions {
  std::string hw = "kv260";
  std::string out;
  std::string model;
  std::string json;
};

constexpr const char* kProgramFile = "program.tfpr";

/// Bytes of the model's Program on the design.
Expected<std::vector<uint8_t>> PlanModel(const std::string& name, const HardwareSpec& spec) {
  TF_ASSIGN_OR_RETURN(const Model model, LoadModel(name));
  TF_ASSIGN_OR_RETURN(const Program program, BuildProgram(model, spec));
  return SerializeProgram(program);
}

Expected<int> Generate(const GenerateOptions& o) {
  Stopwatch watch;
  TF_ASSIGN_OR_RETURN(const HardwareSpec spec, FindSpec(o.hw));
  std::vector<GeneratedFile> files = GenerateDesign(spec);
  if (!o.model.empty()) {
    TF_ASSIGN_OR_RETURN(const std::vector<uint8_t> bytes, PlanModel(o.model, spec));
    files.push_back({kProgramFile, std::string(bytes.begin(), bytes.end())});
  }
  TF_RETURN_IF_ERROR(WriteDesign(files, o.out));
  fmt::print("{}: {} files in {}, design hash {:016x}\n", spec.name, files.size(), o.out,
             DesignHash(spec));
  if (!o.model.empty()) fmt::print("{}: Program of {}\n", kProgramFile, o.model);
  Json json;
  json["command"] = "generate";
  json["model"] = o.model.empty() ? Json(nullptr) : Json(o.model);
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
  command->add_option("--model", o->model, "also write this model's Program file");
  command->add_option("--json", o->json, "write a summary to this file");
  command->callback([o, &action] { action = [o] { return Generate(*o); }; });
}

}  // namespace ternfab::cli
