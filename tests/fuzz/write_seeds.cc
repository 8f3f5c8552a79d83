// SPDX-License-Identifier: Apache-2.0
// usage: write_seeds OUT TEST_DATA
// Writes OUT/<target>/<name> for every target: small valid inputs from which the fuzzers start.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "codegen/spec.h"
#include "common/check.h"
#include "models/random.h"
#include "models/sentencepiece_data.h"
#include "tests/fuzz/fuzz.h"
#include "tests/models/gguf_builder.h"
#include "tests/models/safetensors_builder.h"

namespace ternfab::fuzz {
namespace {

namespace fs = std::filesystem;
using testing::Checkpoint;
using testing::GgufBuilder;
using testing::TinyShape;

std::string Read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Seeds {
 public:
  explicit Seeds(fs::path out) : out_(std::move(out)) {}

  void Add(const std::string& target, const std::string& name, std::string_view bytes) const {
    fs::create_directories(out_ / target);
    std::ofstream file(out_ / target / name, std::ios::binary);
    TF_CHECK(!bytes.empty() && file << bytes, "{}", name);
  }

  /// Several files as one input.
  void AddFiles(const std::string& target, const std::string& name,
                const std::vector<std::string>& files) const {
    std::string bytes = files[0];
    for (size_t i = 1; i < files.size(); ++i) (bytes += kNextFile) += files[i];
    Add(target, name, bytes);
  }

 private:
  fs::path out_;
};

TinyShape Smallest() {
  TinyShape shape;
  shape.hidden = 16, shape.ffn = 16, shape.layers = 1;
  shape.heads = 2, shape.kv_heads = 1, shape.head_dim = 8, shape.vocab = 4;
  return shape;
}

void AddBpe(GgufBuilder& file, const std::string& pre) {
  file.Str("tokenizer.ggml.model", "gpt2");
  file.Str("tokenizer.ggml.pre", pre);
  file.Strings("tokenizer.ggml.tokens", {"a", "b", "ab", "<s>"});
  file.Ints("tokenizer.ggml.token_type", {1, 1, 4, 3});
  file.Strings("tokenizer.ggml.merges", {"a b"});
  file.U32("tokenizer.ggml.bos_token_id", 3);
  file.U32("tokenizer.ggml.eos_token_id", 3);
  file.Bool("tokenizer.ggml.add_bos_token", true);
  file.Str("tokenizer.chat_template", "{{ x }}");
}

void AddSentencePiece(GgufBuilder& file) {
  file.Str("tokenizer.ggml.model", "llama");
  file.Strings("tokenizer.ggml.tokens", {"<unk>", "<s>", "a", "\u2581"});
  file.Ints("tokenizer.ggml.token_type", {2, 3, 1, 1});
  std::string scores = testing::Raw(uint32_t(6)) + testing::Raw(uint64_t(4));
  for (const float score : {0.0f, 0.0f, -1.0f, -2.0f}) scores += testing::Raw(score);
  file.keys.push_back({"tokenizer.ggml.scores", 9, scores});
  file.U32("tokenizer.ggml.bos_token_id", 1);
  file.Bool("tokenizer.ggml.add_space_prefix", true);
}

/// Gives a tensor other bytes: `count` of them, random but for the finite scales that they hold.
void Retype(GgufBuilder& file, const char* name, uint32_t type, size_t block_bytes, size_t blocks,
            size_t scale_at) {
  GgufBuilder::Tensor& tensor = file.FindTensor(name);
  Random random(1, blocks);
  tensor.type = type;
  tensor.bytes.clear();
  for (size_t block = 0; block < blocks; ++block) {
    std::string bytes;
    while (bytes.size() < block_bytes) bytes += char(random.Next() & 0xaa);  // no code 3
    bytes.replace(scale_at, 2, testing::Raw(uint16_t(0x3000)));
    tensor.bytes += bytes;
  }
}

/// Blocks of 256 along the rows: TQ1_0, TQ2_0, Q6_K and Q8_0.
GgufBuilder BlockTypes() {
  TinyShape shape = Smallest();
  shape.hidden = 256, shape.ffn = 4, shape.heads = shape.kv_heads = 1, shape.head_dim = 2;
  shape.architecture = "bitnet", shape.tied = false, shape.vocab = 3;
  GgufBuilder file = testing::TinyModel(shape);
  Retype(file, "token_embd.weight", 14, 210, 3, 208);
  Retype(file, "output.weight", 8, 34, 24, 0);
  Retype(file, "blk.0.attn_q.weight", 34, 54, 2, 52);
  Retype(file, "blk.0.attn_k.weight", 35, 66, 2, 64);
  Retype(file, "blk.0.ffn_up.weight", 35, 66, 4, 64);
  file.tensors.push_back({"blk.0.ffn_up.scale", {1}, 0, testing::Raw(0.25f)});
  return file;
}

void WriteGguf(const Seeds& seeds) {
  for (const char* architecture : {"bitnet-b1.58", "bitnet", "llama"}) {
    TinyShape shape = Smallest();
    shape.architecture = architecture;
    shape.sub_norms = shape.tied = shape.architecture != "llama";
    GgufBuilder file = testing::TinyModel(shape);
    shape.sub_norms ? AddBpe(file, "llama-bpe") : AddSentencePiece(file);
    seeds.Add("gguf", architecture, file.Bytes());
  }
  seeds.Add("gguf", "blocks", BlockTypes().Bytes());
  TinyShape shape = Smallest();
  shape.architecture = "llama", shape.sub_norms = false;
  GgufBuilder plain = testing::TinyModel(shape);
  for (GgufBuilder::Tensor& tensor : plain.tensors) {
    if (tensor.type != 36) continue;
    tensor.type = 30;  // BF16
    tensor.bytes = std::string(tensor.dims[0] * tensor.dims[1] * 2, '\x3c');
  }
  seeds.Add("gguf", "plain", plain.Bytes());
}

/// The header and the data of a file, without the header's length.
std::string WithoutLength(const Checkpoint& checkpoint) {
  std::string bytes = checkpoint.file.Bytes().substr(sizeof(uint64_t));
  return bytes.insert(bytes.find("}}") + 2, 1, '\0');
}

Checkpoint Masters() {
  Checkpoint out = testing::TinyCheckpoint(Smallest());
  std::erase_if(out.file.tensors, [](const auto& t) { return t.name.ends_with("weight_scale"); });
  for (auto& tensor : out.file.tensors) {
    if (tensor.dtype != "U8") continue;
    tensor.dtype = "BF16";
    tensor.shape[0] *= 4;
    tensor.bytes = std::string(size_t(tensor.shape[0] * tensor.shape[1]) * 2, '\x3c');
  }
  out.config["quantization_config"]["quantization_mode"] = "online";
  return out;
}

void WriteSafetensors(const Seeds& seeds) {
  TinyShape shape = Smallest();
  shape.sub_norms = shape.tied = false;
  const Checkpoint untied = testing::TinyCheckpoint(shape), masters = Masters();
  const Checkpoint direct = testing::TinyCheckpoint(Smallest());
  seeds.AddFiles("safetensors", "length", {untied.config.dump(), untied.file.Bytes()});
  seeds.AddFiles("safetensors", "direct", {direct.config.dump(), WithoutLength(direct)});
  seeds.AddFiles("safetensors", "masters", {masters.config.dump(), WithoutLength(masters)});
  Checkpoint plain = masters;
  plain.config.erase("quantization_config");
  plain.config["model_type"] = "llama";
  std::erase_if(plain.file.tensors,
                [](const auto& t) { return t.name.find("sub_norm") != std::string::npos; });
  seeds.AddFiles("safetensors", "plain", {plain.config.dump(), WithoutLength(plain)});
  Checkpoint parts[2];
  nlohmann::json map;
  for (size_t i = 0; i < direct.file.tensors.size(); ++i) {
    parts[i % 2].file.tensors.push_back(direct.file.tensors[i]);
    map[direct.file.tensors[i].name] = i % 2 == 0 ? "a.safetensors" : "b.safetensors";
  }
  seeds.AddFiles("safetensors", "index",
                 {direct.config.dump(), nlohmann::json({{"weight_map", map}}).dump(),
                  WithoutLength(parts[0]), WithoutLength(parts[1])});
}

void WriteConfig(const Seeds& seeds, const fs::path& data) {
  seeds.Add("config", "trained", Read(data / "shortT/hf_offline_packed/config.json"));
  nlohmann::json json = testing::TinyCheckpoint().config;
  seeds.Add("config", "direct", json.dump());
  json["quantization_config"] = {{"quant_method", "bitnet"},
                                 {"linear_class", "bitlinear"},
                                 {"modules_to_not_convert", {"lm_head"}},
                                 {"use_rms_norm", false}};
  json["rope_parameters"] = {{"rope_type", "default"}, {"rope_theta", 500000.0}};
  seeds.Add("config", "reciprocal", json.dump());
  json.erase("quantization_config");
  json.erase("head_dim");
  json["architectures"] = {"BitnetForCausalLM"};
  json["model_type"] = "llama";
  json["weight_bits"] = 1;
  json["rope_scaling"] = nullptr;
  json["attention_bias"] = json["mlp_bias"] = false;
  seeds.Add("config", "masters", json.dump(2));
}

/// A tokenizer.json with few of its tokens: the fewer, the more inputs a second.
std::string Shortened(const fs::path& path) {
  auto json = nlohmann::json::parse(Read(path));
  constexpr int kTokens = 24;
  nlohmann::json vocab, merges = nlohmann::json::array();
  for (const auto& [text, id] : json["model"]["vocab"].items()) {
    if (id < kTokens) vocab[text] = id;
  }
  for (int i = 0; i < kTokens; ++i) merges.push_back(json["model"]["merges"][i]);
  for (size_t i = 0; i < json["added_tokens"].size(); ++i) {
    json["added_tokens"][i]["id"] = kTokens + i;
  }
  json["model"]["vocab"] = vocab;
  json["model"]["merges"] = merges;
  return json.dump();
}

SentencePieceData Pieces(bool bpe) {
  SentencePieceData data;
  data.bpe = bpe;
  data.pieces = {{"<unk>", 0, kUnknownToken}, {"<s>", 0, kControlToken},
                 {"</s>", 0, kControlToken},  {"\u2581", -9, kNormalToken},
                 {"ab", -1, kNormalToken},    {"a", -8, kNormalToken},
                 {"b", -9, kNormalToken},     {"c", -2, kUserDefinedToken}};
  return data;
}

void WriteTokenizers(const Seeds& seeds, const fs::path& data) {
  for (const char* name : {"llama3", "gpt2", "falcon"}) {
    const fs::path folder = data / "tokenizers" / name;
    seeds.AddFiles(
        "tokenizer", name,
        {Shortened(folder / "tokenizer.json"), "", Read(folder / "tokenizer_config.json"),
         Read(folder / "generation_config.json"), "{{ bos_token }}"});
  }
  const std::string config = R"({"bos_token": "<s>", "eos_token": {"content": "</s>"},
    "add_bos_token": true, "added_tokens_decoder": {"8": {"content": "<x>", "special": true}}})";
  seeds.AddFiles("tokenizer", "bpe", {"", SerializeSentencePiece(Pieces(true)), config});
  seeds.AddFiles("tokenizer", "unigram", {"", SerializeSentencePiece(Pieces(false)), config});
  seeds.AddFiles("tokenizer", "bytes",
                 {"", Read(data / "tokenizers/sentencepiece-bpe/tokenizer.model")});
  GgufBuilder bpe, pieces;
  AddBpe(bpe, "default");
  AddSentencePiece(pieces);
  seeds.Add("tokenizer", "gguf-bpe", bpe.Bytes());
  seeds.Add("tokenizer", "gguf-sentencepiece", pieces.Bytes());
}

void WriteSpecs(const Seeds& seeds) {
  for (const std::string& name : SpecPresetNames()) {
    seeds.Add("spec", name, SpecPresetYaml(name));
    seeds.Add("spec", name + "-plain", ToYaml(*FindSpec(name)));
  }
}

}  // namespace
}  // namespace ternfab::fuzz

int main(int argc, char** argv) {
  using namespace ternfab::fuzz;
  TF_CHECK(argc == 3, "usage: write_seeds OUT TEST_DATA");
  const Seeds seeds(argv[1]);
  WriteGguf(seeds);
  WriteSafetensors(seeds);
  WriteConfig(seeds, argv[2]);
  WriteTokenizers(seeds, argv[2]);
  WriteSpecs(seeds);
  seeds.Add("fault", "one", "x");
}
