// SPDX-License-Identifier: Apache-2.0
#include "models/gguf_reader.h"

#include <cstring>
#include <limits>

namespace ternfab {
namespace {

bool IsString(GgufValueType type) { return type == GgufValueType::kString; }
bool IsInteger(GgufValueType type) {
  return type == GgufValueType::kI32 || type == GgufValueType::kU32 ||
         type == GgufValueType::kI16 || type == GgufValueType::kU16 || type == GgufValueType::kI8 ||
         type == GgufValueType::kU8;
}

/// Element i of an array of integers of at most 32 bits.
int64_t IntegerAt(const GgufArray& array, uint64_t i) {
  const int bytes = GgufValueBytes(array.type);
  const uint8_t* p = array.bytes.data() + i * bytes;
  uint32_t value = 0;
  std::memcpy(&value, p, bytes);
  switch (array.type) {
    case GgufValueType::kI8:
      return int8_t(value);
    case GgufValueType::kI16:
      return int16_t(value);
    case GgufValueType::kI32:
      return int32_t(value);
    default:
      return value;
  }
}

}  // namespace

const GgufTensor* GgufFile::FindTensor(std::string_view name) const {
  const auto it = tensors_.find(name);
  return it == tensors_.end() ? nullptr : &it->second;
}

const GgufValue* GgufFile::Find(std::string_view key) const {
  const auto it = values_.find(key);
  return it == values_.end() ? nullptr : &it->second;
}

template <class T>
Expected<std::optional<T>> GgufFile::FindAs(std::string_view key, std::string_view kind) const {
  const GgufValue* value = Find(key);
  if (value == nullptr) return std::nullopt;
  const T* held = std::get_if<T>(value);
  if (held == nullptr) return Fail("{}: key {}: must be {}", path_, key, kind);
  return *held;
}

Expected<std::optional<int64_t>> GgufFile::FindInt(std::string_view key) const {
  return FindAs<int64_t>(key, "an integer below 2^63");
}

Expected<std::optional<double>> GgufFile::FindFloat(std::string_view key) const {
  return FindAs<double>(key, "a float");
}

Expected<std::optional<bool>> GgufFile::FindBool(std::string_view key) const {
  return FindAs<bool>(key, "a bool");
}

Expected<std::optional<std::string>> GgufFile::FindString(std::string_view key) const {
  TF_ASSIGN_OR_RETURN(const auto text, FindAs<std::string_view>(key, "a string"));
  if (!text) return std::nullopt;
  return std::string(*text);
}

Expected<const GgufArray*> GgufFile::FindArray(std::string_view key, std::string_view kind,
                                               bool (*matches)(GgufValueType)) const {
  const GgufValue* value = Find(key);
  if (value == nullptr) return nullptr;
  const auto* array = std::get_if<GgufArray>(value);
  if (array == nullptr || !matches(array->type)) {
    return Fail("{}: key {}: must be an array of {}", path_, key, kind);
  }
  return array;
}

Expected<std::optional<std::vector<std::string>>> GgufFile::FindStrings(
    std::string_view key) const {
  TF_ASSIGN_OR_RETURN(const GgufArray* array, FindArray(key, "strings", IsString));
  if (array == nullptr) return std::nullopt;
  std::vector<std::string> out;
  out.reserve(array->count);
  const uint8_t* p = array->bytes.data();
  for (uint64_t i = 0; i < array->count; ++i) {
    uint64_t length;
    std::memcpy(&length, p, sizeof(length));
    out.emplace_back(reinterpret_cast<const char*>(p + sizeof(length)), length);
    p += sizeof(length) + length;
  }
  return out;
}

Expected<std::optional<std::vector<int>>> GgufFile::FindInts(std::string_view key) const {
  TF_ASSIGN_OR_RETURN(const GgufArray* array, FindArray(key, "32-bit integers", IsInteger));
  if (array == nullptr) return std::nullopt;
  std::vector<int> out(array->count);
  for (uint64_t i = 0; i < array->count; ++i) {
    const int64_t value = IntegerAt(*array, i);
    if (value > std::numeric_limits<int>::max()) {
      return Fail("{}: key {}: element {} = {}: must be below 2^31", path_, key, i, value);
    }
    out[i] = int(value);
  }
  return out;
}

}  // namespace ternfab
