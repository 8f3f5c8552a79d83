// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "models/gguf_config.h"
#include "models/gguf_model.h"
#include "models/gguf_reader.h"
#include "models/gguf_tokenizer.h"
#include "models/load_options.h"
#include "models/model.h"

namespace ternfab {

Expected<Model> LoadGguf(const std::filesystem::path& path, const LoadOptions& options) {
  TF_ASSIGN_OR_RETURN(const GgufFile file, GgufFile::Open(path));
  TF_ASSIGN_OR_RETURN(Model model, BuildGgufModel(file, options));
  if (auto tokenizer = ReadGgufTokenizer(file, model.config.vocab)) {
    model.tokenizer = *tokenizer;
  } else {
    model.tokenizer_error = tokenizer.error().message;
  }
  return model;
}

Expected<Model> LoadGguf(const std::filesystem::path& path) { return LoadGguf(path, {false}); }

}  // namespace ternfab
