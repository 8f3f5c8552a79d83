// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <fstream>
#include <memory>

#include "codegen/plan/planner.h"
#include "codegen/spec.h"
#include "host/cli/arguments.h"
#include "host/cli/commands.h"
#include "host/cli/interrupt.h"
#include "host/cli/output.h"
#include "host/cli/prompt.h"
#include "host/cli/reference_options.h"
#include "host/cli/run_report.h"
#include "host/cli/sampling.h"
#include "host/cli/utf8_stream.h"
#include "host/cpu/device_model.h"

// `ternfab run`: the CPU path.

namespace ternfab::cli {
namespace {

struct RunOptions {
  PromptOptions prompt;
  std::string arithmetic = "reference";
  ReferenceFlags reference;  ///< its head is that of the device too
  std::string hw = "kv260";
  std::string logits;
  std::string json;
  int threads = DefaultThreads();
  SamplingFlags sampling;
};

/// The head is part of the arithmetic: as stored by default for the reference, int8 for the device.
Expected<void> CheckHead(const RunOptions& o) {
  const std::string& head = o.reference.head;
  if (o.arithmetic != "device" || head.empty() || head == "int8") return {};
  return Fail("--head {}: must be int8 with --arithmetic device (others are not built)", head);
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

Json Report(const RunOptions& o, const SamplingOptions& sampling, const Model& model,
            const Prompt& prompt, const Generated& generated, double wall_seconds) {
  Json json;
  json["command"] = "run";
  json["model"] = o.prompt.model;
  json["hw"] = o.arithmetic == "device" ? Json(o.hw) : Json(nullptr);
  json["version"] = TERNFAB_VERSION;
  json["wall_seconds"] = wall_seconds;
  json["arithmetic"] = o.arithmetic;
  json["prompt_ids"] = prompt.ids;
  json["ids"] = generated.ids;
  json["text"] = TextOf(model, generated.ids);
  AddGeneration(json, generated, sampling);
  return json;
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

/// A model ready to run: `language` refers to the others.
struct Runner {
  Model model;
  Program program;  ///< of device arithmetic
  std::unique_ptr<LanguageModel> language;
};

Expected<std::unique_ptr<Runner>> MakeRunner(const RunOptions& o) {
  auto runner = std::make_unique<Runner>();
  TF_ASSIGN_OR_RETURN(runner->model, LoadModel(o.prompt.model));
  if (o.arithmetic == "device") {
    TF_ASSIGN_OR_RETURN(const HardwareSpec spec, FindSpec(o.hw));
    TF_ASSIGN_OR_RETURN(runner->program,
                        BuildProgram(runner->model, Derive(spec), DesignHash(spec), {}));
    runner->model.ReleaseWeights();  // the image has them
    runner->language = MakeEmulatedDevice(runner->program, o.threads);
  } else {
    TF_ASSIGN_OR_RETURN(const FastOptions options, o.reference.Resolve(o.threads));
    runner->language = MakeFastReference(TakeWeights(runner->model), options);
  }
  return runner;
}

/// Generates and writes the text to standard output as it is made; ids where there is no tokenizer.
Expected<Generated> Stream(const RunOptions& o, Runner& runner, const Prompt& prompt,
                           const SamplingOptions& sampling) {
  const Tokenizer* tokenizer = runner.model.tokenizer.get();
  Sampler sampler(sampling);
  Utf8Stream text;
  bool begun = false;
  ProgressBar bar("reading the prompt");
  const InterruptGuard interrupt;
  GenerationOptions options;
  options.tokens = o.prompt.tokens;
  options.interrupted = [&] { return interrupt.asked(); };
  options.on_prompt = [&](int64_t done, int64_t all) {
    if (done < all) return bar.Update(done, all);
    bar.Clear();
  };
  options.on_token = [&](int id) {
    if (tokenizer != nullptr) {
      fmt::print("{}", text.Add(tokenizer->TokenBytes(id)));
    } else {
      fmt::print("{}{}", begun ? "," : "", id);
    }
    begun = true;
    std::fflush(stdout);
  };
  auto generated = GenerateFrom(*runner.language, prompt, sampler, std::move(options));
  if (generated) fmt::print("\n");
  return generated;
}

Expected<int> Run(const RunOptions& o) {
  Stopwatch watch;
  TF_RETURN_IF_ERROR(CheckHead(o));
  TF_RETURN_IF_ERROR(CheckContext(o));
  TF_ASSIGN_OR_RETURN(const SamplingOptions sampling, o.sampling.Resolve());
  TF_ASSIGN_OR_RETURN(const auto runner, MakeRunner(o));
  TF_ASSIGN_OR_RETURN(const Prompt prompt,
                      MakePrompt(o.prompt, runner->model, runner->language->context()));
  if (!o.logits.empty()) TF_RETURN_IF_ERROR(WriteLogits(o.logits, *runner->language, prompt));
  TF_ASSIGN_OR_RETURN(const Generated generated, Stream(o, *runner, prompt, sampling));
  TF_RETURN_IF_ERROR(
      WriteJson(o.json, Report(o, sampling, runner->model, prompt, generated, watch.seconds())));
  PrintGeneration(o.arithmetic, generated, sampling);
  return generated.stopped == StopReason::kInterrupt ? kInterrupted : 0;
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
  command
      ->add_option("--head", o->reference.head,
                   "LM head: model (as stored), bf16 or int8 (reference); int8 (device)")
      ->check(CLI::IsMember({"model", "bf16", "int8", "shortlist"}));
  o->reference.AddKernelsTo(*command);
  command->add_option("--hw", o->hw, "spec whose Program the device arithmetic executes")
      ->capture_default_str();
  command->add_option("--logits", o->logits,
                      "write float32 [prompt positions][vocab] to this file");
  o->sampling.AddTo(*command);
  AddThreads(*command, o->threads);
  command->add_option("--json", o->json, "write all figures to this file");
  command->callback([o, &action] { action = [o] { return Run(*o); }; });
}

}  // namespace ternfab::cli
