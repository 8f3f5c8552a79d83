// SPDX-License-Identifier: Apache-2.0
#include "codegen/rtl_order.h"

#include <cctype>
#include <map>
#include <set>

#include "codegen/embedded.h"
#include "common/check.h"

namespace ternfab {
namespace {

/// `text` with comments and strings replaced by nothing.
std::string CodeOf(const std::string& text) {
  std::string code;
  for (size_t i = 0; i < text.size();) {
    size_t end = std::string::npos;  // of what is left out
    if (text.compare(i, 2, "//") == 0) {
      end = text.find('\n', i);
    } else if (text.compare(i, 2, "/*") == 0) {
      end = text.find("*/", i + 2);
      if (end != std::string::npos) end += 2;
    } else if (text[i] == '"') {
      end = text.find('"', i + 1);
      if (end != std::string::npos) end += 1;
    } else {
      code += text[i++];
      continue;
    }
    i = end == std::string::npos ? text.size() : end;
  }
  return code;
}

bool IsWord(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)); }

class Closure {
 public:
  explicit Closure(const std::vector<RtlFile>& generated) {
    for (const EmbeddedText& file : EmbeddedRtl()) {
      const size_t start = file.path.rfind('/') + 1;
      const size_t stop = file.path.rfind('.');
      texts_[std::string(file.path.substr(start, stop - start))] = file.text;
    }
    for (const RtlFile& file : generated) texts_[file.name] = file.text;
  }

  void Visit(const std::string& name) {
    const auto it = texts_.find(name);
    if (it == texts_.end() || done_.count(name) != 0) return;
    TF_CHECK(open_.insert(name).second, "{} needs itself", name);
    for (const std::string& other : RtlReferences(it->second)) {
      if (other != name) Visit(other);
    }
    open_.erase(name);
    done_.insert(name);
    files.push_back({name, it->second});
  }

  std::vector<RtlFile> files;

 private:
  std::map<std::string, std::string> texts_;
  std::set<std::string> open_, done_;
};

}  // namespace

std::vector<std::string> RtlReferences(const std::string& text) {
  const std::string code = CodeOf(text);
  std::set<std::string> names;
  for (size_t i = code.find("tf_"); i != std::string::npos; i = code.find("tf_", i)) {
    size_t end = i;
    while (end < code.size() && IsWord(code[end])) ++end;
    if (i == 0 || !IsWord(code[i - 1])) names.insert(code.substr(i, end - i));
    i = end;
  }
  return {names.begin(), names.end()};
}

std::vector<RtlFile> RtlClosure(const std::string& top, const std::vector<RtlFile>& generated) {
  Closure closure(generated);
  closure.Visit(top);
  TF_CHECK(!closure.files.empty() && closure.files.back().name == top, "no module {}", top);
  return std::move(closure.files);
}

}  // namespace ternfab
