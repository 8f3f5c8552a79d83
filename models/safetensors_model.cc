// SPDX-License-Identifier: Apache-2.0
#include "models/safetensors_model.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "common/printable.h"
#include "models/gguf_names.h"
#include "models/hf_ternary.h"
#include "models/load_tasks.h"

namespace ternfab {
namespace {

using Shape = std::vector<int64_t>;

constexpr std::string_view kEmbedding = "model.embed_tokens.weight";
constexpr std::string_view kHead = "lm_head.weight";
constexpr std::string_view kOutputNorm = "model.norm.weight";
/// Old checkpoints hold the RoPE frequencies that the configuration already says.
constexpr std::string_view kUnusedSuffix = ".rotary_emb.inv_freq";

/// Takes tensors by name and checks shape and type; knows which were never asked for.
class Tensors {
 public:
  Tensors(const SafetensorsMap& map, std::string where) : map_(map), where_(std::move(where)) {}

  bool Has(std::string_view name) const { return map_.find(name) != map_.end(); }
  std::string Where(std::string_view name) const;

  Expected<const SafetensorsTensor*> Take(const std::string& name, const Shape& shape);
  /// A tensor of a float type, where it lies in its file.
  Expected<RowTable> Floats(const std::string& name, int rows, int cols);
  Expected<std::vector<float>> Vector(const std::string& name, int size);
  /// Error: there is a tensor that this model does not use.
  Expected<void> CheckAllUsed() const;

 private:
  Expected<RowTable> FloatsOf(const SafetensorsTensor& tensor, std::string_view name, int rows,
                              int cols) const;

  const SafetensorsMap& map_;
  std::string where_;  ///< folder or file, for tensors that are missing
  std::set<std::string_view> used_;
};

std::string Tensors::Where(std::string_view name) const {
  const auto it = map_.find(name);
  return fmt::format("{}: tensor {}", it == map_.end() ? where_ : *it->second.path,
                     Printable(name));
}

std::string Text(const Shape& shape) { return fmt::format("{}", fmt::join(shape, " x ")); }

Expected<const SafetensorsTensor*> Tensors::Take(const std::string& name, const Shape& shape) {
  const auto it = map_.find(name);
  if (it == map_.end()) return Fail("{}: missing", Where(name));
  const Shape& stored = it->second.shape;
  const bool scalar = stored.empty() && shape == Shape{1};
  if (!scalar && stored != shape) {
    return Fail("{}: shape {}: must be {}", Where(name), Text(stored), Text(shape));
  }
  used_.insert(it->first);
  return &it->second;
}

Expected<RowTable> Tensors::FloatsOf(const SafetensorsTensor& tensor, std::string_view name,
                                     int rows, int cols) const {
  if (const auto type = ToTableType(tensor.type)) {
    return RowTable(*type, rows, cols, tensor.bytes, tensor.owner);
  }
  return Fail("{}: type {}: must be F32, F16 or BF16", Where(name),
              SafetensorsTypeName(tensor.type));
}

Expected<RowTable> Tensors::Floats(const std::string& name, int rows, int cols) {
  TF_ASSIGN_OR_RETURN(const SafetensorsTensor* tensor, Take(name, {rows, cols}));
  return FloatsOf(*tensor, name, rows, cols);
}

Expected<std::vector<float>> Tensors::Vector(const std::string& name, int size) {
  TF_ASSIGN_OR_RETURN(const SafetensorsTensor* tensor, Take(name, {size}));
  TF_ASSIGN_OR_RETURN(const RowTable table, FloatsOf(*tensor, name, 1, size));
  return ReadVector(table, Where(name));
}

Expected<void> Tensors::CheckAllUsed() const {
  for (const auto& [name, tensor] : map_) {
    if (used_.count(name) == 0 && !name.ends_with(kUnusedSuffix)) {
      return Fail("{}: not part of a BitNet model of this shape", Where(name));
    }
  }
  return {};
}

/// Fills a model in from tensors; the large ones are read by `tasks_`.
class Builder {
 public:
  Builder(const HfConfig& hf, const SafetensorsMap& map, const std::string& where)
      : hf_(hf), tensors_(map, where), where_(where) {}

  Expected<Model> Build(const LoadOptions& options);

 private:
  Expected<void> CheckMasters(const LoadOptions& options) const;
  std::string NormName(int layer, const GgufNormName& norm) const;
  Expected<void> Tables();
  Expected<void> Table(const std::string& name, RowTable& table);
  Expected<void> Layer(int index);
  Expected<void> Packed(const std::string& name, const GgufMatrixName& shape, TernaryMatrix& out);
  Expected<void> Masters(const std::string& name, const GgufMatrixName& shape, TernaryMatrix& out);

  const HfConfig& hf_;
  Tensors tensors_;
  std::string where_;
  Model model_;
  LoadTasks tasks_;
};

std::string Prefix(int layer) { return fmt::format("model.layers.{}.", layer); }

/// The name that the checkpoint uses: today's or the older one.
std::string Builder::NormName(int layer, const GgufNormName& norm) const {
  std::string old = fmt::format("{}{}.weight", Prefix(layer), norm.old_hf_name);
  if (!norm.old_hf_name.empty() && tensors_.Has(old)) return old;
  return fmt::format("{}{}.weight", Prefix(layer), norm.hf_name);
}

Expected<void> Builder::Table(const std::string& name, RowTable& table) {
  TF_ASSIGN_OR_RETURN(table, tensors_.Floats(name, model_.config.vocab, model_.config.hidden));
  AddFiniteCheck(tasks_, table, tensors_.Where(name));
  return {};
}

Expected<void> Builder::Tables() {
  ModelConfig& config = model_.config;
  const std::string embedding(kEmbedding), head(kHead);
  TF_RETURN_IF_ERROR(Table(embedding, model_.embedding));
  const bool has_head = tensors_.Has(head);
  config.tied_head = hf_.tied.value_or(!has_head);
  if (!config.tied_head) return Table(head, model_.untied_head);
  if (!has_head) return {};
  // Some checkpoints store the tied table twice.
  TF_ASSIGN_OR_RETURN(const RowTable stored, tensors_.Floats(head, config.vocab, config.hidden));
  if (stored != model_.embedding) {
    return Fail("{}: must equal {}, as tie_word_embeddings says", tensors_.Where(head), embedding);
  }
  return {};
}

Expected<void> Builder::Packed(const std::string& name, const GgufMatrixName& shape,
                               TernaryMatrix& out) {
  const std::string weight = name + ".weight", factor = name + ".weight_scale";
  if (shape.rows % 4 != 0) {
    return Fail("{}: {} rows: must be a multiple of 4 (packed U8)", tensors_.Where(weight),
                shape.rows);
  }
  TF_ASSIGN_OR_RETURN(const SafetensorsTensor* tensor,
                      tensors_.Take(weight, {shape.rows / 4, shape.cols}));
  if (tensor->type != SafetensorsType::kU8) {
    return Fail("{}: type {}: must be U8 (packed), as quantization_config says",
                tensors_.Where(weight), SafetensorsTypeName(tensor->type));
  }
  TF_ASSIGN_OR_RETURN(const std::vector<float> stored, tensors_.Vector(factor, 1));
  const bool direct = hf_.weights == HfWeights::kPackedDirect;
  const float scale = direct ? stored[0] : 1.0f / stored[0];
  if (!std::isfinite(scale)) {
    return Fail("{} = {}: its reciprocal must be finite", tensors_.Where(factor), stored[0]);
  }
  tasks_.Add(int64_t(tensor->bytes.size()),
             [tensor, shape, scale, &out, where = tensors_.Where(weight)]() -> Expected<void> {
               TF_ASSIGN_OR_RETURN(
                   out, DecodeHfPacked(shape.rows, shape.cols, scale, tensor->bytes, where));
               return {};
             });
  return {};
}

Expected<void> Builder::Masters(const std::string& name, const GgufMatrixName& shape,
                                TernaryMatrix& out) {
  const std::string weight = name + ".weight";
  TF_ASSIGN_OR_RETURN(const RowTable floats, tensors_.Floats(weight, shape.rows, shape.cols));
  tasks_.Add(int64_t(floats.bytes().size()),
             [floats, &out, where = tensors_.Where(weight)]() -> Expected<void> {
               TF_ASSIGN_OR_RETURN(out, TernarizeAbsmean(floats, where));
               return {};
             });
  return {};
}

Expected<void> Builder::Layer(int index) {
  LayerWeights& layer = model_.layers[index];
  for (const GgufNormName& norm : GgufNormNames(model_.config)) {
    TF_ASSIGN_OR_RETURN(layer.*norm.member, tensors_.Vector(NormName(index, norm), norm.size));
  }
  const bool masters = hf_.weights == HfWeights::kMasters || hf_.weights == HfWeights::kPlain;
  for (const GgufMatrixName& matrix : GgufMatrixNames(model_.config)) {
    const std::string name = fmt::format("{}{}", Prefix(index), matrix.hf_name);
    TF_RETURN_IF_ERROR(masters ? Masters(name, matrix, layer.*matrix.member)
                               : Packed(name, matrix, layer.*matrix.member));
  }
  return {};
}

/// Float weights of any model would quantise; only a BitNet's survive it.
Expected<void> Builder::CheckMasters(const LoadOptions& options) const {
  const bool plain = hf_.weights == HfWeights::kPlain && !model_.config.sub_norms;
  if (plain && !options.ternarize) {
    return Fail("{}: float weights of a model that is no BitNet: must be ternary ({})", where_,
                kTernarizeHint);
  }
  if (!plain && options.ternarize) {
    return Fail("{}: the weights are those of a BitNet: --ternarize is for others", where_);
  }
  return {};
}

Expected<Model> Builder::Build(const LoadOptions& options) {
  model_.config = hf_.config;
  model_.config.sub_norms = tensors_.Has(Prefix(0) + "self_attn.attn_sub_norm.weight") ||
                            tensors_.Has(Prefix(0) + "self_attn.inner_attn_ln.weight");
  TF_RETURN_IF_ERROR(CheckMasters(options));
  TF_RETURN_IF_ERROR(Tables());
  TF_ASSIGN_OR_RETURN(model_.output_norm,
                      tensors_.Vector(std::string(kOutputNorm), model_.config.hidden));
  model_.layers.resize(model_.config.layers);
  for (int i = 0; i < model_.config.layers; ++i) TF_RETURN_IF_ERROR(Layer(i));
  TF_RETURN_IF_ERROR(tensors_.CheckAllUsed());
  TF_RETURN_IF_ERROR(tasks_.Run());
  return std::move(model_);
}

}  // namespace

Expected<Model> BuildHfModel(const HfConfig& hf, const SafetensorsMap& tensors,
                             const std::string& where, const LoadOptions& options) {
  return Builder(hf, tensors, where).Build(options);
}

}  // namespace ternfab
