// SPDX-License-Identifier: Apache-2.0
// Input: the files of a checkpoint's tokenizer in the order of kFiles, an empty one for one that is
// not there; or a GGUF file, whose metadata hold a tokenizer.
#include <filesystem>

#include "models/gguf_reader.h"
#include "models/gguf_tokenizer.h"
#include "models/hf_tokenizer.h"
#include "models/sentencepiece_data.h"
#include "tests/common/temp_folder.h"
#include "tests/fuzz/fuzz.h"

namespace ternfab::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFiles[] = {"tokenizer.json", "tokenizer.model", "tokenizer_config.json",
                                  "generation_config.json", "chat_template.jinja"};
constexpr int kVocab = 4096;

void Use(const Expected<std::shared_ptr<const Tokenizer>>& tokenizer) {
  tokenizer ? UseTokenizer(**tokenizer) : CheckError(tokenizer.error());
}

/// The files of one input in the place of those of the one before.
void Replace(const testing::TempFolder& folder, const std::vector<std::string_view>& files) {
  for (size_t i = 0; i < std::size(kFiles); ++i) {
    if (i < files.size() && !files[i].empty()) {
      folder.Write(kFiles[i], files[i]);
    } else {
      fs::remove(folder.path() / kFiles[i]);
    }
  }
}

void UseSentencePiece(std::string_view bytes) {
  const std::vector<char> copy(bytes.begin(), bytes.end());
  auto data = ParseSentencePiece({copy.data(), copy.size()});
  if (!data) return CheckError(data.error());
  Use(MakeSentencePieceTokenizer(std::move(*data)));
}

}  // namespace
}  // namespace ternfab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ternfab;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.starts_with(kGgufMagic)) {
    const auto file = GgufFile::Parse("model.gguf", fuzz::InMemory(input));
    file ? fuzz::Use(ReadGgufTokenizer(*file, fuzz::kVocab)) : fuzz::CheckError(file.error());
    return 0;
  }
  const auto files = fuzz::SplitFiles(input);
  if (files.size() > 1 && files[0].empty()) fuzz::UseSentencePiece(files[1]);
  static const testing::TempFolder folder;
  fuzz::Replace(folder, files);
  fuzz::Use(LoadHfTokenizer(folder.path()));
  return 0;
}
