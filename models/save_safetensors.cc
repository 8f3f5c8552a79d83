// SPDX-License-Identifier: Apache-2.0
#include "models/save_safetensors.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "common/check.h"
#include "models/gguf_names.h"
#include "models/hf_ternary.h"
#include "models/safetensors_writer.h"

namespace ternfab {
namespace {

using Json = nlohmann::ordered_json;
using Sink = SafetensorsWriter::Sink;

bool FitsBf16(float value) { return (std::bit_cast<uint32_t>(value) & 0xffff) == 0; }

template <class T>
void Give(const Sink& sink, const std::vector<T>& values) {
  sink({reinterpret_cast<const uint8_t*>(values.data()), values.size() * sizeof(T)});
}

/// A vector in the shortest type that holds it.
void AddVector(SafetensorsWriter& writer, std::string name, std::vector<float> values) {
  const bool bf16 = std::ranges::all_of(values, FitsBf16);
  const auto type = bf16 ? SafetensorsType::kBF16 : SafetensorsType::kF32;
  const int64_t size = int64_t(values.size());
  writer.AddTensor(std::move(name), type, {size},
                   [values = std::move(values), bf16](const Sink& sink) -> Expected<void> {
                     if (!bf16) return Give(sink, values), Expected<void>();
                     std::vector<uint16_t> upper;
                     for (const float v : values) {
                       upper.push_back(uint16_t(std::bit_cast<uint32_t>(v) >> 16));
                     }
                     return Give(sink, upper), Expected<void>();
                   });
}

void AddTable(SafetensorsWriter& writer, std::string name, const RowTable& table) {
  const std::vector<int64_t> shape = {table.rows(), table.cols()};
  for (const auto type : {SafetensorsType::kF32, SafetensorsType::kF16, SafetensorsType::kBF16}) {
    if (ToTableType(type) != table.type()) continue;
    return writer.AddTensor(std::move(name), type, shape, [&table](const Sink& sink) {
      sink(table.bytes());
      return Expected<void>();
    });
  }
  writer.AddTensor(std::move(name), SafetensorsType::kF32, shape, [&table](const Sink& sink) {
    std::vector<float> row(table.cols());
    for (int r = 0; r < table.rows(); ++r) {
      table.ReadRow(r, row);
      Give(sink, row);
    }
    return Expected<void>();
  });
}

void AddMatrix(SafetensorsWriter& writer, const std::string& name, const TernaryMatrix& matrix) {
  writer.AddTensor(name + ".weight", SafetensorsType::kU8, {matrix.rows() / 4, matrix.cols()},
                   [&matrix, name](const Sink& sink) -> Expected<void> {
                     TF_ASSIGN_OR_RETURN(const std::vector<uint8_t> bytes,
                                         EncodeHfPacked(matrix, "tensor " + name + ".weight"));
                     Give(sink, bytes);
                     return {};
                   });
  AddVector(writer, name + ".weight_scale", {matrix.scale()});
}

void AddTensors(SafetensorsWriter& writer, const Model& model) {
  AddTable(writer, "model.embed_tokens.weight", model.embedding);
  for (size_t i = 0; i < model.layers.size(); ++i) {
    const LayerWeights& layer = model.layers[i];
    for (const GgufNormName& norm : GgufNormNames(model.config)) {
      AddVector(writer, fmt::format("model.layers.{}.{}.weight", i, norm.hf_name),
                layer.*norm.member);
    }
    for (const GgufMatrixName& matrix : GgufMatrixNames(model.config)) {
      AddMatrix(writer, fmt::format("model.layers.{}.{}", i, matrix.hf_name), layer.*matrix.member);
    }
  }
  AddVector(writer, "model.norm.weight", model.output_norm);
  if (!model.config.tied_head) AddTable(writer, "lm_head.weight", model.untied_head);
}

/// The number whose shortest text is that of the float.
double Shortest(double value) {
  return std::strtod(fmt::format("{}", float(value)).c_str(), nullptr);
}

Json ConfigJson(const Model& model) {
  const ModelConfig& c = model.config;
  Json json;
  json["architectures"] = {c.sub_norms ? "BitNetForCausalLM" : "LlamaForCausalLM"};
  json["model_type"] = c.sub_norms ? "bitnet" : "llama";
  json["_name_or_path"] = c.name;
  json["hidden_act"] = c.activation == Activation::kRelu2 ? "relu2" : "silu";
  json["hidden_size"] = c.hidden;
  json["intermediate_size"] = c.ffn;
  json["num_hidden_layers"] = c.layers;
  json["num_attention_heads"] = c.heads;
  json["num_key_value_heads"] = c.kv_heads;
  json["head_dim"] = c.head_dim;
  json["vocab_size"] = c.vocab;
  json["max_position_embeddings"] = c.context;
  json["rms_norm_eps"] = Shortest(c.norm_eps);
  json["rope_theta"] = Shortest(c.rope_theta);
  json["tie_word_embeddings"] = c.tied_head;
  json["torch_dtype"] = "bfloat16";
  if (model.tokenizer && model.tokenizer->bos()) json["bos_token_id"] = *model.tokenizer->bos();
  const std::vector<int> ends = model.tokenizer ? model.tokenizer->ends() : std::vector<int>();
  if (ends.size() == 1) json["eos_token_id"] = ends[0];
  if (ends.size() > 1) json["eos_token_id"] = ends;
  json["quantization_config"] = {{"quant_method", "bitnet"},
                                 {"linear_class", "autobitlinear"},
                                 {"quantization_mode", "offline"}};
  return json;
}

}  // namespace

Expected<void> SaveSafetensors(const Model& model, const std::filesystem::path& folder) {
  TF_RETURN_IF_ERROR(Validate(model.config));
  TF_CHECK(int(model.layers.size()) == model.config.layers, "{} layers", model.layers.size());
  const std::filesystem::path config = folder / "config.json";
  std::ofstream out(config, std::ios::trunc);
  out << ConfigJson(model).dump(2, ' ', /*ensure_ascii=*/true) << '\n';
  out.close();
  if (!out) return Fail("{}: {}", config.string(), std::strerror(errno));
  SafetensorsWriter writer;
  AddTensors(writer, model);
  return writer.Write(folder / "model.safetensors");
}

}  // namespace ternfab
