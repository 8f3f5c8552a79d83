// SPDX-License-Identifier: Apache-2.0
#include "models/safetensors_writer.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "common/check.h"
#include "common/integer.h"

namespace ternfab {

void SafetensorsWriter::AddTensor(std::string name, SafetensorsType type,
                                  std::vector<int64_t> shape, Producer bytes) {
  int64_t size = SafetensorsTypeBytes(type);
  for (const int64_t dim : shape) size *= dim;
  tensors_.push_back({std::move(name), type, std::move(shape), std::move(bytes), size});
}

std::string SafetensorsWriter::Header() const {
  constexpr int64_t kAlignment = 64;  // of the data; the format asks for 8
  nlohmann::ordered_json json;
  json["__metadata__"] = {{"format", "pt"}};
  int64_t offset = 0;
  for (const Tensor& tensor : tensors_) {
    json[tensor.name] = {{"dtype", SafetensorsTypeName(tensor.type)},
                         {"shape", tensor.shape},
                         {"data_offsets", {offset, offset + tensor.size}}};
    offset += tensor.size;
  }
  std::string text = json.dump();
  const int64_t begin = int64_t(sizeof(uint64_t));
  text.resize(RoundUp(begin + int64_t(text.size()), kAlignment) - begin, ' ');
  const uint64_t size = text.size();
  return std::string(reinterpret_cast<const char*>(&size), sizeof(size)) + text;
}

Expected<void> SafetensorsWriter::Write(const std::filesystem::path& path) const {
  const auto failure = [&] { return Fail("{}: {}", path.string(), std::strerror(errno)); };
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  if (!out) return failure();
  const std::string header = Header();
  out.write(header.data(), std::streamsize(header.size()));
  for (const Tensor& tensor : tensors_) {
    int64_t written = 0;
    TF_RETURN_IF_ERROR(tensor.bytes([&](std::span<const uint8_t> bytes) {
      out.write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
      written += int64_t(bytes.size());
    }));
    TF_CHECK(written == tensor.size, "{}: {} of {} bytes", tensor.name, written, tensor.size);
    if (!out) return failure();
  }
  out.close();
  if (!out) return failure();
  return {};
}

}  // namespace ternfab
