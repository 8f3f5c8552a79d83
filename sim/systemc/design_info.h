// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "codegen/signature.h"
#include "host/driver/design_info.h"

namespace ternfab::systemc {

/// What a design's generated driver header holds, made from the signature without a compiler.
class SignatureInfo {
 public:
  explicit SignatureInfo(const DesignSignature& signature);
  SignatureInfo(const SignatureInfo&) = delete;
  SignatureInfo& operator=(const SignatureInfo&) = delete;

  const driver::DesignInfo& info() const { return info_; }

 private:
  std::string name_;
  std::vector<const char*> counters_;
  std::vector<driver::ErrorMeaning> errors_;
  driver::DesignInfo info_{};
};

}  // namespace ternfab::systemc
