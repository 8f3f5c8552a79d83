// SPDX-License-Identifier: Apache-2.0
#include "models/model.h"

#include <fmt/format.h>

#include "host/cli/model_commands.h"

// `ternfab model`: shapes and files.

namespace ternfab::cli {
namespace {

Expected<int> List() {
  fmt::print("{:<18} {:>6} {:>6} {:>6} {:>8} {:>8} {:>7} {:>7} {:>9}\n", "name", "d", "ffn",
             "layers", "heads/kv", "head dim", "vocab", "act", "ternary");
  for (const ModelConfig& c : ModelPresets()) {
    fmt::print("{:<18} {:>6} {:>6} {:>6} {:>8} {:>8} {:>7} {:>7} {:>8.3f}G\n", c.name, c.hidden,
               c.ffn, c.layers, fmt::format("{}/{}", c.heads, c.kv_heads), c.head_dim, c.vocab,
               NameOf(c.activation), double(TernaryWeights(c)) / 1e9);
  }
  fmt::print(
      "Use one as --model synth:<name>[:seed] (random weights); `tales` is the shipped "
      "checkpoint.\n");
  return 0;
}

}  // namespace

const char* NameOf(Activation activation) {
  return activation == Activation::kRelu2 ? "ReLU^2" : "SiLU";
}

void AddModel(CLI::App& app, Action& action) {
  CLI::App* model = app.add_subcommand("model", "model files and shapes");
  model->require_subcommand(1);
  model->add_subcommand("list", "shapes of public models")->callback([&action] { action = List; });
  AddModelInspect(*model, action);
  AddModelConvert(*model, action);
}

}  // namespace ternfab::cli
