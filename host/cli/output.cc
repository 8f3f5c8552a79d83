// SPDX-License-Identifier: Apache-2.0
#include "host/cli/output.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

namespace ternfab::cli {

Json Figure(double value, const char* unit, const char* evidence) {
  if (!std::isfinite(value)) return NoFigure(unit, evidence);
  return {{"value", value}, {"unit", unit}, {"evidence", evidence}};
}

Json Figure(int64_t value, const char* unit, const char* evidence) {
  return {{"value", value}, {"unit", unit}, {"evidence", evidence}};
}

Json NoFigure(const char* unit, const char* evidence) {
  return {{"value", nullptr}, {"unit", unit}, {"evidence", evidence}};
}

Json Figures(const std::vector<uint64_t>& values, const char* unit, const char* evidence) {
  return {{"values", values}, {"unit", unit}, {"evidence", evidence}};
}

Expected<OutputFile> OutputFile::Create(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  OutputFile file(path);
  if (fs::exists(path, error) && !fs::is_regular_file(path, error)) {
    file.partial_ = file.target_ = path;
  } else {
    const fs::path linked = fs::canonical(path, error);
    file.target_ = error ? path : linked.string();
    file.partial_ = fmt::format("{}.{}.partial", file.target_, getpid());
  }
  file.stream_->open(file.partial_, std::ios::binary);
  if (!*file.stream_) return Fail("{}: cannot be written", path);
  return file;
}

OutputFile::~OutputFile() {
  if (!stream_ || partial_ == target_) return;
  stream_->close();
  std::error_code error;
  std::filesystem::remove(partial_, error);
}

Expected<void> OutputFile::Commit() {
  stream_->close();
  std::error_code error;
  if (*stream_ && partial_ != target_) std::filesystem::rename(partial_, target_, error);
  if (!*stream_ || error) return Fail("{}: cannot be written", path_);
  partial_ = target_;
  return {};
}

Expected<void> WriteFile(const std::string& path, std::string_view bytes) {
  TF_ASSIGN_OR_RETURN(OutputFile file, OutputFile::Create(path));
  file.stream().write(bytes.data(), std::streamsize(bytes.size()));
  return file.Commit();
}

Expected<void> CheckWritable(const std::string& path) {
  if (path.empty()) return {};
  const auto file = OutputFile::Create(path);  // removed again
  if (!file) return tl::unexpected<Error>(file.error());
  return {};
}

Expected<void> WriteJson(const std::string& path, const Json& json) {
  if (path.empty()) return {};
  return WriteFile(path, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::string ProgressText(const std::string& label, int64_t done, int64_t all, double seconds) {
  constexpr int kWidth = 30;
  const double share = all > 0 ? std::min(1.0, double(done) / double(all)) : 0;
  const int filled = int(share * kWidth);
  const double left = share > 0 ? seconds / share - seconds : 0;
  return fmt::format("{} [{}{}] {:3.0f}%  {:.0f} s left", label, std::string(filled, '#'),
                     std::string(kWidth - filled, '.'), share * 100, left);
}

ProgressBar::ProgressBar(std::string label)
    : label_(std::move(label)), terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() { Clear(); }

void ProgressBar::Clear() {
  if (shown_) fmt::print(stderr, "\r\033[K");
  shown_ = false;
}

void ProgressBar::Update(int64_t done, int64_t all) {
  if (!terminal_) return;
  const double now = watch_.seconds();
  if (now - last_ < 0.2 && done < all) return;
  last_ = now;
  fmt::print(stderr, "\r\033[K{}", ProgressText(label_, done, all, now));
  std::fflush(stderr);
  shown_ = true;
}

LiveText::LiveText(std::string label)
    : label_(std::move(label)), terminal_(isatty(STDOUT_FILENO) == 1) {}

void LiveText::Add(std::string_view text) {
  constexpr size_t kColumns = 96;
  if (!terminal_) {
    fmt::print("{}", text);
    std::fflush(stdout);
    return;
  }
  line_ += text;
  while (true) {
    size_t end = line_.find('\n');
    if (end == std::string::npos && line_.size() > kColumns) end = line_.rfind(' ', kColumns);
    if (end == std::string::npos) break;
    fmt::print("\r\033[K{}\n", line_.substr(0, end));
    line_.erase(0, end + 1);
  }
  Redraw();
}

void LiveText::Update(int64_t done, int64_t all) {
  bar_ = ProgressText(label_, done, all, watch_.seconds());
  if (terminal_) Redraw();
}

/// The line so far, the bar one line below, the cursor back at the line's beginning.
void LiveText::Redraw() {
  fmt::print("\r\033[K{}\n\033[K{}\033[1A\r", line_, bar_);
  std::fflush(stdout);
}

void LiveText::Finish() {
  if (terminal_) fmt::print("\r\033[K{}\n\033[K\n", line_);
  if (!terminal_) fmt::print("\n\n");
}

}  // namespace ternfab::cli
