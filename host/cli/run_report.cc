// SPDX-License-Identifier: Apache-2.0
#include "host/cli/run_report.h"

#include <fmt/format.h>

#include "host/cli/prompt.h"
#include "host/cli/sampling.h"
#include "host/cli/utf8_stream.h"

namespace ternfab::cli {
namespace {

Json OptionalFigure(std::optional<double> value, const char* unit) {
  return value ? Figure(*value, unit, kMeasured) : NoFigure(unit, kMeasured);
}

void AddRates(Json& json, const Generated& g) {
  json["decode_rate"] = OptionalFigure(g.DecodeRate(), "tokens/s");
  json["prefill_rate"] = OptionalFigure(g.PrefillRate(), "tokens/s");
  json["time_to_first_token"] = OptionalFigure(g.TimeToFirstToken(), "s");
}

/// Bytes of the mean decode step; none without traffic or step.
std::optional<double> BytesPerToken(const Generated& g, const std::optional<Traffic>& traffic) {
  const auto position = g.MeanPosition();
  if (!traffic || !position) return {};
  return double(traffic->fixed_bytes) + double(traffic->position_bytes) * (*position + 1);
}

/// Of the memory's read bandwidth, what the decode steps use.
std::optional<double> BandwidthShare(const Generated& g, const std::optional<Traffic>& traffic) {
  const auto bytes = BytesPerToken(g, traffic);
  if (!bytes || !traffic->read_bytes_per_second) return {};
  return *bytes * *g.DecodeRate() / *traffic->read_bytes_per_second;
}

/// `bytes_per_token` counts from the shapes, and so does what follows from it.
void AddTraffic(Json& json, const Generated& g, const std::optional<Traffic>& traffic) {
  const auto modelled = [](std::optional<double> value, const char* unit) {
    return value ? Figure(*value, unit, kModelled) : NoFigure(unit, kModelled);
  };
  json["bytes_per_token"] = modelled(BytesPerToken(g, traffic), "byte");
  json["bandwidth_share"] = modelled(BandwidthShare(g, traffic), "1");
  json["read_bandwidth"] =
      OptionalFigure(traffic ? traffic->read_bytes_per_second : std::nullopt, "byte/s");
}

void PrintTraffic(const Generated& g, const std::optional<Traffic>& traffic) {
  const auto bytes = BytesPerToken(g, traffic);
  const auto share = BandwidthShare(g, traffic);
  if (!bytes || !share) return;
  fmt::print(stderr,
             "{:.0f} MB a token (from the shapes): {:.1f} GB/s, {:.0f}% of the {:.1f} GB/s that "
             "this machine reads (measured)\n",
             *bytes / 1e6, *bytes * *g.DecodeRate() / 1e9, 100 * *share,
             *traffic->read_bytes_per_second / 1e9);
}

/// How it ended, for people; "" when it made the tokens that were asked for.
const char* Ending(StopReason reason) {
  switch (reason) {
    case StopReason::kTokens:
      return "";
    case StopReason::kEndOfText:
      return "; end of text";
    case StopReason::kContext:
      return "; the context is full";
    case StopReason::kInterrupt:
      return "; stopped by Ctrl-C";
  }
  return "";
}

/// All turns as one generation.
Generated Sum(const std::vector<Exchange>& exchanges) {
  Generated sum;
  for (const auto& [message, answer] : exchanges) {
    sum.prompt_ids.insert(sum.prompt_ids.end(), answer.prompt_ids.begin(), answer.prompt_ids.end());
    sum.ids.insert(sum.ids.end(), answer.ids.begin(), answer.ids.end());
    sum.prefill_seconds += answer.prefill_seconds;
    sum.decode_steps += answer.decode_steps;
    sum.decode_seconds += answer.decode_seconds;
    sum.positions += answer.positions;
  }
  return sum;
}

}  // namespace

void AddGeneration(Json& json, const Generated& g, const SamplingOptions& sampling,
                   const std::optional<Traffic>& traffic) {
  json["stopped"] = StopName(g.stopped);
  json["sampling"] = SamplingJson(sampling);
  AddRates(json, g);
  AddTraffic(json, g, traffic);
}

void PrintGeneration(const std::string& arithmetic, const Generated& g,
                     const SamplingOptions& sampling, const std::optional<Traffic>& traffic) {
  std::string line = arithmetic + " arithmetic: ";
  if (const auto rate = g.PrefillRate()) {
    line += fmt::format("prompt {} tokens at {:.1f} tokens/s", g.prompt_ids.size(), *rate);
    if (const auto first = g.TimeToFirstToken()) {
      line += fmt::format(", first token after {:.2f} s", *first);
    }
  } else {
    line += "seeded context";
  }
  if (const auto rate = g.DecodeRate()) {
    line += fmt::format(", decode {} tokens at {:.1f} tokens/s", g.ids.size(), *rate);
  }
  fmt::print(stderr, "{} (measured on this CPU){}\n", line, Ending(g.stopped));
  PrintTraffic(g, traffic);
  if (sampling.temperature > 0) fmt::print(stderr, "sampling: {}\n", SamplingText(sampling));
}

void AddExchanges(Json& json, const std::vector<Exchange>& exchanges, const Model& model,
                  const SamplingOptions& sampling, const std::optional<Traffic>& traffic) {
  json["turns"] = Json::array();
  for (const auto& [message, answer] : exchanges) {
    Json turn;
    turn["message"] = ValidUtf8(message);
    turn["prompt_ids"] = answer.prompt_ids;
    turn["ids"] = answer.ids;
    turn["text"] = TextOf(model, answer.ids);
    turn["stopped"] = StopName(answer.stopped);
    AddRates(turn, answer);
    json["turns"].push_back(std::move(turn));
  }
  json["sampling"] = SamplingJson(sampling);
  const Generated sum = Sum(exchanges);
  json["decode_rate"] = OptionalFigure(sum.DecodeRate(), "tokens/s");
  json["prefill_rate"] = OptionalFigure(sum.PrefillRate(), "tokens/s");
  AddTraffic(json, sum, traffic);
}

void PrintExchanges(const std::string& arithmetic, const std::vector<Exchange>& exchanges,
                    const SamplingOptions& sampling, const std::optional<Traffic>& traffic) {
  if (exchanges.empty()) return;
  const Generated sum = Sum(exchanges);
  std::string line = fmt::format("{} arithmetic: {} turns", arithmetic, exchanges.size());
  if (const auto rate = sum.PrefillRate()) {
    line += fmt::format(", prompts of {} tokens at {:.1f} tokens/s", sum.prompt_ids.size(), *rate);
  }
  if (const auto rate = sum.DecodeRate()) {
    line += fmt::format(", decode {} tokens at {:.1f} tokens/s", sum.ids.size(), *rate);
  }
  fmt::print(stderr, "{} (measured on this CPU)\n", line);
  PrintTraffic(sum, traffic);
  if (sampling.temperature > 0) fmt::print(stderr, "sampling: {}\n", SamplingText(sampling));
}

}  // namespace ternfab::cli
