// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "models/hf_config.h"
#include "models/hf_tokenizer.h"
#include "models/load_options.h"
#include "models/mapped_file.h"
#include "models/model.h"
#include "models/safetensors_model.h"
#include "models/safetensors_reader.h"

namespace ternfab {

Expected<Model> LoadSafetensors(const std::filesystem::path& path, const LoadOptions& options) {
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  const std::filesystem::path config = path.parent_path() / "config.json";
  TF_ASSIGN_OR_RETURN(const MappedFile text, MappedFile::Open(config));
  TF_ASSIGN_OR_RETURN(const HfConfig hf,
                      ReadHfConfig(text.text(), config.string(), folder.filename().string()));
  TF_ASSIGN_OR_RETURN(const SafetensorsMap tensors, path.extension() == ".json"
                                                        ? OpenSafetensorsIndex(path)
                                                        : OpenSafetensors(path));
  TF_ASSIGN_OR_RETURN(Model model, BuildHfModel(hf, tensors, path.string(), options));
  if (auto tokenizer = LoadHfTokenizer(folder)) {
    model.tokenizer = *tokenizer;
  } else {
    model.tokenizer_error = tokenizer.error().message;
  }
  return model;
}

}  // namespace ternfab
