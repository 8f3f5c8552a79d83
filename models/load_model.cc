// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

#include "models/load_options.h"
#include "models/model.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSynth = "synth:";
constexpr std::string_view kIndexSuffix = ".safetensors.index.json";
constexpr std::string_view kTalesFile = "models/tales/tales.gguf";

Expected<Model> LoadSynth(std::string_view rest) {
  const size_t colon = rest.find(':');
  TF_ASSIGN_OR_RETURN(const ModelConfig config, FindModelPreset(rest.substr(0, colon)));
  uint64_t seed = 0;
  if (colon != std::string_view::npos) {
    const std::string_view text = rest.substr(colon + 1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
    if (error != std::errc() || end != text.data() + text.size()) {
      return Fail("model synth:{}: seed = {}: must be an integer from 0 to 2^64 - 1", rest, text);
    }
  }
  return SynthesizeModel(config, seed);
}

/// Folders that may hold the shipped files, the most specific first.
std::vector<fs::path> ShareFolders() {
  std::vector<fs::path> folders;
  if (const char* share = std::getenv("TERNFAB_SHARE"); share != nullptr && *share != '\0') {
    folders.emplace_back(share);
  }
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    folders.push_back(program.parent_path().parent_path() / "share/ternfab");
    fs::path folder = program.parent_path();
    for (; folder != folder.root_path(); folder = folder.parent_path()) folders.push_back(folder);
  }
  folders.emplace_back(TF_SOURCE_DIR);
  return folders;
}

Expected<Model> LoadTales() {
  const std::vector<fs::path> folders = ShareFolders();
  for (const fs::path& folder : folders) {
    std::error_code error;
    if (fs::is_regular_file(folder / kTalesFile, error)) return LoadGguf(folder / kTalesFile);
  }
  return Fail(
      "model tales: {} not found in {}, around the program, nor in {} (TERNFAB_SHARE names "
      "the folder that holds it)",
      kTalesFile, folders.front().string(), folders.back().string());
}

/// The file to load from a checkpoint's folder: an index of safetensors files, else the only one of
/// its kind.
Expected<fs::path> FindInFolder(const fs::path& folder) {
  std::vector<fs::path> gguf, safetensors, indices;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.ends_with(".gguf")) gguf.push_back(it->path());
    if (name.ends_with(".safetensors")) safetensors.push_back(it->path());
    if (name.ends_with(kIndexSuffix)) indices.push_back(it->path());
  }
  if (error) return Fail("model {}: {}", folder.string(), error.message());
  if (indices.size() == 1 && gguf.empty()) return indices[0];
  if (indices.empty() && gguf.size() + safetensors.size() == 1) {
    return gguf.empty() ? safetensors[0] : gguf[0];
  }
  return Fail(
      "model {}: the folder holds {} .gguf files, {} .safetensors files and {} indices of these: "
      "must be one index or exactly one file",
      folder.string(), gguf.size(), safetensors.size(), indices.size());
}

Expected<Model> LoadFile(const fs::path& path, const LoadOptions& options) {
  const std::string name = path.string();
  const bool safetensors = name.ends_with(".safetensors") || name.ends_with(kIndexSuffix);
  return safetensors ? LoadSafetensors(path, options) : LoadGguf(path, options);
}

}  // namespace

Expected<Model> LoadModel(const std::string& name, const LoadOptions& options) {
  std::error_code error;
  const bool made = name == "tales" || name.starts_with(kSynth);
  if (made && options.ternarize) return Fail("model {}: is ternary already", name);
  if (name == "tales") return LoadTales();
  if (made) return LoadSynth(std::string_view(name).substr(kSynth.size()));
  const fs::file_status status = fs::status(name, error);
  if (fs::is_directory(status)) {
    TF_ASSIGN_OR_RETURN(const fs::path file, FindInFolder(name));
    return LoadFile(file, options);
  }
  if (fs::exists(status)) return LoadFile(name, options);
  return Fail(
      "model {}: no such file: must be a GGUF or safetensors file, a folder that holds one, tales, "
      "or synth:<config>[:seed]",
      name);
}

Expected<Model> LoadModel(const std::string& name) { return LoadModel(name, {false}); }

}  // namespace ternfab
