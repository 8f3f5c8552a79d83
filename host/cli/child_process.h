// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "common/error.h"

namespace ternfab::cli {

/// What `work` returns, done in a process of its own that begins as a copy of this one. For what a
/// process can do once only. No thread of this process may be at work. `name` stands in the error
/// of a process that dies.
Expected<std::string> InChildProcess(const std::string& name,
                                     const std::function<Expected<std::string>()>& work);

}  // namespace ternfab::cli
