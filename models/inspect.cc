// SPDX-License-Identifier: Apache-2.0
#include "models/inspect.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "common/parallel.h"
#include "models/gguf_names.h"

namespace ternfab {
namespace {

TernaryTensorSummary Summarize(const TernaryMatrix& matrix, std::string name) {
  constexpr uint64_t kHighBits = 0xaaaaaaaaaaaaaaaa;  // only code 2 has the high bit; pads have not
  TernaryTensorSummary out{std::move(name), matrix.rows(), matrix.cols()};
  const auto bytes = matrix.packed();
  size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, bytes.data() + i, 8);
    out.positives += std::popcount(word & kHighBits);
  }
  for (; i < bytes.size(); ++i) out.positives += std::popcount(bytes[i] & kHighBits);
  out.zeros = matrix.CountZeros();
  out.negatives = out.weights() - out.zeros - out.positives;
  out.scale = matrix.scale();
  return out;
}

/// All tensors, layer by layer.
std::vector<TernaryTensorSummary> SummarizeTensors(const Model& model) {
  const std::vector<GgufMatrixName> names = GgufMatrixNames(model.config);
  std::vector<TernaryTensorSummary> out(model.layers.size() * names.size());
  ParallelFor(int(out.size()), [&](int i) {
    const size_t layer = i / names.size();
    const GgufMatrixName& name = names[i % names.size()];
    out[i] =
        Summarize(model.layers[layer].*name.member, fmt::format("blk.{}.{}", layer, name.name));
  });
  return out;
}

/// The tensors of class `index` of `classes`.
TernaryClassSummary SummarizeClass(const std::vector<TernaryTensorSummary>& tensors,
                                   const GgufMatrixName& shape, size_t index, size_t classes) {
  TernaryClassSummary out;
  out.name = shape.name;
  out.rows = shape.rows;
  out.cols = shape.cols;
  out.min_scale = out.max_scale = tensors[index].scale;
  for (size_t i = index; i < tensors.size(); i += classes) {
    out.weights += tensors[i].weights();
    out.zeros += tensors[i].zeros;
    out.min_scale = std::min(out.min_scale, tensors[i].scale);
    out.max_scale = std::max(out.max_scale, tensors[i].scale);
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

double TernaryTensorSummary::entropy() const {
  double bits = 0;
  for (const int64_t count : {negatives, zeros, positives}) {
    const double p = double(count) / double(weights());
    if (count > 0) bits -= p * std::log2(p);
  }
  return bits;
}

double ModelSummary::entropy() const {
  double bits = 0;
  for (const TernaryTensorSummary& tensor : tensors) {
    bits += tensor.entropy() * double(tensor.weights());
  }
  return bits / double(ternary_weights);
}

ModelSummary InspectModel(const Model& model) {
  ModelSummary out;
  out.config = model.config;
  out.tensors = SummarizeTensors(model);
  const std::vector<GgufMatrixName> names = GgufMatrixNames(model.config);
  for (size_t i = 0; i < names.size(); ++i) {
    out.classes.push_back(SummarizeClass(out.tensors, names[i], i, names.size()));
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
