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

Expected<void> WriteFile(const std::string& path, std::string_view bytes) {
  const std::string partial = fmt::format("{}.{}.partial", path, getpid());
  std::ofstream file(partial, std::ios::binary);
  file.write(bytes.data(), std::streamsize(bytes.size()));
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(partial, path, error);
  if (!file || error) {
    std::filesystem::remove(partial, error);
    return Fail("{}: cannot be written", path);
  }
  return {};
}

Expected<void> WriteJson(const std::string& path, const Json& json) {
  if (path.empty()) return {};
  return WriteFile(path, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::string ValidUtf8(std::string_view bytes) {
  std::string out;
  for (size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const size_t n = lead < 0x80                   ? 1
                     : lead >= 0xf0 && lead < 0xf8 ? 4
                     : lead >= 0xe0                ? 3
                     : lead >= 0xc2                ? 2
                                                   : 0;
    size_t good = n ? 1 : 0;
    while (good && good < n && i + good < bytes.size() &&
           (static_cast<unsigned char>(bytes[i + good]) & 0xc0) == 0x80) {
      ++good;
    }
    if (n && good == n) {
      out.append(bytes.substr(i, n));
      i += n;
    } else if (n && i + good == bytes.size()) {
      break;  // incomplete at the end
    } else {
      out += "\xef\xbf\xbd";
      i += std::max<size_t>(good, 1);
    }
  }
  return out;
}

ProgressBar::ProgressBar(std::string label)
    : label_(std::move(label)), terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() { Clear(); }

void ProgressBar::Clear() {
  if (shown_) fmt::print(stderr, "\r\033[K");
  shown_ = false;
}

void ProgressBar::Update(int64_t done, int64_t all) {
  if (!terminal_ || all <= 0) return;
  const double now = watch_.seconds();
  if (now - last_ < 0.2 && done < all) return;
  last_ = now;
  const double share = std::min(1.0, double(done) / double(all));
  const int filled = int(share * 30);
  const double left = share > 0 ? now / share - now : 0;
  fmt::print(stderr, "\r\033[K{} [{}{}] {:3.0f}%  {:.0f} s left", label_, std::string(filled, '#'),
             std::string(30 - filled, '.'), share * 100, left);
  std::fflush(stderr);
  shown_ = true;
}

}  // namespace ternfab::cli
