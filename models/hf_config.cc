// SPDX-License-Identifier: Apache-2.0
#include "models/hf_config.h"

#include <algorithm>
#include <limits>

#include "common/printable.h"
#include "models/json_text.h"

namespace ternfab {
namespace {

using Json = nlohmann::json;

/// Reads the fields of one object of the text.
class Fields {
 public:
  Fields(const Json& object, std::string where) : object_(object), where_(std::move(where)) {}

  const std::string& where() const { return where_; }

  /// Null when the field is absent or null.
  const Json* Find(const char* key) const {
    const auto it = object_.find(key);
    return it == object_.end() || it->is_null() ? nullptr : &*it;
  }

  Expected<int> Count(const char* key, std::optional<int> absent = std::nullopt) const;
  Expected<double> Real(const char* key, std::optional<double> absent = std::nullopt) const;
  Expected<std::string> Text(const char* key, const std::string& absent) const;
  Expected<std::optional<bool>> Flag(const char* key) const;
  /// Error: the field is true.
  Expected<void> Refuse(const char* key, std::string_view why) const;

 private:
  const Json& object_;
  std::string where_;
};

Expected<int> Fields::Count(const char* key, std::optional<int> absent) const {
  const Json* value = Find(key);
  if (value == nullptr && absent) return *absent;
  if (value == nullptr) return Fail("{}: {}: missing", where_, key);
  if (!value->is_number_unsigned() || value->get<uint64_t>() > std::numeric_limits<int>::max()) {
    return Fail("{}: {} = {}: must be an integer from 0 to 2^31 - 1", where_, key,
                Printable(value->dump()));
  }
  return value->get<int>();
}

// Floats count in the precision of the arithmetic, fp32; the same model says the same in GGUF.
Expected<double> Fields::Real(const char* key, std::optional<double> absent) const {
  const Json* value = Find(key);
  if (value == nullptr && absent) return *absent;
  if (value == nullptr) return Fail("{}: {}: missing", where_, key);
  if (!value->is_number()) return Fail("{}: {}: must be a number", where_, key);
  return double(float(value->get<double>()));
}

Expected<std::string> Fields::Text(const char* key, const std::string& absent) const {
  const Json* value = Find(key);
  if (value == nullptr) return absent;
  if (!value->is_string()) return Fail("{}: {}: must be a string", where_, key);
  return value->get<std::string>();
}

Expected<std::optional<bool>> Fields::Flag(const char* key) const {
  const Json* value = Find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_boolean()) return Fail("{}: {}: must be true or false", where_, key);
  return value->get<bool>();
}

Expected<void> Fields::Refuse(const char* key, std::string_view why) const {
  TF_ASSIGN_OR_RETURN(const std::optional<bool> flag, Flag(key));
  if (flag.value_or(false)) return Fail("{}: {} = true: {}", where_, key, why);
  return {};
}

Expected<Activation> ReadActivation(const Fields& fields, const std::string& model_type) {
  TF_ASSIGN_OR_RETURN(const std::string name,
                      fields.Text("hidden_act", model_type == "bitnet" ? "relu2" : "silu"));
  if (name == "relu2") return Activation::kRelu2;
  if (name == "silu") return Activation::kSilu;
  return Fail("{}: hidden_act = {}: must be relu2 or silu", fields.where(), Printable(name));
}

/// The base of an unscaled RoPE: `rope_theta`, in newer files inside `rope_parameters`.
Expected<double> ReadRope(const Fields& fields) {
  constexpr double kDefaultTheta = 10000;
  double theta = kDefaultTheta;
  for (const char* key : {"rope_parameters", "rope_scaling"}) {
    const Json* object = fields.Find(key);
    if (object == nullptr) continue;
    if (!object->is_object()) return Fail("{}: {}: must be an object", fields.where(), key);
    const Fields rope(*object, fmt::format("{}: {}", fields.where(), key));
    TF_ASSIGN_OR_RETURN(const std::string old_type, rope.Text("type", "default"));
    TF_ASSIGN_OR_RETURN(const std::string type, rope.Text("rope_type", old_type));
    if (type != "default") {
      return Fail("{}: type {}: scaled RoPE is not supported", rope.where(), Printable(type));
    }
    TF_ASSIGN_OR_RETURN(theta, rope.Real("rope_theta", theta));
  }
  return fields.Real("rope_theta", theta);
}

/// Whether the text names the model a BitNet.
bool SaysBitNet(const Fields& fields, const std::string& model_type) {
  if (model_type == "bitnet" || fields.Find("weight_bits") != nullptr) return true;
  const Json* list = fields.Find("architectures");
  if (list == nullptr || !list->is_array()) return false;
  return std::any_of(list->begin(), list->end(), [](const Json& name) {
    if (!name.is_string()) return false;
    std::string lower = name.get<std::string>();
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
    return lower.find("bitnet") != std::string::npos;
  });
}

/// Error: layers other than the LM head are kept out of the quantisation.
Expected<void> CheckConverted(const Fields& quantization) {
  const Json* list = quantization.Find("modules_to_not_convert");
  if (list == nullptr) return {};
  if (!list->is_array()) {
    return Fail("{}: modules_to_not_convert: must be a list", quantization.where());
  }
  for (const Json& name : *list) {
    if (name != "lm_head") {
      return Fail("{}: modules_to_not_convert: {}: only lm_head may stay float",
                  quantization.where(), Printable(name.dump(-1, ' ', true)));
    }
  }
  return {};
}

Expected<HfWeights> ReadWeights(const Fields& fields, const std::string& model_type) {
  const Json* object = fields.Find("quantization_config");
  if (object == nullptr) {
    return SaysBitNet(fields, model_type) ? HfWeights::kMasters : HfWeights::kPlain;
  }
  const std::string where = fields.where() + ": quantization_config";
  if (!object->is_object()) return Fail("{}: must be an object", where);
  const Fields quantization(*object, where);
  TF_ASSIGN_OR_RETURN(const std::string method, quantization.Text("quant_method", "bitnet"));
  if (method != "bitnet") {
    return Fail("{}: quant_method = {}: must be bitnet", where, Printable(method));
  }
  TF_RETURN_IF_ERROR(CheckConverted(quantization));
  TF_RETURN_IF_ERROR(quantization.Refuse("use_rms_norm", "norms inside layers are not supported"));
  TF_ASSIGN_OR_RETURN(const std::string mode, quantization.Text("quantization_mode", "offline"));
  if (mode == "online") return HfWeights::kMasters;
  if (mode != "offline") {
    return Fail("{}: quantization_mode = {}: must be offline or online", where, Printable(mode));
  }
  TF_ASSIGN_OR_RETURN(const std::string linear, quantization.Text("linear_class", "bitlinear"));
  if (linear == "autobitlinear") return HfWeights::kPackedDirect;
  if (linear == "bitlinear") return HfWeights::kPackedReciprocal;
  return Fail("{}: linear_class = {}: must be bitlinear or autobitlinear", where,
              Printable(linear));
}

Expected<void> ReadShape(const Fields& fields, ModelConfig& config) {
  TF_ASSIGN_OR_RETURN(config.hidden, fields.Count("hidden_size"));
  TF_ASSIGN_OR_RETURN(config.ffn, fields.Count("intermediate_size"));
  TF_ASSIGN_OR_RETURN(config.layers, fields.Count("num_hidden_layers"));
  TF_ASSIGN_OR_RETURN(config.heads, fields.Count("num_attention_heads"));
  TF_ASSIGN_OR_RETURN(config.kv_heads, fields.Count("num_key_value_heads", config.heads));
  TF_ASSIGN_OR_RETURN(config.vocab, fields.Count("vocab_size"));
  TF_ASSIGN_OR_RETURN(config.context, fields.Count("max_position_embeddings"));
  TF_ASSIGN_OR_RETURN(config.norm_eps, fields.Real("rms_norm_eps"));
  TF_ASSIGN_OR_RETURN(config.head_dim, fields.Count("head_dim", 0));
  if (config.head_dim != 0) return {};
  if (config.heads == 0 || config.hidden % config.heads != 0) {
    return Fail("{}: num_attention_heads = {}: must divide hidden_size = {}", fields.where(),
                config.heads, config.hidden);
  }
  config.head_dim = config.hidden / config.heads;
  return {};
}

}  // namespace

Expected<HfConfig> ReadHfConfig(std::string_view text, const std::string& where,
                                const std::string& name) {
  TF_ASSIGN_OR_RETURN(const Json json, ParseJsonObject(text, where));
  const Fields fields(json, where);
  HfConfig out;
  TF_ASSIGN_OR_RETURN(const std::string model_type, fields.Text("model_type", "llama"));
  if (model_type != "bitnet" && model_type != "llama") {
    return Fail("{}: model_type = {}: must be bitnet or llama", where, Printable(model_type));
  }
  TF_RETURN_IF_ERROR(fields.Refuse("attention_bias", "biases are not supported"));
  TF_RETURN_IF_ERROR(fields.Refuse("mlp_bias", "biases are not supported"));
  TF_ASSIGN_OR_RETURN(const std::string own_name, fields.Text("_name_or_path", ""));
  out.config.name = Printable(own_name.empty() ? name : own_name);
  TF_RETURN_IF_ERROR(ReadShape(fields, out.config));
  TF_ASSIGN_OR_RETURN(out.config.rope_theta, ReadRope(fields));
  TF_ASSIGN_OR_RETURN(out.config.activation, ReadActivation(fields, model_type));
  TF_ASSIGN_OR_RETURN(out.weights, ReadWeights(fields, model_type));
  TF_ASSIGN_OR_RETURN(out.tied, fields.Flag("tie_word_embeddings"));
  if (auto valid = Validate(out.config); !valid) {
    return Fail("{}: {}", where, valid.error().message);
  }
  return out;
}

}  // namespace ternfab
