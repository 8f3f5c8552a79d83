// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/fuzz.h"

#include <algorithm>

#include "common/check.h"
#include "models/gguf_names.h"
#include "models/inspect.h"

namespace ternfab::fuzz {
namespace {

void UseTable(const RowTable& table, const ModelConfig& config) {
  TF_CHECK(table.rows() == config.vocab && table.cols() == config.hidden, "{} x {}", table.rows(),
           table.cols());
  std::vector<float> row(table.cols());
  table.ReadRow(0, row);
  table.ReadRow(table.rows() - 1, row);
}

}  // namespace

std::vector<std::string_view> SplitFiles(std::string_view input) {
  std::vector<std::string_view> files;
  for (size_t at; (at = input.find(kNextFile)) != std::string_view::npos;) {
    files.push_back(input.substr(0, at));
    input.remove_prefix(at + kNextFile.size());
  }
  files.push_back(input);
  return files;
}

MappedFile InMemory(std::string_view bytes) {
  return MappedFile::FromBytes({bytes.begin(), bytes.end()});
}

void CheckError(const Error& error) {
  const std::string& message = error.message;
  TF_CHECK(!message.empty());
  const auto control = [](char c) { return uint8_t(c) < ' ' || c == 0x7f; };
  TF_CHECK(std::none_of(message.begin(), message.end(), control), "{}", message);
}

void UseModel(const Model& model) {
  UseTable(model.embedding, model.config);
  UseTable(model.head(), model.config);
  TF_CHECK(int(model.output_norm.size()) == model.config.hidden);
  TF_CHECK(int(model.layers.size()) == model.config.layers);
  for (const LayerWeights& layer : model.layers) {
    for (const GgufNormName& norm : GgufNormNames(model.config)) {
      TF_CHECK(int((layer.*norm.member).size()) == norm.size, "{}", norm.name);
    }
    for (const GgufMatrixName& shape : GgufMatrixNames(model.config)) {
      const TernaryMatrix& matrix = layer.*shape.member;
      TF_CHECK(matrix.rows() == shape.rows && matrix.cols() == shape.cols, "{}", shape.name);
    }
  }
  TF_CHECK(InspectModel(model).ternary_weights == TernaryWeights(model.config));
}

void UseTokenizer(const Tokenizer& tokenizer) {
  for (const std::string_view text : {"", "It's 12345 caf\u00e9s,\n\n  isn't <s> it?",
                                      "<|begin_of_text|>a b<|eot_id|>\u2581\u0120"}) {
    for (const auto control : {ControlTokens::kAsText, ControlTokens::kRecognise}) {
      std::vector<int> ids;
      if (const auto encoded = tokenizer.EncodePart(text, control, ids); !encoded) {
        CheckError(encoded.error());
        continue;
      }
      for (const int id : ids) TF_CHECK(id >= 0 && id < tokenizer.vocab(), "id {}", id);
      const std::string back = tokenizer.Decode(ids);
      const bool whole = tokenizer.bpe() != nullptr && control == ControlTokens::kAsText;
      TF_CHECK(!whole || back == text, "{} for {}", back, text);
    }
  }
  for (const int id : tokenizer.ends()) TF_CHECK(id >= 0 && id < tokenizer.vocab(), "end {}", id);
  TF_CHECK(!tokenizer.add_bos() || tokenizer.bos());
}

}  // namespace ternfab::fuzz
