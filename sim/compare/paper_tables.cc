// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/paper_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/check.h"
#include "sim/energy/paper_energy.h"

namespace ternfab::compare {
namespace {

constexpr double kGiga = 1e9;
constexpr double kMilli = 1e-3;

/// BitNet b1.58 (2402.17764): the table of memory and latency on a GPU, beside LLaMA in FP16.
struct PublishedSize {
  const char* model;
  const char* label;
  double memory_gb, latency_ms;
  double llama_memory_gb, llama_latency_ms;
};
constexpr PublishedSize kSizes[] = {{"bitnet-0.7b", "700M", 0.80, 0.96, 2.08, 1.18},
                                    {"bitnet-1.3b", "1.3B", 1.14, 0.97, 3.34, 1.62},
                                    {"bitnet-3b", "3B", 2.22, 1.87, 7.89, 5.07}};

/// The same paper: speed-up over LLaMA at 70B.
constexpr double kSpeedUp70B = 4.1;

/// BitNet b1.58 2B4T (2504.12285): memory without embedding, latency on a laptop's CPU.
constexpr double kWeights2B4TGb = 0.4;
constexpr double kLatency2B4TMs = 29;

/// A row of the column "energy" of the 2B4T report. LLaMA and Qwen as their configurations are.
struct PublishedEnergy {
  const char* name;
  bool ternary;
  double joules;
  int hidden, ffn, layers, heads, kv_heads, head_dim;
};
constexpr PublishedEnergy kEnergies[] = {
    {"BitNet b1.58 2B4T", true, 0.028, 2560, 6912, 30, 20, 5, 128},
    {"LLaMA 3.2 1B", false, 0.258, 2048, 8192, 16, 32, 8, 64},
    {"Qwen2.5 1.5B", false, 0.347, 1536, 8960, 28, 12, 2, 128}};
constexpr double kPublishedRatio = 71.4;

constexpr const char* kHeading =
    R"(# Published tables beside ours

Made by `make paper`; do not edit. *published* figures are those of the papers named; *modelled* are
shapes times stated constants; *simulated* are cycles of the cycle model at the clock that the spec
gives. Bytes are decimal: 1 GB = 10^9 bytes.

)";

const PaperRun& Find(const std::vector<PaperRun>& runs, const char* model) {
  const auto run = std::find_if(runs.begin(), runs.end(),
                                [&](const PaperRun& r) { return r.model.name == model; });
  TF_CHECK(run != runs.end(), "no run of {}", model);
  return *run;
}

/// Bytes of an FP16 KV cache for one token.
double KvBytes(const ModelConfig& model) {
  constexpr double kKeyAndValue = 2, kFp16Bytes = 2;
  return kKeyAndValue * kFp16Bytes * model.layers * model.kv_heads * model.head_dim;
}

/// What is left of a published memory after weights of `weight_bits` and tables in FP16.
std::string Rest(double published_gb, const ModelConfig& model, double weight_bits) {
  const ModelMemory memory = MemoryOf(model, weight_bits, 16);
  const double ours = (memory.weights + memory.tables) / kGiga;
  const double rest = published_gb - ours;
  return fmt::format("| {:.2f} GB | {:.2f} GB | {:.2f} GB: {:.0f} tokens ", published_gb, ours,
                     rest, rest * kGiga / KvBytes(model));
}

std::string Memory(const std::vector<PaperRun>& runs, const std::string& hw) {
  std::string text = fmt::format(
      "## BitNet b1.58: memory (2402.17764)\n\n"
      "| | LLaMA FP16, published | weights and tables in FP16, modelled | rest | BitNet b1.58, "
      "published | weights at 2 bits, tables in FP16, modelled | rest | {}: all that a token "
      "needs, "
      "modelled |\n|---|---|---|---|---|---|---|---|\n",
      hw);
  for (const PublishedSize& row : kSizes) {
    const PaperRun& run = Find(runs, row.model);
    text +=
        fmt::format("| {} {}{}| {:.2f} GB |\n", row.label, Rest(row.llama_memory_gb, run.model, 16),
                    Rest(row.memory_gb, run.model, 2), run.memory_bytes / kGiga);
  }
  return text + fmt::format(R"(
* Shapes are those of the public checkpoints of these sizes, with one table for embedding and head.
* Rest: published less modelled, beside it how many tokens of an FP16 KV cache of that shape it
  would hold. Published is what a run takes on a GPU. What its rest consists of is not published,
  but it is **not the weights' format**: FP16 LLaMA has it too, no smaller. BitNet's grows from model
  to model as layers x width to within 1%, as a KV cache or activations of some 3,600 tokens would.
* *All that a token needs* on {} is its main memory in use: base-3 weights, int8 tables, RoPE and
  norms, an int8 KV cache for the whole context.

)",
                            hw);
}

/// Bytes that a decode step must read at least, FP16 over packed: one table row of the embedding is
/// nothing beside the head.
double ByteRatio(const ModelConfig& model) {
  const double head = double(model.vocab) * model.hidden;
  const double weights = double(TernaryWeights(model));
  return 2 * (weights + head) / (weights * 1.6 / 8 + head);
}

std::string Latency(const std::vector<PaperRun>& runs, const std::string& hw) {
  std::string text = fmt::format(
      "## BitNet b1.58: latency (2402.17764)\n\n"
      "| | LLaMA FP16, published (GPU) | BitNet b1.58, published (GPU) | speed-up, published | "
      "bytes "
      "of a token, FP16 over 1.6 bits and an int8 head, modelled | {}, {} tokens, simulated "
      "|\n|---|---|---|---|---|---|\n",
      hw, kPaperContext);
  for (const PublishedSize& row : kSizes) {
    const PaperRun& run = Find(runs, row.model);
    text +=
        fmt::format("| {} | {:.2f} ms | {:.2f} ms | {:.2f}x | {:.1f}x | {:.1f} ms |\n", row.label,
                    row.llama_latency_ms, row.latency_ms, row.llama_latency_ms / row.latency_ms,
                    ByteRatio(run.model), run.latency_seconds / kMilli);
  }
  const double ours =
      Find(runs, kSizes[2].model).latency_seconds / Find(runs, kSizes[0].model).latency_seconds;
  return text + fmt::format(R"(
* Published are milliseconds on a GPU with hundreds of GB/s and more, ours of {} with 16 GB/s: they
  are not comparable in size.
* A machine that does nothing but read weights would gain by the ratio of the bytes. The published
  speed-ups are a fraction of that and grow with the model (70B: {:.1f}x, published): 0.96 and 0.97 ms
  of 700M and 1.3B are the same time for 1.8 times the weights, so a GPU's token has a part that is
  not of the bytes. How large it is, is not published.
* From 700M to 3B the published latency grows {:.1f} times, ours {:.1f} times: ours follows the bytes.

)",
                            hw, kSpeedUp70B, kSizes[2].latency_ms / kSizes[0].latency_ms, ours);
}

ModelConfig ConfigOf(const PublishedEnergy& row) {
  ModelConfig model;
  model.name = row.name;
  model.hidden = row.hidden;
  model.ffn = row.ffn;
  model.layers = row.layers;
  model.heads = row.heads;
  model.kv_heads = row.kv_heads;
  model.head_dim = row.head_dim;
  return model;
}

std::string Energies() {
  const double ratio = PaperFp16Joules() / PaperTernaryJoules();
  std::string text = fmt::format(
      "## Energy of the arithmetic\n\n"
      "| | published | ours, modelled | difference |\n|---|---|---|---|\n"
      "| FP16 multiply and add against a ternary weight, 7 nm (2402.17764) | {:.1f}x | {:.1f}x | "
      "{:+.1f} |\n",
      kPublishedRatio, ratio, ratio - kPublishedRatio);
  for (const PublishedEnergy& row : kEnergies) {
    const double weight = row.ternary ? PaperTernaryJoules() : PaperFp16Joules();
    const double joules = EstimatePaperArithmetic(ConfigOf(row), weight).total();
    text += fmt::format("| {}, {} tokens (2504.12285) | {:.3f} J | {:.3f} J | {:+.4f} J |\n",
                        row.name, kPaperTokens, row.joules, joules, joules - row.joules);
  }
  return text + fmt::format(R"(
These are operation counts times published constants, at 7 nm, of the arithmetic of {} tokens
together: neither a token's energy nor measured. Memory, registers and control are not in them, and a
ternary weight costs an 8-bit add, which an adder tree with its 9 to 20 bit sums does not.
docs/energy.md has the modes that count those. The differences are below the digits published.

)",
                            kPaperTokens);
}

std::string Report2B4T(const std::vector<PaperRun>& runs, const std::string& hw) {
  const PaperRun& run = Find(runs, "bitnet-2b4t");
  const double two = MemoryOf(run.model, 2, 16).weights / kGiga;
  const double base3 = MemoryOf(run.model, 1.6, 16).weights / kGiga;
  return fmt::format(R"(## BitNet b1.58 2B4T (2504.12285)

| | published | ours | difference |
|---|---|---|---|
| memory without embedding | {0:.1f} GB | {1:.3f} GB at 1.6 bits, {2:.3f} GB at 2 (modelled) | published has one digit: 1.6 bits and fewer round to it, 2 bits do not |
| latency of a token | {3:.0f} ms on a laptop's CPU | {4:.1f} ms on {5}, after {6} tokens (simulated) | {7:+.1f} ms: another machine, and {5} reads its whole int8 head for each token |

)",
                     kWeights2B4TGb, base3, two, kLatency2B4TMs, run.latency_seconds / kMilli, hw,
                     kPaperContext, run.latency_seconds / kMilli - kLatency2B4TMs);
}

std::string Memories(const std::vector<ModelConfig>& presets) {
  std::string text =
      "## Memory of every shape\n\n"
      "Modelled from the shapes. Tables: embedding, and the head where it is one of its own.\n\n"
      "| shape | ternary weights | at 2 bits | at 1.6 bits | tables, FP16 | tables, int8 | 1.6 "
      "bits + "
      "int8 tables |\n|---|---|---|---|---|---|---|\n";
  for (const ModelConfig& model : presets) {
    const ModelMemory two = MemoryOf(model, 2, 16);
    const ModelMemory base3 = MemoryOf(model, 1.6, 8);
    text += fmt::format(
        "| {} | {:.3f} G | {:.3f} GB | {:.3f} GB | {:.3f} GB | {:.3f} GB | {:.3f} GB |\n",
        model.name, double(TernaryWeights(model)) / kGiga, two.weights / kGiga,
        base3.weights / kGiga, two.tables / kGiga, base3.tables / kGiga,
        (base3.weights + base3.tables) / kGiga);
  }
  return text;
}

}  // namespace

ModelMemory MemoryOf(const ModelConfig& model, double weight_bits, double table_bits) {
  const double tables = model.tied_head ? 1 : 2;
  return {double(TernaryWeights(model)) * weight_bits / 8,
          tables * model.vocab * model.hidden * table_bits / 8};
}

std::string PaperTables(const std::vector<PaperRun>& runs, const std::string& hw,
                        const std::vector<ModelConfig>& presets) {
  return kHeading + Memory(runs, hw) + Latency(runs, hw) + Energies() + Report2B4T(runs, hw) +
         Memories(presets);
}

}  // namespace ternfab::compare
