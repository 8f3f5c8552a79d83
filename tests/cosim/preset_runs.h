// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/model.h"

namespace ternfab {

/// Trained models of the source tree: "shortT" of tests/data, and "tales", which is shipped.
Model TrainedModel(const std::string& name);

/// `count` token ids of a text that the model was trained for.
std::vector<int> TrainedPrompt(const std::string& name, const Model& model, int count);

/// Generates `tokens` greedily after a prompt of 16 on the RTL of `preset`, every instruction
/// compared; EXPECTs the ids of the emulator on this preset's Program and on `nano`'s.
void ExpectPresetGenerates(const std::string& preset, const std::string& model, int tokens);

}  // namespace ternfab
