// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace ternfab::internal {

[[noreturn, gnu::cold]] inline void CheckFailed(const char* file, int line, const char* condition,
                                                const std::string& message = "") {
  fmt::print(stderr, "{}:{}: check failed: {}{}{}\n", file, line, condition,
             message.empty() ? "" : ": ", message);
  std::abort();
}

}  // namespace ternfab::internal

/// Aborts with file, line and a message when an invariant of ours does not hold. Never for input.
/// `TF_CHECK(i < n, "row {} of {}", i, n)`; the message may be left out.
#define TF_CHECK(condition, ...)                                                           \
  do {                                                                                     \
    if (!(condition)) [[unlikely]] {                                                       \
      ::ternfab::internal::CheckFailed(__FILE__, __LINE__,                                 \
                                       #condition __VA_OPT__(, fmt::format(__VA_ARGS__))); \
    }                                                                                      \
  } while (false)
