// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "host/cli/model_commands.h"
#include "host/cli/output.h"
#include "models/convert.h"

// `ternfab model convert`: between the formats.

namespace ternfab::cli {
namespace {

struct Options {
  std::string in, out, json;
  ConvertOptions convert;
};

/// Bytes of a file or of the files of a folder.
int64_t BytesOf(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(path, error)) return int64_t(fs::file_size(path, error));
  int64_t bytes = 0;
  for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    bytes += int64_t(it->file_size(error));
  }
  return bytes;
}

Expected<int> Convert(const Options& o) {
  Stopwatch watch;
  TF_ASSIGN_OR_RETURN(const ConvertReport report, ConvertModel(o.in, o.out, o.convert));
  const int64_t bytes = BytesOf(o.out);
  fmt::print("{}: {}, {} bytes\n", o.out, report.written, bytes);
  for (const std::string& line : report.lost) fmt::print("{}\n", line);
  Json json;
  json["command"] = "model convert";
  json["model"] = o.in;
  json["hw"] = nullptr;
  json["version"] = TERNFAB_VERSION;
  json["wall_seconds"] = watch.seconds();
  json["out"] = o.out;
  json["written"] = report.written;
  json["bytes"] = Figure(bytes, "B", kMeasured);
  json["lost"] = report.lost;
  TF_RETURN_IF_ERROR(WriteJson(o.json, json));
  return 0;
}

}  // namespace

void AddModelConvert(CLI::App& model, Action& action) {
  auto o = std::make_shared<Options>();
  CLI::App* convert = model.add_subcommand("convert", "a model in another format, bit for bit");
  convert->add_option("IN", o->in, "what --model takes")->required();
  convert->add_option("OUT", o->out, "a GGUF file, or the folder of a safetensors checkpoint")
      ->required();
  convert->add_option("--type", o->convert.type,
                      "I2_S (default for *.gguf), TQ1_0, TQ2_0 or safetensors (otherwise)");
  convert->add_flag("--ternarize", o->convert.ternarize,
                    "quantise the float weights of a model that is no BitNet by absmean");
  convert->add_option("--json", o->json, "write all figures to this file");
  convert->callback([o, &action] { action = [o] { return Convert(*o); }; });
}

}  // namespace ternfab::cli
