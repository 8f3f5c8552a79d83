// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace ternfab {

/// Writes lines of generated text with an indentation of two spaces a level.
class TextWriter {
 public:
  template <class... Args>
  void Line(fmt::format_string<Args...> format, Args&&... args) {
    Raw(fmt::format(format, std::forward<Args>(args)...));
  }
  /// A line taken as it is, without trailing spaces.
  void Raw(std::string_view line) {
    std::string text = std::string(2 * level_, ' ') + std::string(line);
    text.erase(text.find_last_not_of(' ') + 1);
    text_ += text + '\n';
  }
  void Blank() { text_ += '\n'; }
  /// A line at the left edge (preprocessor directives).
  void Edge(std::string_view line) { text_ += std::string(line) + '\n'; }

  void Indent() { ++level_; }
  void Outdent() { --level_; }

  const std::string& text() const { return text_; }

 private:
  std::string text_;
  int level_ = 0;
};

}  // namespace ternfab
