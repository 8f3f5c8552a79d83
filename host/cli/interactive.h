// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <istream>
#include <string>
#include <vector>

#include "host/cli/conversation.h"
#include "host/cli/text_output.h"

namespace ternfab::cli {

/// One message and its answer.
struct Exchange {
  std::string message;
  Generated answer;
};

/// Chats over `input`, a message a line, until its end: writes each answer to standard output as it
/// is made. On a terminal a `> ` asks for the next message. The line /clear forgets the
/// conversation; an empty one is skipped. Ctrl-C ends an answer; between answers it ends the
/// process. `first`, unless empty, is asked before the input is read.
/// Errors: a message that cannot be asked, where the input is no terminal (there it is printed and
/// the chat goes on).
Expected<std::vector<Exchange>> Chat(Conversation& conversation, const Tokenizer& tokenizer,
                                     int tokens, const std::string& first, std::istream& input);

}  // namespace ternfab::cli
