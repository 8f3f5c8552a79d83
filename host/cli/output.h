// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/error.h"

namespace ternfab::cli {

using Json = nlohmann::ordered_json;

/// How a figure was obtained; a figure derived from others carries the weakest of them.
inline constexpr const char* kMeasured = "measured";
inline constexpr const char* kSimulated = "simulated";
inline constexpr const char* kGiven = "given";
inline constexpr const char* kModelled = "modelled";

/// {"value", "unit", "evidence"}.
Json Figure(double value, const char* unit, const char* evidence);
Json Figure(int64_t value, const char* unit, const char* evidence);
/// A figure with nothing to measure: its value is null.
Json NoFigure(const char* unit, const char* evidence);
/// {"values", "unit", "evidence"}.
Json Figures(const std::vector<uint64_t>& values, const char* unit, const char* evidence);

/// A file that is complete or not there: written beside its path and renamed by Commit, removed
/// without it. A device or pipe is written as it is; a link keeps its name, its target is replaced.
class OutputFile {
 public:
  static Expected<OutputFile> Create(const std::string& path);
  OutputFile(OutputFile&&) = default;
  ~OutputFile();

  std::ostream& stream() { return *stream_; }
  /// Once, at the end. Errors: any write since the beginning failed.
  Expected<void> Commit();

 private:
  explicit OutputFile(const std::string& path)
      : path_(path), stream_(std::make_unique<std::ofstream>()) {}

  std::string path_, target_, partial_;  ///< partial_ == target_: nothing to rename or remove
  std::unique_ptr<std::ofstream> stream_;
};

Expected<void> WriteFile(const std::string& path, std::string_view bytes);
/// Whether `path` can be written, before the work whose result goes there. Nothing for "".
Expected<void> CheckWritable(const std::string& path);
/// Nothing for "".
Expected<void> WriteJson(const std::string& path, const Json& json);

/// Seconds since construction.
class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// "label [####......]  40%  12 s left".
std::string ProgressText(const std::string& label, int64_t done, int64_t all, double seconds);

/// A progress bar with the time left on standard error; silent where that is no terminal.
class ProgressBar {
 public:
  explicit ProgressBar(std::string label);
  ~ProgressBar();
  void Update(int64_t done, int64_t all);
  void Clear();

 private:
  std::string label_;
  bool terminal_;
  bool shown_ = false;
  Stopwatch watch_;
  double last_ = -1;
};

/// Text on standard output that grows while work goes on, with a progress bar below it on a
/// terminal. Lines are broken at words.
class LiveText {
 public:
  explicit LiveText(std::string label);
  void Add(std::string_view text);
  void Update(int64_t done, int64_t all);
  /// Ends the text and removes the bar.
  void Finish();

 private:
  void Redraw();

  std::string label_;
  bool terminal_;
  std::string line_;  ///< the last line so far; earlier ones stand on the terminal
  std::string bar_;
  Stopwatch watch_;
};

}  // namespace ternfab::cli
