// SPDX-License-Identifier: Apache-2.0
#include "tests/models/safetensors_builder.h"

#include <algorithm>

namespace ternfab::testing {
namespace {

std::string Repeat(uint64_t count, const std::string& raw) {
  std::string out;
  for (uint64_t i = 0; i < count; ++i) out += raw;
  return out;
}

void AddLayer(SafetensorsBuilder& file, const TinyShape& s, uint32_t index) {
  const std::string prefix = "model.layers." + std::to_string(index) + ".";
  const int query = int(s.heads * s.head_dim), key = int(s.kv_heads * s.head_dim);
  const int hidden = int(s.hidden), ffn = int(s.ffn);
  const auto norm = [&](const std::string& name, int size) {
    file.tensors.push_back({prefix + name + ".weight", "F32", {size}, Repeat(size, Raw(1.0f))});
  };
  int first = int(index);
  const auto matrix = [&](const std::string& name, int rows, int cols) {
    file.tensors.push_back(
        {prefix + name + ".weight", "U8", {rows / 4, cols}, TinyPacked(rows, cols, first++)});
    file.tensors.push_back({prefix + name + ".weight_scale", "BF16", {1}, Bf16(0.5f)});
  };
  norm("input_layernorm", hidden);
  norm("post_attention_layernorm", hidden);
  if (s.sub_norms) norm("self_attn.attn_sub_norm", query);
  if (s.sub_norms) norm("mlp.ffn_sub_norm", ffn);
  matrix("self_attn.q_proj", query, hidden);
  matrix("self_attn.k_proj", key, hidden);
  matrix("self_attn.v_proj", key, hidden);
  matrix("self_attn.o_proj", hidden, query);
  matrix("mlp.gate_proj", ffn, hidden);
  matrix("mlp.up_proj", ffn, hidden);
  matrix("mlp.down_proj", hidden, ffn);
}

std::string Embedding(uint64_t elements) {
  std::string out;
  for (uint64_t e = 0; e < elements; ++e) out += Raw(float(int(e % 7) - 3) / 8);
  return out;
}

}  // namespace

SafetensorsBuilder::Tensor& SafetensorsBuilder::Find(std::string_view name) {
  return *std::find_if(tensors.begin(), tensors.end(),
                       [&](const Tensor& t) { return t.name == name; });
}

void SafetensorsBuilder::Drop(std::string_view name) {
  std::erase_if(tensors, [&](const Tensor& t) { return t.name == name; });
}

std::string SafetensorsBytes(std::string_view header, std::string_view data) {
  return Raw(uint64_t(header.size())) + std::string(header) + std::string(data);
}

std::string SafetensorsBuilder::Bytes() const {
  // Written as text: a JSON object would hold each name once.
  std::string header = "{\"__metadata__\":{\"format\":\"pt\"}";
  std::string data;
  for (const Tensor& t : tensors) {
    const int64_t begin = t.begin < 0 ? int64_t(data.size()) : t.begin;
    const int64_t end = t.end == -1 ? begin + int64_t(t.bytes.size()) : t.end;
    header +=
        "," + nlohmann::json(t.name).dump() + ":" +
        nlohmann::json({{"dtype", t.dtype}, {"shape", t.shape}, {"data_offsets", {begin, end}}})
            .dump();
    data += t.bytes;
  }
  return SafetensorsBytes(header + "}", data);
}

std::string TinyPacked(int rows, int cols, int first) {
  const int quarter = rows / 4;
  std::string out(size_t(quarter) * cols, '\0');
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < cols; ++c) {
      const int code = (r * cols + c + first) % 3;
      out[(r % quarter) * cols + c] |= char(code << (2 * (r / quarter)));
    }
  }
  return out;
}

std::string Bf16(float value) { return Raw(value).substr(2); }

Checkpoint TinyCheckpoint(const TinyShape& s) {
  Checkpoint out;
  out.config = {{"model_type", "bitnet"},
                {"_name_or_path", "tiny"},
                {"hidden_act", "relu2"},
                {"hidden_size", s.hidden},
                {"intermediate_size", s.ffn},
                {"num_hidden_layers", s.layers},
                {"num_attention_heads", s.heads},
                {"num_key_value_heads", s.kv_heads},
                {"head_dim", s.head_dim},
                {"vocab_size", s.vocab},
                {"max_position_embeddings", 16},
                {"rms_norm_eps", 1e-5},
                {"rope_theta", 10000.0},
                {"tie_word_embeddings", s.tied},
                {"quantization_config",
                 {{"quant_method", "bitnet"},
                  {"linear_class", "autobitlinear"},
                  {"quantization_mode", "offline"}}}};
  const int64_t vocab = s.vocab, hidden = s.hidden;
  const std::string table = Embedding(uint64_t(vocab * hidden));
  out.file.tensors.push_back({"model.embed_tokens.weight", "F32", {vocab, hidden}, table});
  for (uint32_t i = 0; i < s.layers; ++i) AddLayer(out.file, s, i);
  out.file.tensors.push_back(
      {"model.norm.weight", "F32", {hidden}, Repeat(uint64_t(hidden), Raw(1.0f))});
  if (!s.tied) out.file.tensors.push_back({"lm_head.weight", "F32", {vocab, hidden}, table});
  return out;
}

void WriteCheckpoint(const Checkpoint& checkpoint, const TempFolder& folder) {
  folder.Write("config.json", checkpoint.config.dump());
  folder.Write("model.safetensors", checkpoint.file.Bytes());
}

}  // namespace ternfab::testing
