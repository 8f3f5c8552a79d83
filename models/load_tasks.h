// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/error.h"
#include "models/tensor.h"

namespace ternfab {

/// Parts of a model that are read independently of each other.
class LoadTasks {
 public:
  using Task = std::function<Expected<void>()>;

  /// `bytes`: about what the task reads.
  void Add(int64_t bytes, Task task) {
    bytes_ += bytes;
    tasks_.push_back(std::move(task));
  }

  /// Runs all, on the threads of this machine where there is enough to read. The error is that of
  /// the first one, in the order they were added, that failed, so the same file always gives the
  /// same message.
  Expected<void> Run();

 private:
  std::vector<Task> tasks_;
  int64_t bytes_ = 0;
};

/// Adds the check of a table, which outlives `tasks`. Error, prefixed with `where`: an element is
/// infinite or NaN.
void AddFiniteCheck(LoadTasks& tasks, const RowTable& table, const std::string& where);

/// The one row of a table. Error, prefixed with `where`: an element is infinite or NaN.
Expected<std::vector<float>> ReadVector(const RowTable& table, std::string_view where);

}  // namespace ternfab
