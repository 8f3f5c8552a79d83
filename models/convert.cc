// SPDX-License-Identifier: Apache-2.0
#include "models/convert.h"

#include <unistd.h>

#include <system_error>
#include <utility>

#include "models/convert_tokenizer.h"
#include "models/save_safetensors.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSafetensors = "safetensors";

bool IsGgufType(std::string_view type) {
  return type == "I2_S" || type == "TQ1_0" || type == "TQ2_0";
}

/// A new folder beside `path`, renamed to it by Commit and removed without.
class NewFolder {
 public:
  explicit NewFolder(const fs::path& path) : path_(path), partial_(path) {
    partial_ += fmt::format(".{}.tmp", getpid());
  }
  ~NewFolder() {
    std::error_code error;
    if (!partial_.empty()) fs::remove_all(partial_, error);
  }
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;

  const fs::path& partial() const { return partial_; }

  Expected<void> Create() const {
    std::error_code error;
    if (fs::exists(path_, error) &&
        !(fs::is_directory(path_, error) && fs::is_empty(path_, error))) {
      return Fail("{}: exists: must be a new or an empty folder", path_.string());
    }
    fs::create_directory(partial_, error);
    if (error) return Fail("{}: {}", path_.string(), error.message());
    return {};
  }

  Expected<void> Commit() {
    std::error_code error;
    fs::rename(partial_, path_, error);
    if (error) return Fail("{}: {}", path_.string(), error.message());
    partial_.clear();
    return {};
  }

 private:
  fs::path path_, partial_;
};

/// What the tables lose: Q8_0 and Q6_K are no types of safetensors.
void NoteTables(const Model& model, ConvertReport& report) {
  const auto note = [&](const char* name, const RowTable& table) {
    if (table.empty() || TableBlock(table.type()) == 1) return;
    report.lost.push_back(fmt::format("{}: {} is written as F32: the same values in more bytes",
                                      name, TableTypeName(table.type())));
  };
  note("embedding", model.embedding);
  note("head", model.untied_head);
}

Expected<ConvertReport> ToFolder(const Model& model, const std::string& in, fs::path out) {
  if (!out.has_filename()) out = out.parent_path();  // "folder/"
  NewFolder folder(out);
  TF_RETURN_IF_ERROR(folder.Create());
  ConvertReport report;
  if (auto saved = SaveSafetensors(model, folder.partial()); !saved) {
    return Fail("{}: {}", out.string(), saved.error().message);
  }
  NoteTables(model, report);
  TF_RETURN_IF_ERROR(CarryTokenizer(model, in, folder.partial(), report.lost));
  TF_RETURN_IF_ERROR(folder.Commit());
  report.written = "safetensors, packed U8 weights with direct scales";
  return report;
}

std::string_view ArchitectureFor(const ModelConfig& config) {
  if (config.activation == Activation::kRelu2) return "bitnet-b1.58";
  return config.sub_norms ? "bitnet" : "llama";
}

Expected<ConvertReport> ToGguf(const Model& model, const fs::path& out, const std::string& type) {
  const std::string architecture(ArchitectureFor(model.config));
  TF_RETURN_IF_ERROR(SaveGguf(model, out, {type, architecture}));
  ConvertReport report;
  report.written = fmt::format("GGUF, {} weights, architecture {}", type, architecture);
  if (const auto lost = TokenizerLostInGguf(model)) report.lost.push_back(*lost);
  return report;
}

}  // namespace

Expected<ConvertReport> ConvertModel(const std::string& in, const fs::path& out,
                                     const ConvertOptions& options) {
  std::string type = options.type;
  if (type.empty()) type = out.extension() == ".gguf" ? "I2_S" : kSafetensors;
  if (type != kSafetensors && !IsGgufType(type)) {
    return Fail("type {}: must be I2_S, TQ1_0, TQ2_0 or safetensors", type);
  }
  TF_ASSIGN_OR_RETURN(const Model model, LoadModel(in, LoadOptions{options.ternarize}));
  TF_ASSIGN_OR_RETURN(ConvertReport report,
                      type == kSafetensors ? ToFolder(model, in, out) : ToGguf(model, out, type));
  if (options.ternarize) {
    report.lost.insert(report.lost.begin(),
                       "weights: quantised by absmean, which the model was not trained for");
  }
  return report;
}

}  // namespace ternfab
