// SPDX-License-Identifier: Apache-2.0
#include "models/json_text.h"

#include <algorithm>
#include <set>
#include <vector>

#include "models/gguf_reader.h"

namespace ternfab {
namespace {

using Json = nlohmann::json;

/// Looks at a text before it becomes a value: depth and keys.
class Checker : public nlohmann::json_sax<Json> {
 public:
  explicit Checker(int max_depth) : max_depth_(max_depth) {}

  const std::string& error() const { return error_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(size_t) override { return Enter(); }
  bool end_object() override { return Leave(); }
  bool start_array(size_t) override { return Enter(); }
  bool end_array() override { return Leave(); }
  bool key(string_t& name) override {
    if (keys_.back().insert(name).second) return true;
    error_ = fmt::format("key {}: must appear once", Printable(name));
    return false;
  }
  bool parse_error(size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    error_ = fmt::format("byte {}: no valid JSON", position);
    return false;
  }

 private:
  bool Enter() {
    keys_.emplace_back();
    if (int(keys_.size()) <= max_depth_) return true;
    error_ = fmt::format("must have at most {} levels", max_depth_);
    return false;
  }
  bool Leave() {
    keys_.pop_back();
    return true;
  }

  int max_depth_;
  std::vector<std::set<std::string>> keys_;  ///< of the objects that are open
  std::string error_;
};

}  // namespace

Expected<Json> ParseJsonObject(std::string_view text, std::string_view where, int max_depth) {
  Checker checker(max_depth);
  if (!Json::sax_parse(text.begin(), text.end(), &checker)) {
    return Fail("{}: {}", where, checker.error());
  }
  Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Fail("{}: must be a JSON object", where);
  return json;
}

}  // namespace ternfab
