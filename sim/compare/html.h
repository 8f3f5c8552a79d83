// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/compare/archive.h"

// HTML of a report's JSON. Every text is escaped on its way in; `path` is a JSON pointer into the
// report, so that what stands on the page can be compared with what stands in the file.

namespace ternfab::compare {

/// As text and as an attribute's value between double quotes.
std::string EscapeHtml(std::string_view text);
/// As the contents of a script element that JSON.parse reads.
std::string EscapeScript(const Json& json);

/// The pointer to `key` below `path`.
std::string Child(const std::string& path, std::string_view key);

enum class Tag {
  kWord,   ///< evidence in full
  kLetter  ///< its first letters: for dense tables
};

/// The figure at `path` with its unit, its evidence and, on hover, its source. `unit`: in place of
/// the figure's own ("%", "×").
std::string FigureHtml(const Json& report, const std::string& path, Tag tag = Tag::kWord,
                       std::string_view unit = "");
/// Item `index` of the list of figures at `path`.
std::string ItemHtml(const Json& report, const std::string& path, size_t index);

/// A table. Cells are HTML; the first of a row is its heading.
class HtmlTable {
 public:
  /// `head`: HTML of the column headings, the first over the rows' headings.
  HtmlTable(const std::string& css_class, const std::vector<std::string>& head);
  /// Cells that are missing at the end are empty.
  void Row(const std::vector<std::string>& cells);
  /// A row that only heads the ones below it.
  void Group(std::string_view text);
  std::string Html() const;

 private:
  std::string html_;
  size_t columns_;
};

}  // namespace ternfab::compare
