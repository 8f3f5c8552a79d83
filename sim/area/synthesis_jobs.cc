// SPDX-License-Identifier: Apache-2.0
#include "sim/area/synthesis_jobs.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>

namespace ternfab {
namespace {

/// Work for one process: more than a few seconds, so that its start does not weigh.
constexpr size_t kBatchBytes = 400'000;

using Batch = std::vector<size_t>;

/// `missing` in batches of about kBatchBytes, at least one for each thread, the largest modules
/// first and alone.
std::vector<Batch> MakeBatches(const std::vector<RtlilModule>& modules, std::vector<size_t> missing,
                               int threads) {
  const auto bytes = [&](size_t i) { return modules[i].text.size(); };
  std::stable_sort(missing.begin(), missing.end(),
                   [&](size_t a, size_t b) { return bytes(a) > bytes(b); });
  size_t all = 0;
  for (const size_t i : missing) all += bytes(i);
  const size_t most = std::min(kBatchBytes, all / size_t(threads) + 1);
  std::vector<Batch> batches;
  size_t filled = most;
  for (const size_t i : missing) {
    if (filled >= most) batches.emplace_back();
    if (filled >= most) filled = 0;
    batches.back().push_back(i);
    filled += bytes(i);
  }
  return batches;
}

/// Batches that are still to do, handed out to threads.
class Queue {
 public:
  Queue(const std::vector<RtlilModule>& modules, const SynthesisTool& tool,
        const std::function<void(int64_t, int64_t)>& on_progress)
      : modules_(modules), tool_(tool), on_progress_(on_progress) {}

  /// Fills `results`, which has a place for each module.
  Expected<void> Run(const std::vector<Batch>& batches, int threads,
                     std::vector<ModuleSynthesis>& results) {
    for (const Batch& batch : batches) all_ += Bytes(batch);
    on_progress_(0, all_);
    {
      std::vector<std::jthread> workers;
      workers.reserve(size_t(threads));
      for (int i = 0; i < threads; ++i) workers.emplace_back([&] { Work(batches, results); });
    }
    if (error_) return tl::unexpected<Error>(*error_);
    return {};
  }

 private:
  int64_t Bytes(const Batch& batch) const {
    int64_t bytes = 0;
    for (const size_t i : batch) bytes += int64_t(modules_[i].text.size());
    return bytes;
  }

  /// Takes batches until there are none or one has failed.
  void Work(const std::vector<Batch>& batches, std::vector<ModuleSynthesis>& results) {
    std::unique_lock lock(mutex_);
    while (!error_ && next_ < batches.size()) {
      const Batch& batch = batches[next_++];
      lock.unlock();
      std::vector<const RtlilModule*> modules;
      for (const size_t i : batch) modules.push_back(&modules_[i]);
      const auto done = Synthesise(modules, tool_);
      lock.lock();
      if (!done) {
        if (!error_) error_ = done.error();
        return;
      }
      for (size_t k = 0; k < batch.size(); ++k) results[batch[k]] = (*done)[k];
      done_ += Bytes(batch);
      on_progress_(done_, all_);
    }
  }

  const std::vector<RtlilModule>& modules_;
  const SynthesisTool& tool_;
  const std::function<void(int64_t, int64_t)>& on_progress_;
  std::mutex mutex_;
  std::optional<Error> error_;
  size_t next_ = 0;
  int64_t done_ = 0, all_ = 0;
};

}  // namespace

Expected<std::vector<ModuleSynthesis>> SynthesiseAll(
    const std::vector<RtlilModule>& modules, const SynthesisTool& tool, int jobs,
    const std::function<void(int64_t, int64_t)>& on_progress) {
  std::vector<ModuleSynthesis> results(modules.size());
  std::vector<size_t> missing;
  for (size_t i = 0; i < modules.size(); ++i) {
    const std::optional<ModuleSynthesis> found = FindSynthesis(modules[i], tool);
    if (found) {
      results[i] = *found;
    } else {
      missing.push_back(i);
    }
  }
  if (missing.empty()) return results;
  const int threads = std::max(1, jobs > 0 ? jobs : int(std::thread::hardware_concurrency()));
  Queue queue(modules, tool, on_progress);
  TF_RETURN_IF_ERROR(queue.Run(MakeBatches(modules, missing, threads), threads, results));
  return results;
}

}  // namespace ternfab
