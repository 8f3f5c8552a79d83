// SPDX-License-Identifier: Apache-2.0
#include "host/cli/interactive.h"

#include <fmt/format.h>
#include <unistd.h>

#include "host/cli/interrupt.h"

namespace ternfab::cli {
namespace {

constexpr const char* kClear = "/clear";

/// Generates the answer, on standard output as it is made, ended by a line feed.
Expected<Generated> Answer(Conversation& conversation, const Tokenizer& tokenizer, int tokens,
                           const std::string& message) {
  const InterruptGuard interrupt;
  TextOutput output(&tokenizer);
  GenerationOptions options;
  options.tokens = tokens;
  options.stops = tokenizer.ends();
  options.interrupted = [&] { return interrupt.asked(); };
  options.on_prompt = [&](int64_t done, int64_t all) { output.Reading(done, all); };
  options.on_token = [&](int id) { output.Add(id); };
  auto answer = conversation.Ask(message, std::move(options));
  if (answer) output.Finish();
  return answer;
}

}  // namespace

Expected<std::vector<Exchange>> Chat(Conversation& conversation, const Tokenizer& tokenizer,
                                     int tokens, const std::string& first, std::istream& input) {
  const bool terminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
  std::vector<Exchange> exchanges;
  const auto ask = [&](const std::string& message) -> Expected<void> {
    auto answer = Answer(conversation, tokenizer, tokens, message);
    if (!answer && terminal) {
      fmt::print(stderr, "{}; {} begins a new conversation\n", answer.error().message, kClear);
      return {};
    }
    if (!answer) return tl::unexpected<Error>(answer.error());
    if (terminal && answer->stopped == StopReason::kContext) {
      fmt::print(stderr, "the context is full; {} begins a new conversation\n", kClear);
    }
    exchanges.push_back({message, std::move(*answer)});
    return {};
  };
  if (!first.empty()) TF_RETURN_IF_ERROR(ask(first));
  while (true) {
    if (terminal) fmt::print("> ");
    std::fflush(stdout);
    std::string line;
    if (!std::getline(input, line)) break;
    if (line == kClear) {
      conversation.Reset();
    } else if (line.find_first_not_of(" \t\r") != std::string::npos) {
      TF_RETURN_IF_ERROR(ask(line));
    }
  }
  if (terminal) fmt::print("\n");
  return exchanges;
}

}  // namespace ternfab::cli
