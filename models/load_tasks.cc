// SPDX-License-Identifier: Apache-2.0
#include "models/load_tasks.h"

#include <new>

#include "common/parallel.h"

namespace ternfab {

Expected<void> LoadTasks::Run() {
  constexpr int64_t kWorthThreads = 1
                                    << 20;  // bytes; a thread costs as much as reading some 100 KB
  std::vector<Expected<void>> results(tasks_.size());
  const auto run = [&](int i) {
    try {
      results[i] = tasks_[i]();
    } catch (const std::bad_alloc&) {
      results[i] = Fail("not enough memory");
    }
  };
  if (bytes_ >= kWorthThreads) {
    ParallelFor(int(tasks_.size()), run);
  } else {
    for (int i = 0; i < int(tasks_.size()); ++i) run(i);
  }
  tasks_.clear();
  bytes_ = 0;
  for (Expected<void>& result : results) TF_RETURN_IF_ERROR(std::move(result));
  return {};
}

Expected<RowTable> CopyTable(TableType type, int rows, int cols, std::span<const uint8_t> bytes,
                             std::string_view where) {
  RowTable table(type, rows, cols, {bytes.begin(), bytes.end()});
  if (!table.AllFinite()) return Fail("{}: infinity or NaN: must be finite", where);
  return table;
}

}  // namespace ternfab
