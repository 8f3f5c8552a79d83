// SPDX-License-Identifier: Apache-2.0
#include "models/load_tasks.h"

#include <algorithm>
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

void AddFiniteCheck(LoadTasks& tasks, const RowTable& table, const std::string& where) {
  constexpr int64_t kTaskBytes = 16 << 20;
  const int64_t row_bytes = int64_t(table.bytes().size()) / table.rows();
  const int step = int(std::max<int64_t>(kTaskBytes / row_bytes, 1));
  for (int first = 0; first < table.rows(); first += step) {
    const int end = std::min(table.rows(), first + step);
    tasks.Add((end - first) * row_bytes, [&table, first, end, where]() -> Expected<void> {
      if (!table.AllFinite(first, end)) return Fail("{}: infinity or NaN: must be finite", where);
      return {};
    });
  }
}

Expected<std::vector<float>> ReadVector(const RowTable& table, std::string_view where) {
  if (!table.AllFinite()) return Fail("{}: infinity or NaN: must be finite", where);
  std::vector<float> values(table.cols());
  table.ReadRow(0, values);
  return values;
}

}  // namespace ternfab
