// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "codegen/build_program.h"
#include "host/cli/commands.h"
#include "host/cli/output.h"
#include "host/cli/simulate.h"
#include "host/cpu/device_model.h"

// `ternfab demo`: the shipped model writes a tale on the RTL of a preset, checked instruction by
// instruction, and the CPU writes it too.

namespace ternfab::cli {
namespace {

struct DemoOptions {
  std::string hw = "kv260";
  std::string prompt = "A hungry wolf came one night to the door of a hut";
  int tokens = 64;
};

void PrintHeading(const Model& model, const HardwareSpec& spec) {
  const ModelConfig& c = model.config;
  fmt::print(
      "model     {}: BitNet b1.58, {} layers, d {}, ffn {}, {}/{} heads, {:.2f} M ternary "
      "weights\n",
      c.name, c.layers, c.hidden, c.ffn, c.heads, c.kv_heads, double(TernaryWeights(c)) / 1e6);
  fmt::print(
      "hardware  {}: {} engines x {} lanes x batch {}, {} fp32 lanes, {} x {} bit at {} MHz "
      "(clock given)\n\n",
      spec.name, spec.engine.count, spec.engine.lanes, spec.engine.batch, spec.vector.lanes,
      spec.memory.ports, spec.memory.width_bits, spec.clock_mhz);
}

void PrintResult(const HardwareSpec& spec, const SimulatedRun& run, size_t tokens) {
  const RunSummary& s = run.summary;
  fmt::print("\nidentical: {} tokens, {} instructions checked\n\n", tokens, run.instructions);
  const double cycles = spec.clock_mhz * 1e6 / s.decode_rate;
  fmt::print("cycles a token      {:>12.0f}   simulated (mean of the decode steps)\n", cycles);
  fmt::print("decode              {:>12.1f}   tokens/s, simulated, at the given {} MHz\n",
             s.decode_rate, spec.clock_mhz);
  fmt::print("prefill             {:>12.1f}   tokens/s, simulated, batch of {}\n", s.prefill_rate,
             spec.engine.batch);
  fmt::print("memory roofline     {:>11.1f}%   of the ports' beats carry weights, simulated\n",
             100 * s.utilisation);
  fmt::print("simulator           {:>12.0f}   cycles/s, measured on this machine\n",
             run.cycles_per_second);
}

Expected<int> Demo(const DemoOptions& o) {
  TF_ASSIGN_OR_RETURN(const HardwareSpec spec, FindSpec(o.hw));
  TF_ASSIGN_OR_RETURN(const Model model, LoadModel("tales"));
  TF_ASSIGN_OR_RETURN(const Program program, BuildProgram(model, spec));
  PromptOptions options;
  options.prompt = o.prompt;
  options.tokens = o.tokens;
  TF_ASSIGN_OR_RETURN(const Prompt prompt, MakePrompt(options, model, program.context));
  PrintHeading(model, spec);
  rtl::SimulationOptions simulation;
  simulation.check = true;
  simulation.on_build = [](const std::string& name) {
    fmt::print("generating {} and building it with Verilator, once (a minute or two) ...\n\n",
               name);
    std::fflush(stdout);
  };
  ProgressBar build_bar("compiling");
  simulation.on_build_progress = [&](int64_t done, int64_t all) { build_bar.Update(done, all); };
  LiveText text("simulating");
  bool begun = false;
  TF_ASSIGN_OR_RETURN(const SimulatedRun run, SimulateGeneration(
                                                  spec, program, prompt, o.tokens, simulation,
                                                  [&](int id) {
                                                    build_bar.Clear();
                                                    text.Add((begun ? "" : "RTL   " + o.prompt) +
                                                             model.tokenizer->TokenBytes(id));
                                                    begun = true;
                                                  },
                                                  [&](int64_t done, int64_t all) {
                                                    build_bar.Clear();
                                                    text.Update(done, all);
                                                  }));
  text.Finish();
  if (run.mismatch) {
    fmt::print(stderr, "ternfab: {}\n", *run.mismatch);
    return 1;
  }
  const auto cpu = MakeEmulatedDevice(program);
  TF_ASSIGN_OR_RETURN(const Generated generated,
                      GenerateGreedy(*cpu, prompt, o.tokens, [](int) {}));
  fmt::print("CPU   {}{}\n", o.prompt, TextOf(model, generated.ids));
  if (generated.ids != run.ids) {
    fmt::print(stderr, "ternfab: the CPU's tokens differ from the RTL's\n");
    return 1;
  }
  PrintResult(spec, run, run.ids.size());
  return 0;
}

}  // namespace

void AddDemo(CLI::App& app, Action& action) {
  auto o = std::make_shared<DemoOptions>();
  CLI::App* command =
      app.add_subcommand("demo", "the shipped model writes a tale on generated RTL and on the CPU");
  command->add_option("--hw", o->hw, "preset or spec file")->capture_default_str();
  command->add_option("--prompt", o->prompt, "beginning of the tale")->capture_default_str();
  command->add_option("--tokens", o->tokens, "tokens to generate")->capture_default_str();
  command->callback([o, &action] { action = [o] { return Demo(*o); }; });
}

}  // namespace ternfab::cli
