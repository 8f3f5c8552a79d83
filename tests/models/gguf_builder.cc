// SPDX-License-Identifier: Apache-2.0
#include "tests/models/gguf_builder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>

namespace ternfab::testing {
namespace {

constexpr uint64_t kAlignment = 32;

std::string Floats(uint64_t count, float value) {
  std::string out;
  for (uint64_t i = 0; i < count; ++i) out += Raw(value);
  return out;
}

void AddLayer(GgufBuilder& file, const TinyShape& s, uint32_t index) {
  const std::string prefix = "blk." + std::to_string(index) + ".";
  const uint64_t query = s.heads * s.head_dim, key = s.kv_heads * s.head_dim;
  const auto norm = [&](const std::string& name, uint64_t size) {
    file.tensors.push_back({prefix + name + ".weight", {size}, 0, Floats(size, 1)});
  };
  int first = int(index);
  const auto matrix = [&](const std::string& name, uint64_t rows, uint64_t cols) {
    file.tensors.push_back(
        {prefix + name + ".weight", {cols, rows}, 36, TinyI2s(rows * cols, first++, 0.5f)});
  };
  norm("attn_norm", s.hidden);
  norm("ffn_norm", s.hidden);
  if (s.sub_norms) norm("attn_sub_norm", query);
  if (s.sub_norms) norm("ffn_sub_norm", s.ffn);
  matrix("attn_q", query, s.hidden);
  matrix("attn_k", key, s.hidden);
  matrix("attn_v", key, s.hidden);
  matrix("attn_output", s.hidden, query);
  matrix("ffn_gate", s.ffn, s.hidden);
  matrix("ffn_up", s.ffn, s.hidden);
  matrix("ffn_down", s.hidden, s.ffn);
}

std::string Embedding(uint64_t elements) {
  std::string out;
  for (uint64_t e = 0; e < elements; ++e) out += Raw(float(int(e % 7) - 3) / 8);
  return out;
}

}  // namespace

std::string RawString(std::string_view text) {
  return Raw(uint64_t(text.size())) + std::string(text);
}

void GgufBuilder::U32(std::string name, uint32_t value) { keys.push_back({name, 4, Raw(value)}); }
void GgufBuilder::F32(std::string name, float value) { keys.push_back({name, 6, Raw(value)}); }
void GgufBuilder::Bool(std::string name, bool value) {
  keys.push_back({name, 7, Raw(uint8_t(value))});
}
void GgufBuilder::Str(std::string name, std::string_view value) {
  keys.push_back({name, 8, RawString(value)});
}
void GgufBuilder::Strings(std::string name, const std::vector<std::string>& values) {
  std::string raw = Raw(uint32_t(8)) + Raw(uint64_t(values.size()));
  for (const std::string& value : values) raw += RawString(value);
  keys.push_back({name, 9, raw});
}
void GgufBuilder::Ints(std::string name, const std::vector<int32_t>& values) {
  std::string raw = Raw(uint32_t(5)) + Raw(uint64_t(values.size()));
  for (const int32_t value : values) raw += Raw(value);
  keys.push_back({name, 9, raw});
}

GgufBuilder::Key& GgufBuilder::FindKey(std::string_view name) {
  return *std::find_if(keys.begin(), keys.end(), [&](const Key& k) { return k.name == name; });
}
GgufBuilder::Tensor& GgufBuilder::FindTensor(std::string_view name) {
  return *std::find_if(tensors.begin(), tensors.end(),
                       [&](const Tensor& t) { return t.name == name; });
}
void GgufBuilder::Drop(std::string_view name) {
  std::erase_if(keys, [&](const Key& k) { return k.name == name; });
  std::erase_if(tensors, [&](const Tensor& t) { return t.name == name; });
}

std::string GgufBuilder::Bytes(size_t* header_bytes) const {
  std::string out = "GGUF" + Raw(version);
  out += Raw(tensor_count < 0 ? uint64_t(tensors.size()) : uint64_t(tensor_count));
  out += Raw(key_count < 0 ? uint64_t(keys.size()) : uint64_t(key_count));
  for (const Key& key : keys) out += RawString(key.name) + Raw(key.type) + key.value;
  std::string data;
  for (const Tensor& tensor : tensors) {
    data.resize((data.size() + kAlignment - 1) / kAlignment * kAlignment);
    out += RawString(tensor.name) + Raw(uint32_t(tensor.dims.size()));
    for (const uint64_t dim : tensor.dims) out += Raw(dim);
    out += Raw(tensor.type) + Raw(uint64_t(tensor.offset < 0 ? data.size() : tensor.offset));
    data += tensor.bytes;
  }
  if (header_bytes != nullptr) *header_bytes = out.size();
  out.resize((out.size() + kAlignment - 1) / kAlignment * kAlignment);
  return out + data;
}

std::string TinyI2s(uint64_t elements, int first, float scale) {
  std::string out(elements / 4, '\0');
  for (uint64_t e = 0; e < elements; ++e) {
    const uint64_t code = (e + first) % 3;
    out[e / 128 * 32 + e % 32] |= char(code << (6 - 2 * (e % 128 / 32)));
  }
  return out + Raw(scale) + std::string(28, '\x5a');
}

GgufBuilder TinyModel(const TinyShape& s) {
  GgufBuilder file;
  const std::string a = s.architecture + ".";
  file.Str("general.architecture", s.architecture);
  file.Str("general.name", "tiny");
  file.U32(a + "block_count", s.layers);
  file.U32(a + "context_length", 16);
  file.U32(a + "embedding_length", s.hidden);
  file.U32(a + "feed_forward_length", s.ffn);
  file.U32(a + "attention.head_count", s.heads);
  file.U32(a + "attention.head_count_kv", s.kv_heads);
  if (s.heads * s.head_dim != s.hidden) file.U32(a + "attention.key_length", s.head_dim);
  file.F32(a + "attention.layer_norm_rms_epsilon", 1e-5f);
  file.U32(a + "rope.dimension_count", s.head_dim);
  file.F32(a + "rope.freq_base", 10000);
  const uint64_t elements = uint64_t(s.vocab) * s.hidden;
  file.tensors.push_back({"token_embd.weight", {s.hidden, s.vocab}, 0, Embedding(elements)});
  for (uint32_t i = 0; i < s.layers; ++i) AddLayer(file, s, i);
  file.tensors.push_back({"output_norm.weight", {s.hidden}, 0, Floats(s.hidden, 1)});
  if (!s.tied) {
    file.tensors.push_back({"output.weight", {s.hidden, s.vocab}, 0, Embedding(elements)});
  }
  return file;
}

TempFile::TempFile(std::string_view bytes) {
  static std::atomic<int> count = 0;
  path_ = std::filesystem::path(::testing::TempDir()) /
          ("ternfab-" + std::to_string(getpid()) + "-" + std::to_string(count++) + ".gguf");
  Write(bytes);
}

TempFile::~TempFile() {
  std::error_code error;
  std::filesystem::remove(path_, error);
}

void TempFile::Write(std::string_view bytes) const {
  std::ofstream(path_, std::ios::binary).write(bytes.data(), std::streamsize(bytes.size()));
}

void TempFile::Patch(size_t offset, std::string_view bytes) const {
  std::fstream file(path_, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(std::streamoff(offset));
  file.write(bytes.data(), std::streamsize(bytes.size()));
}

}  // namespace ternfab::testing
