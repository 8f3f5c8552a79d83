// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace ternfab {

/// An error that a user can cause: one line that names what is wrong, where, and the rule.
struct Error {
  std::string message;
};

template <class T>
using Expected = tl::expected<T, Error>;

/// `return Fail("spec {}: {} = {}: must be {}", ...)` inside a function that returns Expected<T>.
template <class... Args>
tl::unexpected<Error> Fail(fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected<Error>(Error{fmt::format(format, std::forward<Args>(args)...)});
}

}  // namespace ternfab

/// Returns the error of `expr` from the enclosing function.
#define TF_RETURN_IF_ERROR(expr)                                              \
  do {                                                                        \
    if (auto tf_result_ = (expr); !tf_result_) {                              \
      return tl::unexpected<::ternfab::Error>(std::move(tf_result_).error()); \
    }                                                                         \
  } while (false)

#define TF_CONCAT_INNER_(a, b) a##b
#define TF_CONCAT_(a, b) TF_CONCAT_INNER_(a, b)

/// `TF_ASSIGN_OR_RETURN(auto x, F());` declares x from F()'s value or returns its error.
#define TF_ASSIGN_OR_RETURN(decl, expr) \
  TF_ASSIGN_OR_RETURN_IMPL_(TF_CONCAT_(tf_value_, __COUNTER__), decl, expr)
#define TF_ASSIGN_OR_RETURN_IMPL_(tmp, decl, expr)                   \
  auto tmp = (expr);                                                 \
  if (!tmp) {                                                        \
    return tl::unexpected<::ternfab::Error>(std::move(tmp).error()); \
  }                                                                  \
  decl = std::move(*tmp)
