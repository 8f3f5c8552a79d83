// SPDX-License-Identifier: Apache-2.0
#include "sim/tools.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace ternfab {

std::string CacheFolder() {
  if (const char* folder = std::getenv("TERNFAB_CACHE")) return folder;
  if (const char* folder = std::getenv("XDG_CACHE_HOME")) return std::string(folder) + "/ternfab";
  if (const char* folder = std::getenv("HOME")) return std::string(folder) + "/.cache/ternfab";
  return (std::filesystem::temp_directory_path() / "ternfab-cache").string();
}

uint64_t HashText(uint64_t hash, std::string_view text) {
  constexpr uint64_t kFnvPrime = 0x100000001b3;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * kFnvPrime;
  return hash;
}

std::string Quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string FirstLine(const std::string& command) {
  FILE* pipe = popen((command + " 2>/dev/null").c_str(), "r");
  if (!pipe) return "";
  char line[512] = "";
  if (!fgets(line, sizeof line, pipe)) line[0] = '\0';
  pclose(pipe);
  std::string text = line;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace ternfab
