// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/error.h"
#include "models/load_options.h"

namespace ternfab {

struct ConvertOptions {
  std::string type;  ///< I2_S, TQ1_0, TQ2_0 or safetensors; "": I2_S for *.gguf, else the last
  bool ternarize = false;  ///< as LoadOptions
};

struct ConvertReport {
  std::string written;            ///< what was written, for people
  std::vector<std::string> lost;  ///< one line for each thing that is not as in the model read
};

/// Reads a model (what LoadModel takes) and writes it as a GGUF file or a safetensors folder.
/// Trits, scales, norms and the values of tables are kept bit for bit. Architecture of a GGUF file:
/// `bitnet-b1.58` for ReLU^2, else `bitnet`, or `llama` for a model without sub-norms.
/// Errors: those of loading and writing; an output folder that exists and is not empty; a shape
/// that the type cannot hold. Nothing is left behind then.
Expected<ConvertReport> ConvertModel(const std::string& in, const std::filesystem::path& out,
                                     const ConvertOptions& options);

}  // namespace ternfab
