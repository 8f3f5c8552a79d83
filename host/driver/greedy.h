// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "common/error.h"
#include "host/driver/driver.h"

namespace ternfab::driver {

/// Greedy decoding with the Program that `driver` has loaded: runs `prompt` from position 0 in
/// batches of the design, then decodes until `count` ids are made or the context is full. An id is
/// the index of the greatest logit, the first of equals. `on_id` sees each as it is made. Errors:
/// an empty prompt, one beyond the context, an id beyond the vocabulary, a Program without head,
/// what Driver::Run reports within `timeout` for each run.
Expected<std::vector<uint32_t>> DecodeGreedy(Driver& driver, const ProgramView& program,
                                             std::span<const uint32_t> prompt, uint32_t count,
                                             std::chrono::milliseconds timeout,
                                             const std::function<void(uint32_t)>& on_id);

}  // namespace ternfab::driver
