// SPDX-License-Identifier: Apache-2.0
#include "host/cli/generation.h"

#include <algorithm>

#include "host/cli/output.h"

namespace ternfab::cli {
namespace {

constexpr int kPromptPart = 256;  // tokens between two looks for Ctrl-C

bool Interrupted(const GenerationOptions& options) {
  return options.interrupted && options.interrupted();
}

/// Logits after the prompt, which goes through in parts; empty when interrupted.
Expected<std::vector<float>> ReadPrompt(LanguageModel& model, std::span<const int> prompt,
                                        const GenerationOptions& options) {
  std::vector<float> logits;
  for (size_t done = 0; done < prompt.size();) {
    const auto part = prompt.subspan(done, std::min<size_t>(kPromptPart, prompt.size() - done));
    TF_ASSIGN_OR_RETURN(logits, model.Append(part));
    done += part.size();
    if (options.on_prompt) options.on_prompt(int64_t(done), int64_t(prompt.size()));
    if (Interrupted(options)) return std::vector<float>();
  }
  return logits;
}

/// Tokens from the first one on, until one of the reasons to stop.
Expected<StopReason> Decode(LanguageModel& model, std::vector<float> logits, Sampler& sampler,
                            const GenerationOptions& options, Generated& out) {
  std::vector<int>& ids = out.ids;
  while (int(ids.size()) < options.tokens) {
    const int id = sampler.Next(logits);
    if (std::find(options.stops.begin(), options.stops.end(), id) != options.stops.end()) {
      return StopReason::kEndOfText;
    }
    ids.push_back(id);
    if (options.on_token) options.on_token(id);
    if (int(ids.size()) == options.tokens) break;
    if (Interrupted(options)) return StopReason::kInterrupt;
    if (model.position() == model.context()) return StopReason::kContext;
    out.positions += model.position();
    TF_ASSIGN_OR_RETURN(logits, model.Append({&id, 1}));
    ++out.decode_steps;
  }
  return StopReason::kTokens;
}

}  // namespace

const char* StopName(StopReason reason) {
  constexpr const char* kNames[] = {"tokens", "end_of_text", "context", "interrupt"};
  return kNames[int(reason)];
}

Expected<Generated> Generate(LanguageModel& model, std::span<const int> prompt, Sampler& sampler,
                             const GenerationOptions& options) {
  Generated out;
  out.prompt_ids.assign(prompt.begin(), prompt.end());
  Stopwatch prefill;
  TF_ASSIGN_OR_RETURN(std::vector<float> logits, ReadPrompt(model, prompt, options));
  out.prefill_seconds = prefill.seconds();
  Stopwatch decode;
  if (logits.empty()) {
    out.stopped = StopReason::kInterrupt;
    return out;
  }
  TF_ASSIGN_OR_RETURN(out.stopped, Decode(model, std::move(logits), sampler, options, out));
  out.decode_seconds = decode.seconds();
  return out;
}

std::optional<double> Generated::PrefillRate() const {
  if (seeded) return {};
  return double(prompt_ids.size()) / prefill_seconds;
}

std::optional<double> Generated::DecodeRate() const {
  if (seeded) return double(1 + decode_steps) / (prefill_seconds + decode_seconds);
  if (decode_steps == 0) return {};
  return double(decode_steps) / decode_seconds;
}

std::optional<double> Generated::MeanPosition() const {
  if (decode_steps == 0) return {};
  return double(positions) / decode_steps;
}

std::optional<double> Generated::TimeToFirstToken() const {
  if (ids.empty()) return {};
  return prefill_seconds;
}

}  // namespace ternfab::cli
