// SPDX-License-Identifier: Apache-2.0
#include "models/inspect.h"

#include <algorithm>

#include "models/gguf_names.h"

namespace ternfab {
namespace {

TernaryClassSummary Summarize(const Model& model, const GgufMatrixName& shape) {
  TernaryClassSummary out;
  out.name = shape.name;
  out.rows = shape.rows;
  out.cols = shape.cols;
  out.min_scale = out.max_scale = (model.layers[0].*shape.member).scale();
  for (const LayerWeights& layer : model.layers) {
    const TernaryMatrix& matrix = layer.*shape.member;
    out.weights += int64_t(shape.rows) * shape.cols;
    out.zeros += matrix.CountZeros();
    out.min_scale = std::min(out.min_scale, matrix.scale());
    out.max_scale = std::max(out.max_scale, matrix.scale());
  }
  return out;
}

int64_t NormElements(const Model& model) {
  int64_t elements = int64_t(model.output_norm.size());
  for (const LayerWeights& layer : model.layers) {
    for (const GgufNormName& norm : GgufNormNames(model.config)) {
      elements += int64_t((layer.*norm.member).size());
    }
  }
  return elements;
}

int64_t TernaryBytes(const Model& model) {
  int64_t bytes = 0;
  for (const LayerWeights& layer : model.layers) {
    for (const GgufMatrixName& shape : GgufMatrixNames(model.config)) {
      bytes += int64_t((layer.*shape.member).packed().size());
    }
  }
  return bytes;
}

int64_t Elements(const RowTable& table) { return int64_t(table.rows()) * table.cols(); }

}  // namespace

ModelSummary InspectModel(const Model& model) {
  ModelSummary out;
  out.config = model.config;
  for (const GgufMatrixName& shape : GgufMatrixNames(model.config)) {
    out.classes.push_back(Summarize(model, shape));
    out.ternary_weights += out.classes.back().weights;
    out.ternary_zeros += out.classes.back().zeros;
  }
  const int64_t norms = NormElements(model);
  out.parameters =
      out.ternary_weights + norms + Elements(model.embedding) + Elements(model.untied_head);
  out.bytes.ternary = TernaryBytes(model);
  out.bytes.embedding = int64_t(model.embedding.bytes().size());
  out.bytes.head = int64_t(model.untied_head.bytes().size());
  out.bytes.norms = norms * int64_t(sizeof(float));
  out.embedding_type = TableTypeName(model.embedding.type());
  out.head_type = TableTypeName(model.head().type());
  out.synthetic = model.synthetic;
  out.tokenizer_vocab = model.tokenizer ? model.tokenizer->vocab() : 0;
  out.tokenizer_error = model.tokenizer_error;
  return out;
}

}  // namespace ternfab
