// SPDX-License-Identifier: Apache-2.0
#include "models/json_text.h"

#include <algorithm>
#include <set>
#include <vector>

#include "common/printable.h"

namespace ternfab {
namespace {

using Json = nlohmann::json;

constexpr int kMaxDepth = 32;

/// Looks at a text before it becomes a value: depth, count of values, keys.
class Checker : public nlohmann::json_sax<Json> {
 public:
  explicit Checker(int max_values) : max_values_(max_values) {}

  const std::string& error() const { return error_; }

  bool null() override { return Count(); }
  bool boolean(bool) override { return Count(); }
  bool number_integer(number_integer_t) override { return Count(); }
  bool number_unsigned(number_unsigned_t) override { return Count(); }
  bool number_float(number_float_t, const string_t&) override { return Count(); }
  bool string(string_t&) override { return Count(); }
  bool binary(binary_t&) override { return Count(); }
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
  bool Count() {
    if (++values_ <= max_values_) return true;
    error_ = fmt::format("must have at most {} values", max_values_);
    return false;
  }
  bool Enter() {
    keys_.emplace_back();
    if (int(keys_.size()) <= kMaxDepth) return Count();
    error_ = fmt::format("must have at most {} levels", kMaxDepth);
    return false;
  }
  bool Leave() {
    keys_.pop_back();
    return true;
  }

  int max_values_;
  int values_ = 0;
  std::vector<std::set<std::string>> keys_;  ///< of the objects that are open
  std::string error_;
};

Expected<void> Check(std::string_view text, std::string_view where, int max_values) {
  Checker checker(max_values);
  if (Json::sax_parse(text.begin(), text.end(), &checker)) return {};
  return Fail("{}: {}", where, checker.error());
}

}  // namespace

Expected<Json> ParseJsonObject(std::string_view text, std::string_view where, int max_values) {
  TF_RETURN_IF_ERROR(Check(text, where, max_values));
  Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Fail("{}: must be a JSON object", where);
  return json;
}

}  // namespace ternfab
