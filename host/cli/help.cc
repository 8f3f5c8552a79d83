// SPDX-License-Identifier: Apache-2.0
#include "host/cli/help.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace ternfab::cli {
namespace {

class Layout : public CLI::Formatter {
 public:
  Layout() { column_width(28); }

  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_type_size() == 0) return "";
    // A check adds its choices or range to the type: "TEXT:{a,b}", "INT:INT in [1 - 256]".
    const std::string type = option->get_type_name();
    const size_t open = type.find(":{");
    if (open == std::string::npos) return " " + type.substr(0, type.find(':'));
    std::string choices = type.substr(open + 2, type.find('}') - open - 2);
    std::replace(choices.begin(), choices.end(), ',', '|');
    return " " + choices;
  }

  std::string make_option_desc(const CLI::Option* option) const override {
    std::string text = option->get_description();
    if (option->get_required()) text += " (required)";
    if (!option->get_default_str().empty()) {
      text += fmt::format(" (default: {})", option->get_default_str());
    }
    return text;
  }
};

/// Insertions, deletions and changes of one character that make `b` of `a`.
size_t EditDistance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

/// "; did you mean NAME?" for the nearest name within two edits; "" without one.
std::string Suggestion(const std::string& word, const std::vector<std::string>& names) {
  constexpr size_t kMostEdits = 2;
  const auto nearest = std::min_element(names.begin(), names.end(), [&](auto& a, auto& b) {
    return EditDistance(word, a) < EditDistance(word, b);
  });
  if (nearest == names.end() || EditDistance(word, *nearest) > kMostEdits) return "";
  return fmt::format("; did you mean {}?", *nearest);
}

std::vector<std::string> CommandNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

std::vector<std::string> OptionNames(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// The innermost command that was named, and the words that lead to it.
const CLI::App* Innermost(const CLI::App& app, std::string& words) {
  const CLI::App* command = &app;
  words = app.get_name();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    words += " " + command->get_name();
  }
  return command;
}

std::string ExplainExtra(const CLI::App& command, const std::string& words,
                         const std::string& extra) {
  const bool is_option = extra.size() > 1 && extra[0] == '-';
  if (!is_option && !CommandNames(command).empty()) {
    return fmt::format("{}: is no command of {}{}", extra, words,
                       Suggestion(extra, CommandNames(command)));
  }
  if (!is_option) return fmt::format("{}: {} takes no such argument", extra, words);
  return fmt::format("{}: is no option of {}{}", extra, words,
                     Suggestion(extra.substr(0, extra.find('=')), OptionNames(command)));
}

}  // namespace

void SetHelpLayout(CLI::App& app) {
  const auto layout = std::make_shared<Layout>();
  app.formatter(layout);
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) {
    command->formatter(layout);
    for (CLI::App* inner : command->get_subcommands([](CLI::App*) { return true; })) {
      inner->formatter(layout);
    }
  }
}

std::string ExplainParseError(const CLI::App& app, const CLI::ParseError& error) {
  std::string words;
  const CLI::App* command = Innermost(app, words);
  std::string text = error.what();
  const std::vector<std::string> extras = command->remaining();
  const bool extra = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
                     !CommandNames(*command).empty();  // a name that is no command
  if (extra && !extras.empty()) {
    text = ExplainExtra(*command, words, extras.front());
  } else if (!CommandNames(*command).empty()) {
    text = fmt::format("a subcommand is required: {}", fmt::join(CommandNames(*command), ", "));
  }
  return fmt::format("{} ({} --help)", text, words);
}

std::string ExplainNoCommand(const CLI::App& app, const std::string& word) {
  return fmt::format("{}: is no command{} ({} --help)", word, Suggestion(word, CommandNames(app)),
                     app.get_name());
}

}  // namespace ternfab::cli
