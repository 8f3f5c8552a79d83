// SPDX-License-Identifier: Apache-2.0
#include "models/gguf_config.h"

#include <limits>

#include "common/printable.h"
#include "models/gguf_names.h"

namespace ternfab {
namespace {

/// Reads keys that begin with the architecture's name.
class ConfigReader {
 public:
  ConfigReader(const GgufFile& file, std::string architecture)
      : file_(file), architecture_(std::move(architecture)) {}

  Expected<ModelConfig> Read();

 private:
  std::string Key(std::string_view name) const { return fmt::format("{}.{}", architecture_, name); }

  Expected<int> Count(std::string_view name) const;
  Expected<int> Count(std::string_view name, int absent) const;
  Expected<double> Real(std::string_view name) const;
  Expected<Activation> ReadActivation() const;
  Expected<void> CheckUnsupported(const ModelConfig& config) const;
  Expected<int> Vocab() const;

  const GgufFile& file_;
  std::string architecture_;
};

Expected<int> ConfigReader::Count(std::string_view name, int absent) const {
  TF_ASSIGN_OR_RETURN(const auto value, file_.FindInt(Key(name)));
  if (!value) return absent;
  if (*value < 0 || *value > std::numeric_limits<int>::max()) {
    return Fail("{}: key {} = {}: must be 0 to 2^31 - 1", file_.path(), Key(name), *value);
  }
  return int(*value);
}

Expected<int> ConfigReader::Count(std::string_view name) const {
  TF_ASSIGN_OR_RETURN(const int value, Count(name, -1));
  if (value < 0) return Fail("{}: key {}: missing", file_.path(), Key(name));
  return value;
}

Expected<double> ConfigReader::Real(std::string_view name) const {
  TF_ASSIGN_OR_RETURN(const auto value, file_.FindFloat(Key(name)));
  if (!value) return Fail("{}: key {}: missing", file_.path(), Key(name));
  return *value;
}

Expected<Activation> ConfigReader::ReadActivation() const {
  const std::string key = Key("hidden_activation");
  TF_ASSIGN_OR_RETURN(const auto text, file_.FindString(key));
  if (architecture_ == "bitnet" || architecture_ == "llama") {
    if (!text || *text == "silu") return Activation::kSilu;
    if (*text == "relu2") return Activation::kRelu2;
    return Fail("{}: key {} = {}: must be silu or relu2", file_.path(), key, Printable(*text));
  }
  if (text && *text != "relu2") {
    return Fail("{}: key {} = {}: must be relu2 in architecture {}", file_.path(), key,
                Printable(*text), architecture_);
  }
  return Activation::kRelu2;
}

Expected<void> ConfigReader::CheckUnsupported(const ModelConfig& config) const {
  TF_ASSIGN_OR_RETURN(const int rotated, Count("rope.dimension_count", config.head_dim));
  if (rotated != config.head_dim) {
    return Fail("{}: key {} = {}: must be the head size {}", file_.path(),
                Key("rope.dimension_count"), rotated, config.head_dim);
  }
  TF_ASSIGN_OR_RETURN(const int value_length, Count("attention.value_length", config.head_dim));
  if (value_length != config.head_dim) {
    return Fail("{}: key {} = {}: must be the head size {}", file_.path(),
                Key("attention.value_length"), value_length, config.head_dim);
  }
  TF_ASSIGN_OR_RETURN(const int experts, Count("expert_count", 0));
  if (experts != 0) {
    return Fail("{}: key {} = {}: mixtures of experts are not supported", file_.path(),
                Key("expert_count"), experts);
  }
  TF_ASSIGN_OR_RETURN(const auto scaling, file_.FindString(Key("rope.scaling.type")));
  TF_ASSIGN_OR_RETURN(const auto factor, file_.FindFloat(Key("rope.scaling.factor")));
  const bool unscaled = !scaling || *scaling == "none" || *scaling == "linear";
  if (!unscaled || factor.value_or(1.0) != 1.0) {
    return Fail("{}: key {} = {}, factor {}: scaled RoPE is not supported", file_.path(),
                Key("rope.scaling.type"), Printable(scaling.value_or("linear")),
                factor.value_or(1.0));
  }
  return {};
}

Expected<int> ConfigReader::Vocab() const {
  const GgufTensor* table = file_.FindTensor(kEmbeddingTensor);
  if (table == nullptr) return Fail("{}: tensor {}: missing", file_.path(), kEmbeddingTensor);
  if (table->dims.size() != 2) {
    return Fail("{}: tensor {}: {} dimensions: must be 2", file_.path(), kEmbeddingTensor,
                table->dims.size());
  }
  const int rows = int(table->dims[1]);
  TF_ASSIGN_OR_RETURN(const int vocab, Count("vocab_size", rows));
  if (vocab != rows) {
    return Fail("{}: tensor {}: {} rows: must be the {} of key {}", file_.path(), kEmbeddingTensor,
                rows, vocab, Key("vocab_size"));
  }
  return rows;
}

Expected<ModelConfig> ConfigReader::Read() {
  ModelConfig config;
  TF_ASSIGN_OR_RETURN(const auto name, file_.FindString("general.name"));
  config.name = name ? Printable(*name) : architecture_;
  TF_ASSIGN_OR_RETURN(config.hidden, Count("embedding_length"));
  TF_ASSIGN_OR_RETURN(config.ffn, Count("feed_forward_length"));
  TF_ASSIGN_OR_RETURN(config.layers, Count("block_count"));
  TF_ASSIGN_OR_RETURN(config.heads, Count("attention.head_count"));
  TF_ASSIGN_OR_RETURN(config.kv_heads, Count("attention.head_count_kv", config.heads));
  TF_ASSIGN_OR_RETURN(config.head_dim, Count("attention.key_length", 0));
  TF_ASSIGN_OR_RETURN(config.context, Count("context_length"));
  TF_ASSIGN_OR_RETURN(config.rope_theta, Real("rope.freq_base"));
  TF_ASSIGN_OR_RETURN(config.norm_eps, Real("attention.layer_norm_rms_epsilon"));
  TF_ASSIGN_OR_RETURN(config.activation, ReadActivation());
  TF_ASSIGN_OR_RETURN(config.vocab, Vocab());
  if (config.head_dim == 0) {
    if (config.heads == 0 || config.hidden % config.heads != 0) {
      return Fail("{}: key {} = {}: must divide the embedding length {}", file_.path(),
                  Key("attention.head_count"), config.heads, config.hidden);
    }
    config.head_dim = config.hidden / config.heads;
  }
  config.tied_head = file_.FindTensor(kHeadTensor) == nullptr;
  config.sub_norms = file_.FindTensor("blk.0.attn_sub_norm.weight") != nullptr;
  TF_RETURN_IF_ERROR(CheckUnsupported(config));
  if (auto valid = Validate(config); !valid) {
    return Fail("{}: {}", file_.path(), valid.error().message);
  }
  return config;
}

}  // namespace

Expected<std::string> ReadGgufArchitecture(const GgufFile& file) {
  TF_ASSIGN_OR_RETURN(const auto architecture, file.FindString("general.architecture"));
  if (!architecture) return Fail("{}: key general.architecture: missing", file.path());
  for (const char* known : {"bitnet", "bitnet-b1.58", "bitnet-25", "llama"}) {
    if (*architecture == known) return *architecture;
  }
  return Fail("{}: key general.architecture = {}: must be bitnet, bitnet-b1.58, bitnet-25 or llama",
              file.path(), Printable(*architecture));
}

bool HasPermutedHeads(std::string_view architecture) { return architecture == "llama"; }

Expected<ModelConfig> ReadGgufConfig(const GgufFile& file) {
  TF_ASSIGN_OR_RETURN(std::string architecture, ReadGgufArchitecture(file));
  return ConfigReader(file, std::move(architecture)).Read();
}

}  // namespace ternfab
