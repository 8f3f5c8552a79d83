// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "common/check.h"
#include "models/convert_tokenizer.h"
#include "models/gguf_config.h"
#include "models/gguf_names.h"
#include "models/gguf_ternary.h"
#include "models/gguf_writer.h"
#include "models/head_rows.h"
#include "models/model.h"
#include "models/sentencepiece_data.h"

namespace ternfab {
namespace {

std::optional<GgufTensorType> TernaryTypeOf(std::string_view name) {
  for (const auto type : {GgufTensorType::kI2_S, GgufTensorType::kTQ1_0, GgufTensorType::kTQ2_0}) {
    if (GgufTensorTypeName(type) == name) return type;
  }
  return std::nullopt;
}

std::vector<uint8_t> BytesOf(std::span<const float> values) {
  std::vector<uint8_t> bytes(values.size_bytes());
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

void AddConfig(GgufWriter& writer, const ModelConfig& config, const std::string& architecture) {
  const auto key = [&](std::string_view name) { return fmt::format("{}.{}", architecture, name); };
  writer.AddString("general.architecture", architecture);
  writer.AddString("general.name", config.name);
  writer.AddU32(key("vocab_size"), config.vocab);
  writer.AddU32(key("context_length"), config.context);
  writer.AddU32(key("embedding_length"), config.hidden);
  writer.AddU32(key("block_count"), config.layers);
  writer.AddU32(key("feed_forward_length"), config.ffn);
  writer.AddU32(key("attention.head_count"), config.heads);
  writer.AddU32(key("attention.head_count_kv"), config.kv_heads);
  if (config.heads * config.head_dim != config.hidden) {
    writer.AddU32(key("attention.key_length"), config.head_dim);
    writer.AddU32(key("attention.value_length"), config.head_dim);
  }
  writer.AddF32(key("attention.layer_norm_rms_epsilon"), float(config.norm_eps));
  writer.AddU32(key("rope.dimension_count"), config.head_dim);
  writer.AddF32(key("rope.freq_base"), float(config.rope_theta));
  if (architecture != "bitnet-b1.58" && config.activation == Activation::kRelu2) {
    writer.AddString(key("hidden_activation"), "relu2");
  }
}

void AddRoles(GgufWriter& writer, const TokenRoles& data) {
  if (data.bos) writer.AddU32("tokenizer.ggml.bos_token_id", *data.bos);
  if (data.eos) writer.AddU32("tokenizer.ggml.eos_token_id", *data.eos);
  // One further end of a text; those that are known by their names need no key.
  for (const int id : data.more_ends) {
    if (data.eos == id) continue;
    writer.AddU32("tokenizer.ggml.eot_token_id", id);
    break;
  }
  writer.AddBool("tokenizer.ggml.add_bos_token", data.add_bos);
  if (!data.chat_template.empty()) writer.AddString("tokenizer.chat_template", data.chat_template);
}

void AddBpe(GgufWriter& writer, const BpeData& data) {
  writer.AddString("tokenizer.ggml.model", "gpt2");
  writer.AddString("tokenizer.ggml.pre", data.pre);
  writer.AddStrings("tokenizer.ggml.tokens", data.tokens);
  if (!data.token_type.empty()) writer.AddInts("tokenizer.ggml.token_type", data.token_type);
  writer.AddStrings("tokenizer.ggml.merges", data.merges);
  AddRoles(writer, data);
}

void AddSentencePiece(GgufWriter& writer, const SentencePieceData& data) {
  std::vector<std::string> tokens;
  std::vector<float> scores;
  std::vector<int> types;
  for (const SentencePieceData::Piece& piece : data.pieces) {
    tokens.push_back(piece.text);
    scores.push_back(piece.score);
    types.push_back(piece.type);
  }
  writer.AddString("tokenizer.ggml.model", "llama");
  writer.AddString("tokenizer.ggml.pre", "default");
  writer.AddStrings("tokenizer.ggml.tokens", tokens);
  writer.AddFloats("tokenizer.ggml.scores", scores);
  writer.AddInts("tokenizer.ggml.token_type", types);
  const auto unknown = std::ranges::find(types, int(kUnknownToken));
  writer.AddU32("tokenizer.ggml.unknown_token_id", uint32_t(unknown - types.begin()));
  writer.AddBool("tokenizer.ggml.add_space_prefix", data.add_dummy_prefix);
  writer.AddBool("tokenizer.ggml.remove_extra_whitespaces", data.remove_extra_whitespaces);
  AddRoles(writer, data);
}

void AddTokenizer(GgufWriter& writer, const Model& model) {
  if (!model.tokenizer || TokenizerLostInGguf(model)) return;
  if (const BpeData* bpe = model.tokenizer->bpe()) return AddBpe(writer, *bpe);
  AddSentencePiece(writer, *model.tokenizer->sentencepiece());
}

void AddTable(GgufWriter& writer, std::string_view name, const RowTable& table) {
  writer.AddTensor(std::string(name), {table.cols(), table.rows()}, ToGgufType(table.type()),
                   [&table]() -> Expected<std::vector<uint8_t>> {
                     return std::vector<uint8_t>(table.bytes().begin(), table.bytes().end());
                   });
}

void AddVector(GgufWriter& writer, std::string name, const std::vector<float>& values) {
  writer.AddTensor(std::move(name), {int64_t(values.size())}, GgufTensorType::kF32,
                   [&values]() -> Expected<std::vector<uint8_t>> { return BytesOf(values); });
}

/// `paired_head_dim`: of a matrix whose rows the architecture wants as rotated pairs, else 0.
void AddMatrix(GgufWriter& writer, const std::string& name, const TernaryMatrix& matrix,
               GgufTensorType type, int paired_head_dim) {
  writer.AddTensor(name + ".weight", {matrix.cols(), matrix.rows()}, type,
                   [&matrix, type, paired_head_dim, where = fmt::format("tensor {}.weight", name)] {
                     if (paired_head_dim == 0) return EncodeTernary(type, matrix, where);
                     return EncodeTernary(type, PairHeadRows(matrix, paired_head_dim), where);
                   });
  const float factor = TernaryFactor(type, matrix.scale());
  if (factor == 1) return;
  writer.AddTensor(
      name + ".scale", {1}, GgufTensorType::kF32,
      [factor]() -> Expected<std::vector<uint8_t>> { return BytesOf(std::span(&factor, 1)); });
}

void AddTensors(GgufWriter& writer, const Model& model, GgufTensorType type, bool permuted) {
  AddTable(writer, kEmbeddingTensor, model.embedding);
  for (size_t i = 0; i < model.layers.size(); ++i) {
    const LayerWeights& layer = model.layers[i];
    for (const GgufNormName& norm : GgufNormNames(model.config)) {
      AddVector(writer, fmt::format("blk.{}.{}.weight", i, norm.name), layer.*norm.member);
    }
    for (const GgufMatrixName& matrix : GgufMatrixNames(model.config)) {
      const bool heads = matrix.member == &LayerWeights::q || matrix.member == &LayerWeights::k;
      AddMatrix(writer, fmt::format("blk.{}.{}", i, matrix.name), layer.*matrix.member, type,
                permuted && heads ? model.config.head_dim : 0);
    }
  }
  AddVector(writer, std::string(kOutputNormTensor), model.output_norm);
  if (!model.config.tied_head) AddTable(writer, kHeadTensor, model.untied_head);
}

}  // namespace

Expected<void> SaveGguf(const Model& model, const std::filesystem::path& path,
                        const GgufWriteOptions& options) {
  TF_RETURN_IF_ERROR(Validate(model.config));
  TF_CHECK(int(model.layers.size()) == model.config.layers, "{} layers", model.layers.size());
  const auto type = TernaryTypeOf(options.ternary_type);
  if (!type) {
    return Fail("{}: ternary type {}: must be I2_S, TQ1_0 or TQ2_0", path.string(),
                options.ternary_type);
  }
  if (options.architecture != "bitnet" && options.architecture != "bitnet-b1.58" &&
      options.architecture != "llama") {
    return Fail("{}: architecture {}: must be bitnet, bitnet-b1.58 or llama", path.string(),
                options.architecture);
  }
  if (options.architecture == "bitnet-b1.58" && model.config.activation != Activation::kRelu2) {
    return Fail("{}: architecture bitnet-b1.58 means ReLU^2: must be bitnet for a SiLU model",
                path.string());
  }
  GgufWriter writer;
  AddConfig(writer, model.config, options.architecture);
  AddTokenizer(writer, model);
  AddTensors(writer, model, *type, HasPermutedHeads(options.architecture));
  if (auto written = writer.Write(path); !written) {
    const std::string& message = written.error().message;
    const bool has_path = message.starts_with(path.string());
    return Fail("{}{}", has_path ? "" : path.string() + ": ", message);
  }
  return {};
}

}  // namespace ternfab
