// SPDX-License-Identifier: Apache-2.0
#include "host/cli/text_output.h"

#include <fmt/format.h>

namespace ternfab::cli {

void TextOutput::Reading(int64_t done, int64_t all) {
  if (done < all) return bar_.Update(done, all);
  bar_.Clear();
}

void TextOutput::Add(int id) {
  if (tokenizer_ != nullptr) {
    fmt::print("{}", text_.Add(tokenizer_->TokenBytes(id)));
  } else {
    fmt::print("{}{}", begun_ ? "," : "", id);
  }
  begun_ = true;
  std::fflush(stdout);
}

void TextOutput::Finish() {
  bar_.Clear();
  fmt::print("\n");
  std::fflush(stdout);
}

}  // namespace ternfab::cli
