// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "common/integer.h"
#include "common/printable.h"
#include "models/gguf_reader.h"

namespace ternfab {
namespace {

constexpr uint64_t kMaxNameBytes = 65535;
constexpr uint64_t kMaxAlignment = 1 << 20;
constexpr uint64_t kMaxDim = std::numeric_limits<int32_t>::max();
constexpr uint64_t kMaxElements = uint64_t(1) << 48;
constexpr uint64_t kMinKeyBytes = 13;     // empty name, type, one byte
constexpr uint64_t kMinTensorBytes = 32;  // empty name, one dimension, type, offset

}  // namespace

/// Reads the header, keys and tensor infos of a mapped file into a GgufFile.
class GgufParser {
 public:
  explicit GgufParser(GgufFile& file) : file_(file), bytes_(file.file_.bytes()) {}

  Expected<void> Parse();

 private:
  uint64_t left() const { return bytes_.size() - position_; }
  const std::string& path() const { return file_.path_; }

  template <class T>
  Expected<T> Number() {
    if (left() < sizeof(T)) return Fail("{}: {}: the file ends here", path(), where_);
    T value;
    std::memcpy(&value, bytes_.data() + position_, sizeof(T));
    position_ += sizeof(T);
    return value;
  }

  Expected<std::string_view> String(uint64_t max_bytes);
  Expected<GgufValue> Scalar(GgufValueType type);
  Expected<GgufValue> Array();
  Expected<void> Key();
  Expected<void> Tensor();
  Expected<std::vector<int64_t>> Dims();
  Expected<uint64_t> Alignment();
  Expected<void> LocateTensors();

  GgufFile& file_;
  std::span<const uint8_t> bytes_;
  uint64_t position_ = 0;
  std::string where_ = "header";  ///< what is being read, for messages
};

Expected<std::string_view> GgufParser::String(uint64_t max_bytes) {
  TF_ASSIGN_OR_RETURN(const uint64_t length, Number<uint64_t>());
  if (length > max_bytes) {
    return Fail("{}: {}: string of {} bytes: must be at most {}", path(), where_, length,
                max_bytes);
  }
  if (length > left()) {
    return Fail("{}: {}: string of {} bytes: only {} are left", path(), where_, length, left());
  }
  const std::string_view text(reinterpret_cast<const char*>(bytes_.data()) + position_, length);
  position_ += length;
  return text;
}

Expected<GgufValue> GgufParser::Scalar(GgufValueType type) {
  const auto integer = [](auto value) { return GgufValue(int64_t(value)); };
  switch (type) {
    case GgufValueType::kU8:
      return Number<uint8_t>().map(integer);
    case GgufValueType::kI8:
      return Number<int8_t>().map(integer);
    case GgufValueType::kU16:
      return Number<uint16_t>().map(integer);
    case GgufValueType::kI16:
      return Number<int16_t>().map(integer);
    case GgufValueType::kU32:
      return Number<uint32_t>().map(integer);
    case GgufValueType::kI32:
      return Number<int32_t>().map(integer);
    case GgufValueType::kI64:
      return Number<int64_t>().map(integer);
    case GgufValueType::kU64:
      return Number<uint64_t>().map([](uint64_t value) {
        return value >> 63 ? GgufValue(value) : GgufValue(int64_t(value));
      });
    case GgufValueType::kF32:
      return Number<float>().map([](float value) { return GgufValue(double(value)); });
    case GgufValueType::kF64:
      return Number<double>().map([](double value) { return GgufValue(value); });
    case GgufValueType::kBool:
      return Number<uint8_t>().map([](uint8_t value) { return GgufValue(value != 0); });
    case GgufValueType::kString:
      return String(left()).map([](std::string_view value) { return GgufValue(value); });
    case GgufValueType::kArray:
      return Array();
  }
  return Fail("{}: {}: value type {}: must be 0 to 12", path(), where_, uint32_t(type));
}

Expected<GgufValue> GgufParser::Array() {
  TF_ASSIGN_OR_RETURN(const uint32_t raw_type, Number<uint32_t>());
  TF_ASSIGN_OR_RETURN(const uint64_t count, Number<uint64_t>());
  const GgufValueType type{raw_type};
  const uint64_t start = position_;
  const bool strings = type == GgufValueType::kString;
  const uint64_t element_bytes = strings ? sizeof(uint64_t) : GgufValueBytes(type);
  if (element_bytes == 0) {
    return Fail("{}: {}: array of type {}: must be of numbers, bools or strings", path(), where_,
                raw_type);
  }
  if (count > left() / element_bytes) {
    return Fail("{}: {}: array of {} elements: only {} bytes are left", path(), where_, count,
                left());
  }
  if (strings) {
    for (uint64_t i = 0; i < count; ++i) TF_RETURN_IF_ERROR(String(left()));
  } else {
    position_ += count * element_bytes;
  }
  return GgufArray{type, count, bytes_.subspan(start, position_ - start)};
}

Expected<void> GgufParser::Key() {
  TF_ASSIGN_OR_RETURN(const std::string_view key, String(kMaxNameBytes));
  where_ = "key " + Printable(key);
  TF_ASSIGN_OR_RETURN(const uint32_t type, Number<uint32_t>());
  TF_ASSIGN_OR_RETURN(const GgufValue value, Scalar(GgufValueType{type}));
  if (!file_.values_.emplace(key, value).second) {
    return Fail("{}: {}: must appear once", path(), where_);
  }
  return {};
}

Expected<std::vector<int64_t>> GgufParser::Dims() {
  TF_ASSIGN_OR_RETURN(const uint32_t count, Number<uint32_t>());
  if (count < 1 || count > kGgufMaxDims) {
    return Fail("{}: {}: {} dimensions: must be 1 to {}", path(), where_, count, kGgufMaxDims);
  }
  std::vector<int64_t> dims;
  uint64_t elements = 1;
  for (uint32_t i = 0; i < count; ++i) {
    TF_ASSIGN_OR_RETURN(const uint64_t dim, Number<uint64_t>());
    if (dim < 1 || dim > kMaxDim) {
      return Fail("{}: {}: dimension {} = {}: must be 1 to {}", path(), where_, i, dim, kMaxDim);
    }
    if (dim > kMaxElements / elements) {
      return Fail("{}: {}: more than {} elements", path(), where_, kMaxElements);
    }
    elements *= dim;
    dims.push_back(int64_t(dim));
  }
  return dims;
}

Expected<void> GgufParser::Tensor() {
  TF_ASSIGN_OR_RETURN(const std::string_view name, String(kMaxNameBytes));
  where_ = "tensor " + Printable(name);
  TF_ASSIGN_OR_RETURN(std::vector<int64_t> dims, Dims());
  TF_ASSIGN_OR_RETURN(const uint32_t raw_type, Number<uint32_t>());
  TF_ASSIGN_OR_RETURN(const uint64_t offset, Number<uint64_t>());
  const GgufTensorType type{raw_type};
  const int block = GgufBlock(type);
  if (block == 0) {
    return Fail(
        "{}: {}: type {}: must be F32, F16, BF16, Q8_0, Q6_K, TQ1_0 (34), TQ2_0 (35) or I2_S (36)",
        path(), where_, raw_type);
  }
  if (dims[0] % block != 0) {
    return Fail("{}: {}: dimension 0 = {}: must be a multiple of {} ({})", path(), where_, dims[0],
                block, GgufTensorTypeName(type));
  }
  if (!file_.tensors_.emplace(name, GgufTensor{name, std::move(dims), type, offset, {}}).second) {
    return Fail("{}: {}: must appear once", path(), where_);
  }
  return {};
}

Expected<uint64_t> GgufParser::Alignment() {
  TF_ASSIGN_OR_RETURN(const auto value, file_.FindInt("general.alignment"));
  const int64_t alignment = value.value_or(kGgufDefaultAlignment);
  if (!IsPowerOfTwo(alignment) || alignment > int64_t(kMaxAlignment)) {
    return Fail("{}: key general.alignment = {}: must be a power of two of at most {}", path(),
                alignment, kMaxAlignment);
  }
  return alignment;
}

Expected<void> GgufParser::LocateTensors() {
  TF_ASSIGN_OR_RETURN(const uint64_t alignment, Alignment());
  const uint64_t start = RoundUp(int64_t(position_), int64_t(alignment));
  const uint64_t room = start < bytes_.size() ? bytes_.size() - start : 0;
  std::vector<const GgufTensor*> order;
  for (auto& [name, tensor] : file_.tensors_) {
    int64_t elements = 1;
    for (const int64_t dim : tensor.dims) elements *= dim;
    const uint64_t size = GgufTensorBytes(tensor.type, elements);
    if (tensor.offset % alignment != 0) {
      return Fail("{}: tensor {}: offset {}: must be a multiple of {}", path(), Printable(name),
                  tensor.offset, alignment);
    }
    if (tensor.offset > room || size > room - tensor.offset) {
      return Fail("{}: tensor {}: {} bytes at offset {}: the file holds {} bytes of data", path(),
                  Printable(name), size, tensor.offset, room);
    }
    tensor.bytes = bytes_.subspan(start + tensor.offset, size);
    order.push_back(&tensor);
  }
  std::sort(order.begin(), order.end(),
            [](const auto* a, const auto* b) { return a->offset < b->offset; });
  for (size_t i = 1; i < order.size(); ++i) {
    if (order[i - 1]->offset + order[i - 1]->bytes.size() > order[i]->offset) {
      return Fail("{}: tensors {} and {}: must not overlap", path(), Printable(order[i - 1]->name),
                  Printable(order[i]->name));
    }
  }
  return {};
}

Expected<void> GgufParser::Parse() {
  if (bytes_.size() < kGgufMagic.size() ||
      std::memcmp(bytes_.data(), kGgufMagic.data(), kGgufMagic.size()) != 0) {
    return Fail("{}: not a GGUF file: must begin with \"GGUF\"", path());
  }
  position_ = kGgufMagic.size();
  TF_ASSIGN_OR_RETURN(const uint32_t version, Number<uint32_t>());
  if (version != kGgufVersion) {
    return Fail("{}: GGUF version {}: must be {} (little-endian)", path(), version, kGgufVersion);
  }
  TF_ASSIGN_OR_RETURN(const uint64_t tensors, Number<uint64_t>());
  TF_ASSIGN_OR_RETURN(const uint64_t keys, Number<uint64_t>());
  if (keys > left() / kMinKeyBytes || tensors > left() / kMinTensorBytes) {
    return Fail("{}: header: {} keys and {} tensors: the file has only {} bytes", path(), keys,
                tensors, bytes_.size());
  }
  for (uint64_t i = 0; i < keys; ++i) {
    where_ = fmt::format("key {} of {}", i + 1, keys);
    TF_RETURN_IF_ERROR(Key());
  }
  for (uint64_t i = 0; i < tensors; ++i) {
    where_ = fmt::format("tensor {} of {}", i + 1, tensors);
    TF_RETURN_IF_ERROR(Tensor());
  }
  return LocateTensors();
}

Expected<GgufFile> GgufFile::Parse(std::string path, MappedFile mapped) {
  GgufFile file(std::move(path), std::move(mapped));
  TF_RETURN_IF_ERROR(GgufParser(file).Parse());
  return file;
}

Expected<GgufFile> GgufFile::Open(const std::filesystem::path& path) {
  TF_ASSIGN_OR_RETURN(MappedFile mapped, MappedFile::Open(path));
  return Parse(path.string(), std::move(mapped));
}

}  // namespace ternfab
