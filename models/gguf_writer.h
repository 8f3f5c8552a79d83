// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.h"
#include "models/gguf_format.h"

namespace ternfab {

/// Collects keys and tensors and writes them as one GGUF v3 file. Same calls, same bytes.
class GgufWriter {
 public:
  void AddString(std::string_view key, std::string_view value);
  void AddU32(std::string_view key, uint32_t value);
  void AddF32(std::string_view key, float value);
  void AddBool(std::string_view key, bool value);
  void AddStrings(std::string_view key, const std::vector<std::string>& values);
  void AddInts(std::string_view key, const std::vector<int>& values);
  void AddFloats(std::string_view key, const std::vector<float>& values);

  using Producer = std::function<Expected<std::vector<uint8_t>>()>;
  /// `dims[0]` is the fastest dimension. `bytes` is called once, by Write, so that one tensor at a
  /// time is in memory; it returns GgufTensorBytes(type, elements) bytes.
  void AddTensor(std::string name, std::vector<int64_t> dims, GgufTensorType type, Producer bytes);

  /// Writes beside `path` and renames. Errors: those of producers and of the file system; nothing
  /// is left behind then.
  Expected<void> Write(const std::filesystem::path& path) const;

 private:
  struct Tensor {
    std::string name;
    std::vector<int64_t> dims;
    GgufTensorType type;
    Producer bytes;
    int64_t size;
  };

  void BeginKey(std::string_view key, GgufValueType type);
  std::string Header() const;
  Expected<void> WriteTo(const std::filesystem::path& path) const;

  std::string keys_;
  uint64_t key_count_ = 0;
  std::vector<Tensor> tensors_;
};

}  // namespace ternfab
