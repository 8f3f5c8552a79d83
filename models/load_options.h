// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "common/error.h"
#include "models/model.h"

namespace ternfab {

struct LoadOptions {
  bool ternarize;  ///< quantise the float weights of a model that is no BitNet, by absmean
};
inline constexpr std::string_view kTernarizeHint = "`ternfab model convert --ternarize` quantises";

/// As LoadModel(name).
Expected<Model> LoadModel(const std::string& name, const LoadOptions& options);

/// As LoadGguf(path).
Expected<Model> LoadGguf(const std::filesystem::path& path, const LoadOptions& options);

/// A `.safetensors` file or an index (`*.safetensors.index.json`), with `config.json` beside it.
Expected<Model> LoadSafetensors(const std::filesystem::path& path, const LoadOptions& options);

}  // namespace ternfab
