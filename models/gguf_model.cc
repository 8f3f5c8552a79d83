// SPDX-License-Identifier: Apache-2.0
#include "models/gguf_model.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "common/printable.h"
#include "models/gguf_config.h"
#include "models/gguf_names.h"
#include "models/gguf_ternary.h"
#include "models/head_rows.h"
#include "models/hf_ternary.h"
#include "models/load_tasks.h"

namespace ternfab {
namespace {

/// Takes tensors out of a file by name and checks shape and type; knows which were never asked for.
class TensorReader {
 public:
  explicit TensorReader(const GgufFile& file) : file_(file) {}

  /// A tensor of a type that tables have, where it lies in the file.
  Expected<RowTable> Table(std::string_view name, int rows, int cols);
  Expected<std::vector<float>> Vector(std::string_view name, int size);
  /// The tensor, of exactly these dimensions (fastest first; a missing last one counts as 1).
  Expected<const GgufTensor*> Take(std::string_view name, const std::vector<int64_t>& dims);
  /// The one element of an optional tensor; 1 when absent.
  Expected<float> Factor(std::string_view name);
  /// Error: the file has a tensor that this model does not use.
  Expected<void> CheckAllUsed() const;
  std::string Where(std::string_view name) const {
    return fmt::format("{}: tensor {}", file_.path(), name);
  }

 private:
  const GgufFile& file_;
  std::set<std::string_view> used_;  ///< names in the file
};

Expected<const GgufTensor*> TensorReader::Take(std::string_view name,
                                               const std::vector<int64_t>& dims) {
  const GgufTensor* tensor = file_.FindTensor(name);
  if (tensor == nullptr) return Fail("{}: missing", Where(name));
  const auto trim = [](std::vector<int64_t> list) {
    while (list.size() > 1 && list.back() == 1) list.pop_back();
    return list;
  };
  if (trim(tensor->dims) != trim(dims)) {
    const auto text = [](const std::vector<int64_t>& list) {
      std::string out;
      for (const int64_t dim : list) out += fmt::format("{}{}", out.empty() ? "" : " x ", dim);
      return out;
    };
    return Fail("{}: shape {}: must be {}", Where(name), text(tensor->dims), text(dims));
  }
  used_.insert(tensor->name);
  return tensor;
}

Expected<RowTable> TensorReader::Table(std::string_view name, int rows, int cols) {
  TF_ASSIGN_OR_RETURN(const GgufTensor* tensor, Take(name, {cols, rows}));
  if (const auto type = ToTableType(tensor->type)) {
    return RowTable(*type, rows, cols, tensor->bytes, file_.owner());
  }
  return Fail("{}: type {}: must be F32, F16, BF16, Q8_0 or Q6_K", Where(name),
              GgufTensorTypeName(tensor->type));
}

Expected<std::vector<float>> TensorReader::Vector(std::string_view name, int size) {
  TF_ASSIGN_OR_RETURN(const RowTable table, Table(name, 1, size));
  return ReadVector(table, Where(name));
}

Expected<float> TensorReader::Factor(std::string_view name) {
  if (file_.FindTensor(name) == nullptr) return 1.0f;
  TF_ASSIGN_OR_RETURN(const std::vector<float> values, Vector(name, 1));
  return values[0];
}

Expected<void> TensorReader::CheckAllUsed() const {
  for (const auto& [name, tensor] : file_.tensors()) {
    if (used_.count(name) == 0) {
      return Fail("{}: not part of a BitNet model of this shape", Where(Printable(name)));
    }
  }
  return {};
}

/// Fills a model in from a file; the large tensors are read by `tasks_`.
class Builder {
 public:
  Builder(const GgufFile& file, const LoadOptions& options)
      : file_(file), options_(options), tensors_(file) {}

  Expected<Model> Build();

 private:
  Expected<void> Table(std::string_view name, RowTable& table);
  Expected<void> Layer(int index);
  Expected<void> Matrix(const std::string& name, const GgufMatrixName& shape, TernaryMatrix& out);
  /// Decodes or quantises one tensor.
  Expected<TernaryMatrix> Weights(const std::string& name, const GgufMatrixName& shape,
                                  const GgufTensor& tensor) const;

  const GgufFile& file_;
  const LoadOptions options_;
  TensorReader tensors_;
  bool permuted_ = false;
  int floats_ = 0;  ///< matrices that are not ternary
  Model model_;
  LoadTasks tasks_;
};

Expected<void> Builder::Table(std::string_view name, RowTable& table) {
  TF_ASSIGN_OR_RETURN(table, tensors_.Table(name, model_.config.vocab, model_.config.hidden));
  AddFiniteCheck(tasks_, table, tensors_.Where(name));
  return {};
}

Expected<TernaryMatrix> Builder::Weights(const std::string& name, const GgufMatrixName& shape,
                                         const GgufTensor& tensor) const {
  if (IsTernaryType(tensor.type)) {
    return DecodeTernary(tensor.type, shape.rows, shape.cols, tensor.bytes, tensors_.Where(name));
  }
  const RowTable floats(*ToTableType(tensor.type), shape.rows, shape.cols, tensor.bytes,
                        file_.owner());
  return TernarizeAbsmean(floats, tensors_.Where(name));
}

Expected<void> Builder::Matrix(const std::string& name, const GgufMatrixName& shape,
                               TernaryMatrix& out) {
  const std::string weight = name + ".weight", factor_name = name + ".scale";
  TF_ASSIGN_OR_RETURN(const GgufTensor* tensor, tensors_.Take(weight, {shape.cols, shape.rows}));
  const bool ternary = IsTernaryType(tensor->type);
  if (!ternary && !options_.ternarize) {
    return Fail("{}: type {}: must be ternary: I2_S, TQ1_0 or TQ2_0 ({})", tensors_.Where(weight),
                GgufTensorTypeName(tensor->type), kTernarizeHint);
  }
  floats_ += ternary ? 0 : 1;
  TF_ASSIGN_OR_RETURN(const float factor, tensors_.Factor(factor_name));
  const bool heads = shape.member == &LayerWeights::q || shape.member == &LayerWeights::k;
  tasks_.Add(int64_t(tensor->bytes.size()), [=, this, &out]() -> Expected<void> {
    TF_ASSIGN_OR_RETURN(out, Weights(weight, shape, *tensor));
    out.set_scale(out.scale() * factor);
    if (!std::isfinite(out.scale())) {
      return Fail("{} = {}: times the weight's scale must be finite", tensors_.Where(factor_name),
                  factor);
    }
    if (permuted_ && heads) out = UnpairHeadRows(out, model_.config.head_dim);
    return {};
  });
  return {};
}

Expected<void> Builder::Layer(int index) {
  LayerWeights& layer = model_.layers[index];
  for (const GgufNormName& norm : GgufNormNames(model_.config)) {
    const std::string name = fmt::format("blk.{}.{}.weight", index, norm.name);
    TF_ASSIGN_OR_RETURN(layer.*norm.member, tensors_.Vector(name, norm.size));
  }
  for (const GgufMatrixName& matrix : GgufMatrixNames(model_.config)) {
    const std::string name = fmt::format("blk.{}.{}", index, matrix.name);
    TF_RETURN_IF_ERROR(Matrix(name, matrix, layer.*matrix.member));
  }
  return {};
}

Expected<Model> Builder::Build() {
  TF_ASSIGN_OR_RETURN(model_.config, ReadGgufConfig(file_));
  TF_ASSIGN_OR_RETURN(const std::string architecture, ReadGgufArchitecture(file_));
  permuted_ = HasPermutedHeads(architecture);
  TF_RETURN_IF_ERROR(Table(kEmbeddingTensor, model_.embedding));
  if (!model_.config.tied_head) TF_RETURN_IF_ERROR(Table(kHeadTensor, model_.untied_head));
  TF_ASSIGN_OR_RETURN(model_.output_norm, tensors_.Vector(kOutputNormTensor, model_.config.hidden));
  model_.layers.resize(model_.config.layers);
  for (int i = 0; i < model_.config.layers; ++i) TF_RETURN_IF_ERROR(Layer(i));
  TF_RETURN_IF_ERROR(tensors_.CheckAllUsed());
  if (options_.ternarize && floats_ == 0) {
    return Fail("{}: the weights are ternary already: --ternarize is for float ones", file_.path());
  }
  TF_RETURN_IF_ERROR(tasks_.Run());
  return std::move(model_);
}

}  // namespace

Expected<Model> BuildGgufModel(const GgufFile& file, const LoadOptions& options) {
  return Builder(file, options).Build();
}

}  // namespace ternfab
