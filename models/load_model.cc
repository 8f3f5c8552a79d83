// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

#include "models/model.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSynth = "synth:";
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

Expected<Model> LoadFolder(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".gguf") files.push_back(it->path());
  }
  if (error) return Fail("model {}: {}", folder.string(), error.message());
  if (files.size() != 1) {
    return Fail("model {}: the folder holds {} .gguf files: must be exactly one", folder.string(),
                files.size());
  }
  return LoadGguf(files[0]);
}

}  // namespace

Expected<Model> LoadModel(const std::string& name) {
  if (name == "tales") return LoadTales();
  if (name.starts_with(kSynth)) return LoadSynth(std::string_view(name).substr(kSynth.size()));
  std::error_code error;
  const fs::file_status status = fs::status(name, error);
  if (fs::is_directory(status)) return LoadFolder(name);
  if (fs::exists(status)) return LoadGguf(name);
  return Fail(
      "model {}: no such file: must be a GGUF file, a folder that holds one, tales, or "
      "synth:<config>[:seed]",
      name);
}

}  // namespace ternfab
