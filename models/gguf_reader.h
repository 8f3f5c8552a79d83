// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/error.h"
#include "models/gguf_format.h"
#include "models/mapped_file.h"

namespace ternfab {

/// An array value, still encoded; `bytes` holds exactly `count` well-formed elements.
struct GgufArray {
  GgufValueType type;
  uint64_t count;
  std::span<const uint8_t> bytes;
};

/// All integers are int64_t but those above its range.
using GgufValue = std::variant<int64_t, uint64_t, double, bool, std::string_view, GgufArray>;

/// One tensor of a file. `dims[0]` is the fastest dimension; `bytes` lies inside the file.
struct GgufTensor {
  std::string_view name;
  std::vector<int64_t> dims;
  GgufTensorType type;
  uint64_t offset;
  std::span<const uint8_t> bytes;
};

/// A parsed GGUF v3 file, mapped. Contract: every count, length, offset and size was checked
/// against the file's bounds, tensors do not overlap, keys and tensor names are unique. Errors are
/// one line that names the file, the key or tensor, and the rule.
class GgufFile {
 public:
  static Expected<GgufFile> Open(const std::filesystem::path& path);
  /// The same of a file that is mapped already; `path` is for messages.
  static Expected<GgufFile> Parse(std::string path, MappedFile file);

  const std::string& path() const { return path_; }
  /// Keeps the tensors' bytes where they are.
  const std::shared_ptr<const void>& owner() const { return file_.owner(); }
  const std::map<std::string_view, GgufTensor>& tensors() const { return tensors_; }
  const std::map<std::string_view, GgufValue>& values() const { return values_; }

  /// Null when the file has no such tensor.
  const GgufTensor* FindTensor(std::string_view name) const;

  /// Values by key; nullopt when absent. Error: the value is of another type.
  Expected<std::optional<int64_t>> FindInt(std::string_view key) const;
  Expected<std::optional<double>> FindFloat(std::string_view key) const;
  Expected<std::optional<bool>> FindBool(std::string_view key) const;
  Expected<std::optional<std::string>> FindString(std::string_view key) const;
  Expected<std::optional<std::vector<std::string>>> FindStrings(std::string_view key) const;
  Expected<std::optional<std::vector<int>>> FindInts(std::string_view key) const;

 private:
  friend class GgufParser;
  GgufFile(std::string path, MappedFile file) : path_(std::move(path)), file_(std::move(file)) {}

  const GgufValue* Find(std::string_view key) const;
  template <class T>
  Expected<std::optional<T>> FindAs(std::string_view key, std::string_view kind) const;
  /// The array of `key`, null when absent. Error: no array of that element type.
  Expected<const GgufArray*> FindArray(std::string_view key, std::string_view kind,
                                       bool (*matches)(GgufValueType)) const;

  std::string path_;
  MappedFile file_;
  std::map<std::string_view, GgufValue> values_;
  std::map<std::string_view, GgufTensor> tensors_;
};

}  // namespace ternfab
