// SPDX-License-Identifier: Apache-2.0
#include "models/safetensors_reader.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include "common/check.h"
#include "common/printable.h"
#include "models/json_text.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

struct TypeRow {
  std::string_view name;
  int bytes;
};
// In the order of SafetensorsType.
constexpr TypeRow kTypes[] = {{"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"I16", 2}, {"U16", 2},
                              {"I32", 4},  {"U32", 4}, {"I64", 8}, {"U64", 8}, {"F16", 2},
                              {"BF16", 2}, {"F32", 4}, {"F64", 8}};
constexpr uint64_t kMaxDim = (uint64_t(1) << 31) - 1;
constexpr uint64_t kMaxElements = uint64_t(1) << 48;
constexpr int kMaxHeaderValues = 1 << 20;  // a tensor has some eight

std::optional<SafetensorsType> TypeOf(const Json& name) {
  if (!name.is_string()) return std::nullopt;
  for (size_t i = 0; i < std::size(kTypes); ++i) {
    if (kTypes[i].name == name.get_ref<const std::string&>()) return SafetensorsType(i);
  }
  return std::nullopt;
}

/// Reads the header of one file.
class Parser {
 public:
  Parser(const std::string& path, const MappedFile& file)
      : path_(std::make_shared<const std::string>(path)), file_(file), bytes_(file.bytes()) {}

  Expected<SafetensorsMap> Parse();

 private:
  std::string Where(std::string_view name) const {
    return fmt::format("{}: tensor {}", *path_, Printable(name));
  }
  Expected<std::string_view> Header();
  Expected<SafetensorsTensor> Tensor(const std::string& name, const Json& info);
  Expected<std::vector<int64_t>> Shape(const std::string& name, const Json& shape);
  Expected<std::span<const uint8_t>> Locate(const std::string& name, const Json& offsets,
                                            uint64_t size);
  Expected<void> CheckOverlaps(const SafetensorsMap& tensors) const;

  std::shared_ptr<const std::string> path_;
  const MappedFile& file_;
  std::span<const uint8_t> bytes_;
  std::span<const uint8_t> data_;
};

Expected<std::string_view> Parser::Header() {
  uint64_t size = 0;
  if (bytes_.size() < sizeof(size)) return Fail("{}: header: the file ends here", *path_);
  std::memcpy(&size, bytes_.data(), sizeof(size));
  const uint64_t left = bytes_.size() - sizeof(size);
  if (size > uint64_t(kSafetensorsMaxHeader) || size > left) {
    return Fail("{}: header of {} bytes: must be at most {}, and {} are left", *path_, size,
                kSafetensorsMaxHeader, left);
  }
  data_ = bytes_.subspan(sizeof(size) + size);
  return std::string_view(reinterpret_cast<const char*>(bytes_.data()) + sizeof(size), size);
}

Expected<std::vector<int64_t>> Parser::Shape(const std::string& name, const Json& shape) {
  if (!shape.is_array() || shape.size() > size_t(kSafetensorsMaxDims)) {
    return Fail("{}: shape: must be a list of at most {} dimensions", Where(name),
                kSafetensorsMaxDims);
  }
  std::vector<int64_t> dims;
  uint64_t elements = 1;
  for (const Json& entry : shape) {
    const uint64_t dim = entry.is_number_unsigned() ? entry.get<uint64_t>() : 0;
    if (dim < 1 || dim > kMaxDim) {
      return Fail("{}: shape: dimension {}: must be an integer from 1 to {}", Where(name),
                  dims.size(), kMaxDim);
    }
    if (dim > kMaxElements / elements) {
      return Fail("{}: shape: more than {} elements", Where(name), kMaxElements);
    }
    elements *= dim;
    dims.push_back(int64_t(dim));
  }
  return dims;
}

Expected<std::span<const uint8_t>> Parser::Locate(const std::string& name, const Json& offsets,
                                                  uint64_t size) {
  if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
      !offsets[1].is_number_unsigned()) {
    return Fail("{}: data_offsets: must be two integers from 0", Where(name));
  }
  const uint64_t begin = offsets[0].get<uint64_t>(), end = offsets[1].get<uint64_t>();
  if (begin > end || end > data_.size()) {
    return Fail("{}: data_offsets {} to {}: the file holds {} bytes of data", Where(name), begin,
                end, data_.size());
  }
  if (end - begin != size) {
    return Fail("{}: data_offsets {} to {}: must be {} bytes apart, as type and shape say",
                Where(name), begin, end, size);
  }
  return data_.subspan(begin, size);
}

Expected<SafetensorsTensor> Parser::Tensor(const std::string& name, const Json& info) {
  const auto field = [&](const char* key) -> const Json& {
    static const Json kNull;
    const auto it = info.find(key);
    return it == info.end() ? kNull : *it;
  };
  if (!info.is_object()) return Fail("{}: must be an object", Where(name));
  const auto type = TypeOf(field("dtype"));
  if (!type) {
    const Json& dtype = field("dtype");
    return Fail("{}: dtype {}: must be BOOL, U8 to U64, I8 to I64, F16, BF16, F32 or F64",
                Where(name), dtype.is_string() ? Printable(dtype.get<std::string>()) : "missing");
  }
  SafetensorsTensor tensor{{}, *type, {}, file_.owner(), path_};
  TF_ASSIGN_OR_RETURN(tensor.shape, Shape(name, field("shape")));
  uint64_t size = SafetensorsTypeBytes(*type);
  for (const int64_t dim : tensor.shape) size *= uint64_t(dim);
  TF_ASSIGN_OR_RETURN(tensor.bytes, Locate(name, field("data_offsets"), size));
  return tensor;
}

Expected<void> Parser::CheckOverlaps(const SafetensorsMap& tensors) const {
  std::vector<const SafetensorsMap::value_type*> order;
  for (const auto& entry : tensors) order.push_back(&entry);
  const auto begin = [](const auto* entry) { return entry->second.bytes.data(); };
  std::stable_sort(order.begin(), order.end(),
                   [&](const auto* a, const auto* b) { return begin(a) < begin(b); });
  for (size_t i = 1; i < order.size(); ++i) {
    if (begin(order[i - 1]) + order[i - 1]->second.bytes.size() > begin(order[i])) {
      return Fail("{}: tensors {} and {}: must not overlap", *path_, Printable(order[i - 1]->first),
                  Printable(order[i]->first));
    }
  }
  return {};
}

Expected<SafetensorsMap> Parser::Parse() {
  TF_ASSIGN_OR_RETURN(const std::string_view text, Header());
  TF_ASSIGN_OR_RETURN(const Json header,
                      ParseJsonObject(text, *path_ + ": header", kMaxHeaderValues));
  SafetensorsMap tensors;
  for (const auto& [name, info] : header.items()) {
    if (name == "__metadata__") continue;
    TF_ASSIGN_OR_RETURN(SafetensorsTensor tensor, Tensor(name, info));
    tensors.emplace(name, std::move(tensor));
  }
  TF_RETURN_IF_ERROR(CheckOverlaps(tensors));
  return tensors;
}

}  // namespace

std::string_view SafetensorsTypeName(SafetensorsType type) { return kTypes[int(type)].name; }

int SafetensorsTypeBytes(SafetensorsType type) { return kTypes[int(type)].bytes; }

std::optional<TableType> ToTableType(SafetensorsType type) {
  if (type == SafetensorsType::kF32) return TableType::kF32;
  if (type == SafetensorsType::kF16) return TableType::kF16;
  if (type == SafetensorsType::kBF16) return TableType::kBF16;
  return std::nullopt;
}

Expected<SafetensorsMap> ParseSafetensors(const std::string& path, const MappedFile& file) {
  return Parser(path, file).Parse();
}

Expected<SafetensorsMap> OpenSafetensors(const fs::path& path) {
  TF_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::Open(path));
  return ParseSafetensors(path.string(), file);
}

}  // namespace ternfab
