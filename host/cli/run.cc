// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <optional>

#include "codegen/build_program.h"
#include "codegen/spec.h"
#include "host/cli/arguments.h"
#include "host/cli/chat_flags.h"
#include "host/cli/commands.h"
#include "host/cli/conversation.h"
#include "host/cli/interactive.h"
#include "host/cli/interrupt.h"
#include "host/cli/output.h"
#include "host/cli/prompt.h"
#include "host/cli/reference_options.h"
#include "host/cli/run_report.h"
#include "host/cli/sampling.h"
#include "host/cli/text_output.h"
#include "host/cpu/device_model.h"
#include "host/cpu/limits.h"

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
  ChatFlags chat;
  bool tokens_given = false;
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

Json Heading(const RunOptions& o, double wall_seconds) {
  Json json;
  json["command"] = "run";
  json["model"] = o.prompt.model;
  json["hw"] = o.arithmetic == "device" ? Json(o.hw) : Json(nullptr);
  json["version"] = TERNFAB_VERSION;
  json["wall_seconds"] = wall_seconds;
  json["arithmetic"] = o.arithmetic;
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
  std::optional<Traffic> traffic;  ///< of the fast reference
};

Traffic TrafficOf(const Model& model, const FastOptions& options) {
  const TokenWork first = WorkOfToken(model, options.head, options.storage, /*position=*/0);
  return {first.weight_bytes + first.head_bytes, first.cache_bytes, {}};
}

/// Measures the memory where the weights come from it.
void MeasureMemory(const RunOptions& o, std::optional<Traffic>& traffic) {
  if (!traffic || traffic->fixed_bytes < kBeyondCaches) return;
  traffic->read_bytes_per_second = MeasureCpuLimits(o.threads).read_bytes_per_second;
}

Expected<std::unique_ptr<Runner>> MakeRunner(const RunOptions& o) {
  auto runner = std::make_unique<Runner>();
  TF_ASSIGN_OR_RETURN(runner->model, LoadModel(o.prompt.model));
  if (o.arithmetic == "device") {
    TF_ASSIGN_OR_RETURN(const HardwareSpec spec, FindSpec(o.hw));
    TF_ASSIGN_OR_RETURN(const EmulatorOptions options, o.reference.ResolveEmulator(o.threads));
    TF_ASSIGN_OR_RETURN(runner->program, BuildProgram(runner->model, spec));
    runner->model.ReleaseWeights();  // the image has them
    runner->language = MakeEmulatedDevice(runner->program, options);
  } else {
    TF_ASSIGN_OR_RETURN(const FastOptions options, o.reference.Resolve(o.threads));
    runner->traffic = TrafficOf(runner->model, options);
    runner->language = MakeFastReference(TakeWeights(runner->model), options);
  }
  return runner;
}

/// Generates and writes the text to standard output as it is made; ids where there is no tokenizer.
Expected<Generated> Stream(Runner& runner, const Prompt& prompt, int tokens, Sampler& sampler) {
  TextOutput output(runner.model.tokenizer.get());
  const InterruptGuard interrupt;
  GenerationOptions options;
  options.tokens = tokens;
  options.interrupted = [&] { return interrupt.asked(); };
  options.on_prompt = [&](int64_t done, int64_t all) { output.Reading(done, all); };
  options.on_token = [&](int id) { output.Add(id); };
  auto generated = GenerateFrom(*runner.language, prompt, sampler, std::move(options));
  if (generated) output.Finish();
  return generated;
}

/// A chat over standard input.
Expected<int> RunInteractive(const RunOptions& o, Runner& runner, const SamplingOptions& sampling,
                             const Stopwatch& watch) {
  TF_ASSIGN_OR_RETURN(const ChatTemplate chat, o.chat.MakeTemplate(runner.model));
  Sampler sampler(sampling);
  Conversation conversation(*runner.language, chat, sampler, o.chat.system.value_or(""));
  const int tokens = o.tokens_given ? o.prompt.tokens : runner.language->context();
  TF_ASSIGN_OR_RETURN(
      const std::vector<Exchange> exchanges,
      Chat(conversation, *runner.model.tokenizer, tokens, o.prompt.prompt.value_or(""), std::cin));
  if (!exchanges.empty()) MeasureMemory(o, runner.traffic);
  Json json = Heading(o, watch.seconds());
  AddExchanges(json, exchanges, runner.model, sampling, runner.traffic);
  TF_RETURN_IF_ERROR(WriteJson(o.json, json));
  PrintExchanges(o.arithmetic, exchanges, sampling, runner.traffic);
  return 0;
}

Expected<Prompt> PromptOf(RunOptions& o, const Runner& runner) {
  const int context = runner.language->context();
  if (!o.chat.any()) return MakePrompt(o.prompt, runner.model, context);
  if (o.tokens_given) return o.chat.MakePrompt(o.prompt, runner.model, context);
  // A chat's answer ends when the model ends it: there is room for what the context leaves.
  o.prompt.tokens = 1;
  TF_ASSIGN_OR_RETURN(Prompt prompt, o.chat.MakePrompt(o.prompt, runner.model, context));
  o.prompt.tokens = context - int(prompt.ids.size());
  return prompt;
}

Expected<int> Run(RunOptions o) {
  const Stopwatch watch;
  TF_RETURN_IF_ERROR(CheckHead(o));
  TF_RETURN_IF_ERROR(CheckContext(o));
  TF_RETURN_IF_ERROR(o.chat.Check(o.prompt));
  TF_ASSIGN_OR_RETURN(const SamplingOptions sampling, o.sampling.Resolve());
  TF_RETURN_IF_ERROR(CheckWritable(o.json));
  TF_RETURN_IF_ERROR(CheckWritable(o.logits));
  TF_ASSIGN_OR_RETURN(const auto runner, MakeRunner(o));
  if (o.chat.interactive) return RunInteractive(o, *runner, sampling, watch);
  TF_ASSIGN_OR_RETURN(const Prompt prompt, PromptOf(o, *runner));
  if (!o.logits.empty()) TF_RETURN_IF_ERROR(WriteLogits(o.logits, *runner->language, prompt));
  Sampler sampler(sampling);
  TF_ASSIGN_OR_RETURN(const Generated generated, Stream(*runner, prompt, o.prompt.tokens, sampler));
  if (generated.decode_steps > 0) MeasureMemory(o, runner->traffic);
  Json json = Heading(o, watch.seconds());
  json["prompt_ids"] = prompt.ids;
  json["ids"] = generated.ids;
  json["text"] = TextOf(runner->model, generated.ids);
  AddGeneration(json, generated, sampling, runner->traffic);
  TF_RETURN_IF_ERROR(WriteJson(o.json, json));
  PrintGeneration(o.arithmetic, generated, sampling, runner->traffic);
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
                   "LM head: model (as stored), bf16, int8 or split (reference); int8 (device)")
      ->check(CLI::IsMember({"model", "bf16", "int8", "split", "shortlist"}));
  o->reference.AddKernelsTo(*command);
  command->add_option("--hw", o->hw, "spec whose Program the device arithmetic executes")
      ->capture_default_str();
  command->add_option("--logits", o->logits,
                      "write float32 [prompt positions][vocab] to this file");
  o->prompt.AddSpecialTokensTo(*command);
  o->chat.AddTo(*command);
  o->sampling.AddTo(*command);
  AddThreads(*command, o->threads);
  command->add_option("--json", o->json, "write all figures to this file");
  command->footer(
      "Examples:\n"
      "  ternfab run --prompt \"Once upon a time\"\n"
      "  ternfab run --model model.gguf --chat --prompt \"Why is the sky blue?\"\n"
      "  ternfab run --model ./checkpoint --interactive --temperature 0.7 --top-p 0.95\n");
  command->callback([o, command, &action] {
    o->tokens_given = command->count("--tokens") > 0;
    action = [o] { return Run(*o); };
  });
}

}  // namespace ternfab::cli
