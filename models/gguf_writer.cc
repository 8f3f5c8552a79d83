// SPDX-License-Identifier: Apache-2.0
#include "models/gguf_writer.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include "common/check.h"
#include "common/integer.h"

namespace ternfab {
namespace {

template <class T>
void Append(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void AppendString(std::string& out, std::string_view text) {
  Append(out, uint64_t(text.size()));
  out += text;
}

void Pad(std::string& out) { out.resize(RoundUp(int64_t(out.size()), kGgufDefaultAlignment)); }

}  // namespace

void GgufWriter::BeginKey(std::string_view key, GgufValueType type) {
  ++key_count_;
  AppendString(keys_, key);
  Append(keys_, uint32_t(type));
}

void GgufWriter::AddString(std::string_view key, std::string_view value) {
  BeginKey(key, GgufValueType::kString);
  AppendString(keys_, value);
}

void GgufWriter::AddU32(std::string_view key, uint32_t value) {
  BeginKey(key, GgufValueType::kU32);
  Append(keys_, value);
}

void GgufWriter::AddF32(std::string_view key, float value) {
  BeginKey(key, GgufValueType::kF32);
  Append(keys_, value);
}

void GgufWriter::AddBool(std::string_view key, bool value) {
  BeginKey(key, GgufValueType::kBool);
  Append(keys_, uint8_t(value));
}

void GgufWriter::AddStrings(std::string_view key, const std::vector<std::string>& values) {
  BeginKey(key, GgufValueType::kArray);
  Append(keys_, uint32_t(GgufValueType::kString));
  Append(keys_, uint64_t(values.size()));
  for (const std::string& value : values) AppendString(keys_, value);
}

void GgufWriter::AddInts(std::string_view key, const std::vector<int>& values) {
  BeginKey(key, GgufValueType::kArray);
  Append(keys_, uint32_t(GgufValueType::kI32));
  Append(keys_, uint64_t(values.size()));
  for (const int value : values) Append(keys_, int32_t(value));
}

void GgufWriter::AddFloats(std::string_view key, const std::vector<float>& values) {
  BeginKey(key, GgufValueType::kArray);
  Append(keys_, uint32_t(GgufValueType::kF32));
  Append(keys_, uint64_t(values.size()));
  for (const float value : values) Append(keys_, value);
}

void GgufWriter::AddTensor(std::string name, std::vector<int64_t> dims, GgufTensorType type,
                           Producer bytes) {
  int64_t elements = 1;
  for (const int64_t dim : dims) elements *= dim;
  // A shape that the type cannot hold is the producer's error to report.
  const int block = GgufBlock(type);
  TF_CHECK(block > 0, "{}: type {}", name, int(type));
  const bool whole = dims[0] % block == 0;
  const int64_t size = whole ? GgufTensorBytes(type, elements) : 0;
  tensors_.push_back({std::move(name), std::move(dims), type, std::move(bytes), size});
}

std::string GgufWriter::Header() const {
  std::string out(kGgufMagic);
  Append(out, kGgufVersion);
  Append(out, uint64_t(tensors_.size()));
  Append(out, key_count_);
  out += keys_;
  uint64_t offset = 0;
  for (const Tensor& tensor : tensors_) {
    AppendString(out, tensor.name);
    Append(out, uint32_t(tensor.dims.size()));
    for (const int64_t dim : tensor.dims) Append(out, uint64_t(dim));
    Append(out, uint32_t(tensor.type));
    Append(out, offset);
    offset += RoundUp(tensor.size, kGgufDefaultAlignment);
  }
  Pad(out);
  return out;
}

Expected<void> GgufWriter::WriteTo(const std::filesystem::path& path) const {
  const auto failure = [&] { return Fail("{}: {}", path.string(), std::strerror(errno)); };
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  if (!out) return failure();
  const std::string header = Header();
  out.write(header.data(), std::streamsize(header.size()));
  for (const Tensor& tensor : tensors_) {
    TF_ASSIGN_OR_RETURN(std::vector<uint8_t> bytes, tensor.bytes());
    TF_CHECK(int64_t(bytes.size()) == tensor.size, "{}: {} bytes", tensor.name, bytes.size());
    bytes.resize(RoundUp(tensor.size, kGgufDefaultAlignment));
    out.write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
    if (!out) return failure();
  }
  out.close();
  if (!out) return failure();
  return {};
}

Expected<void> GgufWriter::Write(const std::filesystem::path& path) const {
  std::filesystem::path temporary = path;
  temporary += fmt::format(".{}.tmp", getpid());
  Expected<void> result = WriteTo(temporary);
  std::error_code error;
  if (result) {
    std::filesystem::rename(temporary, path, error);
    if (error) result = Fail("{}: {}", path.string(), error.message());
  }
  if (!result) std::filesystem::remove(temporary, error);
  return result;
}

}  // namespace ternfab
