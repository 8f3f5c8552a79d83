// SPDX-License-Identifier: Apache-2.0
// Input: config.json and one safetensors file, or config.json, an index and the files
// a.safetensors, b.safetensors, ... that it may name. A safetensors file that begins with its JSON
// is that, a NUL and the data: it gets the length of the JSON put before it in place of the NUL, so
// that changes of the text do not break it.
#include <algorithm>

#include "models/hf_config.h"
#include "models/safetensors_model.h"
#include "models/safetensors_reader.h"
#include "tests/fuzz/fuzz.h"

namespace ternfab::fuzz {
namespace {

Expected<SafetensorsMap> ParseFile(const std::string& name, std::string_view bytes) {
  std::string file(bytes);
  if (file.starts_with('{')) {
    const uint64_t header = std::min(file.find('\0'), file.size());
    if (header < file.size()) file.erase(header, 1);
    file.insert(0, reinterpret_cast<const char*>(&header), sizeof(header));
  }
  return ParseSafetensors(name, InMemory(file));
}

Expected<SafetensorsMap> ParseFiles(const std::vector<std::string_view>& files) {
  if (files.size() == 2) return ParseFile("model.safetensors", files[1]);
  return ReadSafetensorsIndex(files[1], "model.safetensors.index.json",
                              [&](const std::string& name) -> Expected<SafetensorsMap> {
                                const size_t i =
                                    name.ends_with(".safetensors") ? size_t(name[0] - 'a') + 2 : 0;
                                if (i < 2 || i >= files.size()) return Fail("no such file");
                                return ParseFile(name, files[i]);
                              });
}

}  // namespace
}  // namespace ternfab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ternfab;
  const auto files = fuzz::SplitFiles({reinterpret_cast<const char*>(data), size});
  if (files.size() < 2) return -1;
  const auto tensors = fuzz::ParseFiles(files);
  if (!tensors) return fuzz::CheckError(tensors.error()), 0;
  const auto config = ReadHfConfig(files[0], "config.json", "name");
  if (!config) return fuzz::CheckError(config.error()), 0;
  for (const bool ternarize : {false, true}) {
    const auto model = BuildHfModel(*config, *tensors, "folder", {.ternarize = ternarize});
    model ? fuzz::UseModel(*model) : fuzz::CheckError(model.error());
  }
  return 0;
}
