// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "host/cli/output.h"
#include "host/cli/utf8_stream.h"
#include "models/tokenizer.h"

namespace ternfab::cli {

/// Generated tokens on standard output as they are made: their text, in whole characters, or, where
/// there is no tokenizer, their ids with commas between them. On a terminal a bar shows how far a
/// long prompt has been read.
class TextOutput {
 public:
  /// `tokenizer` may be null.
  explicit TextOutput(const Tokenizer* tokenizer)
      : tokenizer_(tokenizer), bar_("reading the prompt") {}

  void Reading(int64_t done, int64_t all);
  void Add(int id);
  /// Ends the line.
  void Finish();

 private:
  const Tokenizer* tokenizer_;
  ProgressBar bar_;
  Utf8Stream text_;
  bool begun_ = false;
};

}  // namespace ternfab::cli
