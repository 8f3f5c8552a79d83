// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "codegen/build_program.h"
#include "codegen/spec.h"
#include "host/cli/arguments.h"
#include "host/cli/commands.h"
#include "host/cli/output.h"
#include "host/cpu/device_model.h"
#include "host/cpu/evaluate.h"
#include "host/cpu/fast_reference.h"
#include "host/cpu/reference.h"
#include "models/model.h"

// `ternfab eval`: how well a model predicts a text, and how far device arithmetic is from the
// reference.

namespace ternfab::cli {
namespace {

constexpr uint64_t kMaxTextBytes = uint64_t{1} << 30;

struct EvalOptions {
  std::string model = "tales";
  std::string hw = "kv260";
  std::string head;
  int shortlist_rows = 0;
  std::string text;
  int64_t tokens = 0;
  std::string cpu_head;
  std::string json;
};

Json ScoreJson(const TextScore& score) {
  return {{"perplexity", Figure(score.Perplexity(), "1", kMeasured)},
          {"bits_per_char", Figure(score.BitsPerChar(), "bit/byte", kMeasured)}};
}

void Print(const EvaluationResult& r) {
  fmt::print("{} tokens scored, {} bytes (all figures measured)\n", r.reference.tokens,
             r.reference.bytes);
  fmt::print("              perplexity  bits per char\n");
  fmt::print("  reference   {:10.4f}  {:13.4f}\n", r.reference.Perplexity(),
             r.reference.BitsPerChar());
  fmt::print("  device      {:10.4f}  {:13.4f}\n", r.device.Perplexity(), r.device.BitsPerChar());
  fmt::print(
      "perplexity of device against reference {:+.3f}%, KL {:.6f} nats, top-1 agreement "
      "{:.2f}%\n",
      100 * (r.device.Perplexity() / r.reference.Perplexity() - 1), r.kl, 100 * r.top1_agreement);
  if (r.shortlist_miss) {
    fmt::print("shortlist: misses the full int8 head's first token at {:.3f}% of the positions\n",
               100 * *r.shortlist_miss);
  }
}

/// How far the fast reference with head `o.cpu_head` is from the one with a bf16 head.
Expected<EvaluationResult> HeadDistance(const EvalOptions& o, const Model& model,
                                        std::span<const int> ids, std::span<const int> bytes) {
  FastOptions options;
  options.threads = DefaultThreads();
  const auto kind = ParseHead(o.cpu_head);
  if (!kind) return Fail("--cpu-{}", kind.error().message);
  options.head = *kind;
  const auto other = MakeFastReference(model, options);
  options.head = HeadKind::kBf16;
  const auto bf16 = MakeFastReference(model, options);
  ProgressBar bar("heads");
  auto result = Evaluate(*bf16, *other, ids, bytes, bf16->context(),
                         [&](int64_t done, int64_t all) { bar.Update(done, all); });
  bar.Clear();
  return result;
}

/// The spec with the head that the options ask for.
Expected<HardwareSpec> SpecOf(const EvalOptions& o) {
  TF_ASSIGN_OR_RETURN(HardwareSpec spec, FindSpec(o.hw));
  if (!o.head.empty() && o.head != "int8" && o.head != "shortlist") {
    return Fail("--head {}: must be int8 or shortlist", o.head);
  }
  if (!o.head.empty()) spec.head = o.head;
  if (o.shortlist_rows != 0 || spec.head == "int8") spec.shortlist_rows = o.shortlist_rows;
  TF_RETURN_IF_ERROR(Validate(spec));
  return spec;
}

Expected<int> Eval(const EvalOptions& o) {
  Stopwatch watch;
  TF_ASSIGN_OR_RETURN(const Model model, LoadModel(o.model));
  if (!model.tokenizer)
    return Fail("--model {}: has no tokenizer: {}", o.model, model.tokenizer_error);
  TF_ASSIGN_OR_RETURN(const std::string text, ReadRegularFile("--text", o.text, kMaxTextBytes));
  TF_ASSIGN_OR_RETURN(std::vector<int> ids, model.tokenizer->Encode(text));
  if (o.tokens < 0) return Fail("--tokens {}: must be at least 0 (0: all)", o.tokens);
  if (o.tokens > 0 && int64_t(ids.size()) > o.tokens) ids.resize(o.tokens);
  TF_ASSIGN_OR_RETURN(const HardwareSpec spec, SpecOf(o));
  HardwareSpec full = spec;
  full.head = "int8";
  full.shortlist_rows = 0;
  TF_ASSIGN_OR_RETURN(const Program program, BuildProgram(model, full));
  const auto reference = MakePlainReference(model);
  const auto device = MakeEmulatedDevice(program);
  std::optional<Program> short_program;
  std::unique_ptr<LanguageModel> shortlist;
  if (spec.head == "shortlist") {
    TF_ASSIGN_OR_RETURN(short_program, BuildProgram(model, spec));
    shortlist = MakeEmulatedDevice(*short_program);
  }
  std::vector<int> bytes(model.config.vocab);
  for (int id = 0; id < model.config.vocab; ++id) {
    bytes[id] = int(model.tokenizer->TokenBytes(id).size());
  }
  ProgressBar bar("eval");
  TF_ASSIGN_OR_RETURN(
      const EvaluationResult result,
      Evaluate(
          *reference, *device, ids, bytes, std::min(reference->context(), device->context()),
          [&](int64_t done, int64_t all) { bar.Update(done, all); }, shortlist.get()));
  bar.Clear();
  Print(result);
  Json json;
  if (!o.cpu_head.empty()) {
    TF_ASSIGN_OR_RETURN(const EvaluationResult heads, HeadDistance(o, model, ids, bytes));
    fmt::print("{} head of the CPU path against bf16: KL {:.7f} nats, top-1 agreement {:.2f}%\n",
               o.cpu_head, heads.kl, 100 * heads.top1_agreement);
    json["cpu_head"] = {{"head", o.cpu_head},
                        {"kl", Figure(heads.kl, "nat", kMeasured)},
                        {"top1_agreement", Figure(heads.top1_agreement, "1", kMeasured)}};
  }
  json["command"] = "eval";
  json["model"] = o.model;
  json["hw"] = o.hw;
  json["version"] = TERNFAB_VERSION;
  json["wall_seconds"] = watch.seconds();
  json["tokens"] = Figure(result.reference.tokens, "tokens", kMeasured);
  json["reference"] = ScoreJson(result.reference);
  json["device"] = ScoreJson(result.device);
  json["kl"] = Figure(result.kl, "nat", kMeasured);
  json["top1_agreement"] = Figure(result.top1_agreement, "1", kMeasured);
  if (result.shortlist_miss) {
    json["shortlist_rows"] = Figure(int64_t(spec.shortlist_rows), "rows", kGiven);
    json["shortlist_miss"] = Figure(*result.shortlist_miss, "1", kMeasured);
  }
  TF_RETURN_IF_ERROR(WriteJson(o.json, json));
  return 0;
}

}  // namespace

void AddEval(CLI::App& app, Action& action) {
  auto o = std::make_shared<EvalOptions>();
  CLI::App* command = app.add_subcommand("eval", "perplexity; distance of device arithmetic");
  command->add_option("--model", o->model, "GGUF file, folder or `tales`")->capture_default_str();
  command->add_option("--text", o->text, "UTF-8 text file")->required();
  command->add_option("--tokens", o->tokens, "score only the first N tokens (0: all)")
      ->capture_default_str();
  command->add_option("--hw", o->hw, "spec whose Program the device arithmetic executes")
      ->capture_default_str();
  command->add_option("--head", o->head, "int8 or shortlist: of the device (default: the spec's)");
  command->add_option("--shortlist-rows", o->shortlist_rows, "rows that a shortlist rescores");
  command->add_option(
      "--cpu-head", o->cpu_head,
      "also the distance of this head of the CPU path (model, int8, split) from bf16");
  command->add_option("--json", o->json, "write all figures to this file");
  command->callback([o, &action] { action = [o] { return Eval(*o); }; });
}

}  // namespace ternfab::cli
