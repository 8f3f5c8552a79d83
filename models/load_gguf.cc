// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "models/gguf_config.h"
#include "models/gguf_names.h"
#include "models/gguf_reader.h"
#include "models/gguf_ternary.h"
#include "models/gguf_tokenizer.h"
#include "models/model.h"

namespace ternfab {
namespace {

/// Takes tensors out of a file by name and checks shape and type; knows which were never asked for.
class TensorReader {
 public:
  explicit TensorReader(const GgufFile& file) : file_(file) {}

  Expected<RowTable> Table(std::string_view name, int rows, int cols);
  Expected<std::vector<float>> Vector(std::string_view name, int size);
  Expected<TernaryMatrix> Matrix(std::string_view name, int rows, int cols);
  /// The one element of an optional tensor; 1 when absent.
  Expected<float> Factor(std::string_view name);
  /// Error: the file has a tensor that this model does not use.
  Expected<void> CheckAllUsed() const;

 private:
  /// The tensor, of exactly these dimensions (fastest first; a missing last one counts as 1).
  Expected<const GgufTensor*> Take(std::string_view name, std::vector<int64_t> dims);
  std::string Where(std::string_view name) const {
    return fmt::format("{}: tensor {}", file_.path(), name);
  }

  const GgufFile& file_;
  std::set<std::string_view> used_;
};

Expected<const GgufTensor*> TensorReader::Take(std::string_view name, std::vector<int64_t> dims) {
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
  const auto type = ToTableType(tensor->type);
  if (!type) {
    return Fail("{}: type {}: must be F32, F16, BF16, Q8_0 or Q6_K", Where(name),
                GgufTensorTypeName(tensor->type));
  }
  RowTable table(*type, rows, cols, {tensor->bytes.begin(), tensor->bytes.end()});
  if (!table.AllFinite()) return Fail("{}: infinity or NaN: must be finite", Where(name));
  return table;
}

Expected<std::vector<float>> TensorReader::Vector(std::string_view name, int size) {
  TF_ASSIGN_OR_RETURN(const RowTable table, Table(name, 1, size));
  std::vector<float> values(size);
  table.ReadRow(0, values);
  return values;
}

Expected<TernaryMatrix> TensorReader::Matrix(std::string_view name, int rows, int cols) {
  TF_ASSIGN_OR_RETURN(const GgufTensor* tensor, Take(name, {cols, rows}));
  if (!IsTernaryType(tensor->type)) {
    return Fail("{}: type {}: must be ternary (I2_S, TQ1_0 or TQ2_0)", Where(name),
                GgufTensorTypeName(tensor->type));
  }
  return DecodeTernary(tensor->type, rows, cols, tensor->bytes, Where(name));
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

Expected<LayerWeights> ReadLayer(TensorReader& tensors, const ModelConfig& config, int index,
                                 const std::string& path) {
  LayerWeights layer;
  for (const GgufNormName& norm : GgufNormNames(config)) {
    const std::string name = fmt::format("blk.{}.{}.weight", index, norm.name);
    TF_ASSIGN_OR_RETURN(layer.*norm.member, tensors.Vector(name, norm.size));
  }
  for (const GgufMatrixName& matrix : GgufMatrixNames(config)) {
    const std::string name = fmt::format("blk.{}.{}", index, matrix.name);
    TernaryMatrix& weights = layer.*matrix.member;
    TF_ASSIGN_OR_RETURN(weights, tensors.Matrix(name + ".weight", matrix.rows, matrix.cols));
    TF_ASSIGN_OR_RETURN(const float factor, tensors.Factor(name + ".scale"));
    weights.set_scale(weights.scale() * factor);
    if (!std::isfinite(weights.scale())) {
      return Fail("{}: tensor {}.scale = {}: times the weight's scale must be finite", path, name,
                  factor);
    }
  }
  return layer;
}

}  // namespace

Expected<Model> LoadGguf(const std::filesystem::path& path) {
  TF_ASSIGN_OR_RETURN(const GgufFile file, GgufFile::Open(path));
  Model model;
  TF_ASSIGN_OR_RETURN(model.config, ReadGgufConfig(file));
  const ModelConfig& config = model.config;
  TensorReader tensors(file);
  TF_ASSIGN_OR_RETURN(model.embedding,
                      tensors.Table(kEmbeddingTensor, config.vocab, config.hidden));
  if (!config.tied_head) {
    TF_ASSIGN_OR_RETURN(model.untied_head, tensors.Table(kHeadTensor, config.vocab, config.hidden));
  }
  TF_ASSIGN_OR_RETURN(model.output_norm, tensors.Vector(kOutputNormTensor, config.hidden));
  for (int i = 0; i < config.layers; ++i) {
    TF_ASSIGN_OR_RETURN(LayerWeights layer, ReadLayer(tensors, config, i, file.path()));
    model.layers.push_back(std::move(layer));
  }
  TF_RETURN_IF_ERROR(tensors.CheckAllUsed());
  if (auto tokenizer = ReadGgufTokenizer(file, config.vocab)) {
    model.tokenizer = *tokenizer;
  } else {
    model.tokenizer_error = tokenizer.error().message;
  }
  return model;
}

}  // namespace ternfab
