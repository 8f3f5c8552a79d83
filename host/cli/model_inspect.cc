// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "host/cli/model_commands.h"
#include "host/cli/output.h"
#include "models/inspect.h"
#include "models/model.h"

// `ternfab model inspect`: what a model is made of.

namespace ternfab::cli {
namespace {

struct InspectOptions {
  std::string model;
  std::string json;
};

Json ToJson(const InspectOptions& o, const ModelSummary& s, double wall_seconds) {
  Json json;
  json["command"] = "model inspect";
  json["model"] = o.model;
  json["hw"] = nullptr;
  json["version"] = TERNFAB_VERSION;
  json["wall_seconds"] = wall_seconds;
  json["parameters"] = Figure(s.parameters, "1", kMeasured);
  json["ternary_weights"] = Figure(s.ternary_weights, "1", kMeasured);
  json["zero_fraction"] = Figure(s.zero_fraction(), "1", kMeasured);
  json["bytes"] = {{"ternary", Figure(s.bytes.ternary, "B", kMeasured)},
                   {"embedding", Figure(s.bytes.embedding, "B", kMeasured)},
                   {"head", Figure(s.bytes.head, "B", kMeasured)},
                   {"norms", Figure(s.bytes.norms, "B", kMeasured)}};
  json["entropy"] = Figure(s.entropy(), "bit", kMeasured);
  for (const TernaryClassSummary& c : s.classes) {
    json["classes"].push_back({{"name", c.name},
                               {"rows", Figure(int64_t(c.rows), "1", kMeasured)},
                               {"cols", Figure(int64_t(c.cols), "1", kMeasured)},
                               {"zero_fraction", Figure(c.zero_fraction(), "1", kMeasured)},
                               {"min_scale", Figure(double(c.min_scale), "1", kMeasured)},
                               {"max_scale", Figure(double(c.max_scale), "1", kMeasured)}});
  }
  for (const TernaryTensorSummary& t : s.tensors) {
    json["tensors"].push_back({{"name", t.name},
                               {"rows", Figure(int64_t(t.rows), "1", kMeasured)},
                               {"cols", Figure(int64_t(t.cols), "1", kMeasured)},
                               {"zero_fraction", Figure(t.zero_fraction(), "1", kMeasured)},
                               {"entropy", Figure(t.entropy(), "bit", kMeasured)},
                               {"scale", Figure(double(t.scale), "1", kMeasured)}});
  }
  return json;
}

void PrintTernary(const ModelSummary& s) {
  fmt::print("ternary matrices, all layers together:\n");
  for (const TernaryClassSummary& t : s.classes) {
    fmt::print("  {:<12} {:>6} x {:<6} {:5.1f}% zero, scale {:.5g} .. {:.5g}\n", t.name, t.rows,
               t.cols, 100 * t.zero_fraction(), t.min_scale, t.max_scale);
  }
  fmt::print("{:<22} {:>6}   {:<6} {:>6} {:>6} {:>6} {:>13} {:>11}\n", "tensor", "rows", "cols",
             "% -1", "% 0", "% +1", "bits a weight", "scale");
  for (const TernaryTensorSummary& t : s.tensors) {
    const double n = double(t.weights()) / 100;
    fmt::print("{:<22} {:>6} x {:<6} {:>6.2f} {:>6.2f} {:>6.2f} {:>13.4f} {:>11.5g}\n", t.name,
               t.rows, t.cols, double(t.negatives) / n, double(t.zeros) / n,
               double(t.positives) / n, t.entropy(), t.scale);
  }
}

Expected<int> Inspect(const InspectOptions& o) {
  Stopwatch watch;
  TF_ASSIGN_OR_RETURN(const Model model, LoadModel(o.model));
  const ModelSummary s = InspectModel(model);
  const ModelConfig& c = s.config;
  fmt::print(
      "{}: d {}, ffn {}, {} layers, {} heads of {}, {} kv heads, vocabulary {}, context {}\n",
      c.name, c.hidden, c.ffn, c.layers, c.heads, c.head_dim, c.kv_heads, c.vocab, c.context);
  fmt::print("{}, {} head, sub-norms: {}, RoPE base {}, norm eps {}\n", NameOf(c.activation),
             c.tied_head ? "tied" : "own", c.sub_norms ? "yes" : "no", c.rope_theta,
             float(c.norm_eps));
  fmt::print("{} parameters, {} ternary, {:.1f}% of them zero, {:.4f} bits of entropy a weight\n",
             s.parameters, s.ternary_weights, 100 * s.zero_fraction(), s.entropy());
  fmt::print("bytes: ternary {} (2 bits), embedding {} ({}), head {}, norms {}\n", s.bytes.ternary,
             s.bytes.embedding, s.embedding_type, s.bytes.head, s.bytes.norms);
  if (s.tokenizer_vocab > 0) {
    fmt::print("tokenizer: {} tokens\n", s.tokenizer_vocab);
  } else {
    fmt::print("tokenizer: none ({})\n", s.tokenizer_error);
  }
  PrintTernary(s);
  TF_RETURN_IF_ERROR(WriteJson(o.json, ToJson(o, s, watch.seconds())));
  return 0;
}

}  // namespace

void AddModelInspect(CLI::App& model, Action& action) {
  auto o = std::make_shared<InspectOptions>();
  CLI::App* inspect = model.add_subcommand("inspect", "shape, statistics and bytes of a model");
  inspect->add_option("MODEL", o->model, "what --model takes")->required();
  inspect->add_option("--json", o->json, "write all figures to this file");
  inspect->callback([o, &action] { action = [o] { return Inspect(*o); }; });
}

}  // namespace ternfab::cli
