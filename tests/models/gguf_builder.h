// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace ternfab::testing {

/// Writes GGUF bytes field by field, right or wrong: an implementation of the format independent of
/// the library's. Value and tensor types are the numbers of the format.
struct GgufBuilder {
  struct Key {
    std::string name;
    uint32_t type;
    std::string value;
  };
  struct Tensor {
    std::string name;
    std::vector<uint64_t> dims;
    uint32_t type;
    std::string bytes;
    int64_t offset = -1;  ///< -1: behind the one before
  };

  uint32_t version = 3;
  int64_t tensor_count = -1;  ///< -1: the true one
  int64_t key_count = -1;
  std::vector<Key> keys;
  std::vector<Tensor> tensors;

  void U32(std::string name, uint32_t value);
  void F32(std::string name, float value);
  void Bool(std::string name, bool value);
  void Str(std::string name, std::string_view value);
  void Strings(std::string name, const std::vector<std::string>& values);
  void Ints(std::string name, const std::vector<int32_t>& values);

  Key& FindKey(std::string_view name);
  Tensor& FindTensor(std::string_view name);
  void Drop(std::string_view name);  ///< a key or a tensor

  /// Header and data; `header_bytes` receives where the tensor infos end.
  std::string Bytes(size_t* header_bytes = nullptr) const;
};

template <class T>
std::string Raw(T value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof(value));
}
std::string RawString(std::string_view text);

struct TinyShape {
  std::string architecture = "bitnet-b1.58";
  uint32_t hidden = 32, ffn = 64, layers = 2, heads = 4, kv_heads = 2, head_dim = 8, vocab = 12;
  bool sub_norms = true;
  bool tied = true;
};

/// A whole model of that shape: I2_S weights (code of element e of matrix m is (e + m) % 3, scale
/// 0.5), F32 embedding, norms 1.
GgufBuilder TinyModel(const TinyShape& shape = {});

/// An I2_S tensor's bytes of codes (e + first) % 3.
std::string TinyI2s(uint64_t elements, int first, float scale);

/// A fresh file in the test's folder with these bytes; removed when the object ends.
class TempFile {
 public:
  explicit TempFile(std::string_view bytes);
  ~TempFile();
  const std::filesystem::path& path() const { return path_; }
  void Write(std::string_view bytes) const;
  /// Overwrites bytes of the file where they are (a rewrite of the file costs a disk flush).
  void Patch(size_t offset, std::string_view bytes) const;

 private:
  std::filesystem::path path_;
};

}  // namespace ternfab::testing
