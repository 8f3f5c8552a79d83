// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <fstream>
#include <memory>

#include "codegen/plan/planner.h"
#include "codegen/spec.h"
#include "host/cli/arguments.h"
#include "host/cli/commands.h"
#include "host/cli/output.h"
#include "host/cli/prompt.h"
#include "host/cpu/device_model.h"
#include "host/cpu/reference.h"

// `ternfab run`: the CPU path.

namespace ternfab::cli {
namespace {

struct RunOptions {
  PromptOptions prompt;
  std::string arithmetic = "reference";
  std::string head;
  std::string hw = "kv260";
  std::string logits;
  std::string json;
  int threads = DefaultThreads();
};

/// The head is part of the arithmetic: as stored for the reference, int8 for the device.
Expected<void> CheckHead(const RunOptions& o) {
  const std::string built = o.arithmetic == "device" ? "int8" : "model";
  if (o.head.empty() || o.head == built) return {};
  return Fail("--head {}: must be {} with --arithmetic {} (others are not built)", o.head, built,
              o.arithmetic);
}

/// Raw float32 [positions][vocab], one position after the other.
Expected<void> WriteLogits(const std::string& path, LanguageModel& model, const Prompt& prompt) {
  std::string bytes;
  for (const int& id : prompt.ids) {
    TF_ASSIGN_OR_RETURN(const std::vector<float> logits, model.Append({&id, 1}));
    bytes.append(reinterpret_cast<const char*>(logits.data()), 4 * logits.size());
  }
  model.Reset();
  return WriteFile(path, bytes);
}

Json Report(const RunOptions& o, const Model& model, const Prompt& prompt, const Generated& g,
            double wall_seconds) {
  Json json;
  json["command"] = "run";
  json["model"] = o.prompt.model;
  json["hw"] = o.arithmetic == "device" ? Json(o.hw) : Json(nullptr);
  json["version"] = TERNFAB_VERSION;
  json["wall_seconds"] = wall_seconds;
  json["arithmetic"] = o.arithmetic;
  json["prompt_ids"] = prompt.ids;
  json["ids"] = g.ids;
  json["text"] = TextOf(model, g.ids);
  const auto rate = [](std::optional<double> value) {
    return value ? Figure(*value, "tokens/s", kMeasured) : NoFigure("tokens/s", kMeasured);
  };
  json["decode_rate"] = rate(g.DecodeRate(prompt));
  json["prefill_rate"] = rate(g.PrefillRate(prompt));
  return json;
}

void PrintRates(const RunOptions& o, const Prompt& prompt, const Generated& generated) {
  fmt::print(stderr, "{} arithmetic: ", o.arithmetic);
  if (const auto rate = generated.PrefillRate(prompt)) {
    fmt::print(stderr, "prompt {} tokens at {:.1f} tokens/s", prompt.ids.size(), *rate);
  } else {
    fmt::print(stderr, "context of {} seeded positions", *prompt.context);
  }
  if (const auto rate = generated.DecodeRate(prompt)) {
    fmt::print(stderr, ", decode {} tokens at {:.1f} tokens/s", generated.ids.size(), *rate);
  }
  fmt::print(stderr, " (measured on this CPU)\n");
}

Expected<void> CheckContext(const RunOptions& o) {
  if (!o.prompt.context) return {};
  if (o.arithmetic != "device") {
    return Fail("--context {}: must be with --arithmetic device (the cache is that of a design)",
                *o.prompt.context);
  }
  if (!o.logits.empty()) return Fail("--logits: must be with --prompt or --ids, not --context");
  return {};
}

Expected<int> Run(const RunOptions& o) {
  Stopwatch watch;
  TF_RETURN_IF_ERROR(CheckHead(o));
  TF_RETURN_IF_ERROR(CheckContext(o));
  TF_ASSIGN_OR_RETURN(Model model, LoadModel(o.prompt.model));
  Program program;
  std::unique_ptr<LanguageModel> language;
  if (o.arithmetic == "device") {
    TF_ASSIGN_OR_RETURN(const HardwareSpec spec, FindSpec(o.hw));
    TF_ASSIGN_OR_RETURN(program, BuildProgram(model, Derive(spec), DesignHash(spec), {}));
    model.ReleaseWeights();  // the image has them
    language = MakeEmulatedDevice(program, o.threads);
  } else {
    language = MakePlainReference(model);
  }
  TF_ASSIGN_OR_RETURN(const Prompt prompt, MakePrompt(o.prompt, model, language->context()));
  if (!o.logits.empty()) TF_RETURN_IF_ERROR(WriteLogits(o.logits, *language, prompt));
  TF_ASSIGN_OR_RETURN(const Generated generated,
                      GenerateGreedy(*language, prompt, o.prompt.tokens, [&](int id) {
                        if (!model.tokenizer) return;
                        fmt::print("{}", model.tokenizer->TokenBytes(id));
                        std::fflush(stdout);
                      }));
  const Json json = Report(o, model, prompt, generated, watch.seconds());
  TF_RETURN_IF_ERROR(WriteJson(o.json, json));
  if (!model.tokenizer) fmt::print("{}", fmt::join(generated.ids, ","));
  fmt::print("\n");
  PrintRates(o, prompt, generated);
  return 0;
}

}  // namespace

void AddRun(CLI::App& app, Action& action) {
  auto o = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "generate text on the CPU");
  o->prompt.AddTo(*command);
  o->prompt.AddContextTo(*command);
  command->add_option("--arithmetic", o->arithmetic, "reference or device (bit for bit the RTL)")
      ->check(CLI::IsMember({"reference", "device"}))
      ->capture_default_str();
  command->add_option("--head", o->head, "LM head: model (reference) or int8 (device)")
      ->check(CLI::IsMember({"model", "int8", "shortlist"}));
  command->add_option("--hw", o->hw, "spec whose Program the device arithmetic executes")
      ->capture_default_str();
  command->add_option("--logits", o->logits,
                      "write float32 [prompt positions][vocab] to this file");
  AddThreads(*command, o->threads);
  command->add_option("--json", o->json, "write all figures to this file");
  command->callback([o, &action] { action = [o] { return Run(*o); }; });
}

}  // namespace ternfab::cli
