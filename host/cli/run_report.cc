// SPDX-License-Identifier: Apache-2.0
#include "host/cli/run_report.h"

#include <fmt/format.h>

#include "host/cli/sampling.h"

namespace ternfab::cli {
namespace {

Json OptionalFigure(std::optional<double> value, const char* unit) {
  return value ? Figure(*value, unit, kMeasured) : NoFigure(unit, kMeasured);
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

}  // namespace

void AddGeneration(Json& json, const Generated& g, const SamplingOptions& sampling) {
  json["stopped"] = StopName(g.stopped);
  json["sampling"] = SamplingJson(sampling);
  json["decode_rate"] = OptionalFigure(g.DecodeRate(), "tokens/s");
  json["prefill_rate"] = OptionalFigure(g.PrefillRate(), "tokens/s");
  json["time_to_first_token"] = OptionalFigure(g.TimeToFirstToken(), "s");
}

void PrintGeneration(const std::string& arithmetic, const Generated& g,
                     const SamplingOptions& sampling) {
  std::string line = arithmetic + " arithmetic: ";
  if (const auto rate = g.PrefillRate()) {
    line += fmt::format("prompt {} tokens at {:.1f} tokens/s", g.prompt_tokens, *rate);
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
  if (sampling.temperature > 0) fmt::print(stderr, "sampling: {}\n", SamplingText(sampling));
}

}  // namespace ternfab::cli
