// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.h"
#include "models/mapped_file.h"
#include "models/tensor.h"

namespace ternfab {

// safetensors, little-endian: u64 N, N bytes of JSON, data. The JSON maps a tensor's name to
// {"dtype", "shape", "data_offsets": [begin, end]}, offsets counted from the data.
inline constexpr int64_t kSafetensorsMaxHeader = 100'000'000;  // bytes, as the format's own reader
inline constexpr int kSafetensorsMaxDims = 8;

/// Element types of the format.
enum class SafetensorsType {
  kBool,
  kU8,
  kI8,
  kI16,
  kU16,
  kI32,
  kU32,
  kI64,
  kU64,
  kF16,
  kBF16,
  kF32,
  kF64
};
/// "BOOL", "U8", ...
std::string_view SafetensorsTypeName(SafetensorsType type);
int SafetensorsTypeBytes(SafetensorsType type);
/// The table encoding of F32, F16 and BF16; nullopt for the others.
std::optional<TableType> ToTableType(SafetensorsType type);

/// One tensor of a file. `shape` is as stored, the fastest dimension last; `bytes` lies in `owner`.
struct SafetensorsTensor {
  std::vector<int64_t> shape;
  SafetensorsType type;
  std::span<const uint8_t> bytes;
  std::shared_ptr<const void> owner;
  std::shared_ptr<const std::string> path;  ///< of the file, for messages
};

/// Tensors by name, of one file or of all files of an index.
using SafetensorsMap = std::map<std::string, SafetensorsTensor, std::less<>>;

/// Parses one file. Contract: every offset, shape and size was checked against the file's bounds,
/// tensors do not overlap, names are unique. Errors are one line that names the file, the tensor
/// and the rule.
Expected<SafetensorsMap> ParseSafetensors(const std::string& path, const MappedFile& file);
Expected<SafetensorsMap> OpenSafetensors(const std::filesystem::path& path);

/// Reads the text of an index; `where` is its path and `open` parses one of the files that it
/// names. Errors: as OpenSafetensorsIndex, and those of `open`.
Expected<SafetensorsMap> ReadSafetensorsIndex(
    std::string_view text, const std::string& where,
    const std::function<Expected<SafetensorsMap>(const std::string& file)>& open);

/// The tensors of all files that an index (`*.safetensors.index.json`) names; they lie beside it.
/// Errors: a name that is no plain file name, a tensor in another file than the index says, or
/// twice.
Expected<SafetensorsMap> OpenSafetensorsIndex(const std::filesystem::path& index);

}  // namespace ternfab
