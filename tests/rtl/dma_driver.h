// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/rtl/axi_harness.h"

class Vunit_bench;

namespace ternfab {

enum Client { kI = 0, kV = 1, kK = 2, kW = 3 };

/// Drives the read and the write DMA of bench_dma.svh against AXI memories and compares every beat
/// of the streams with the memory's content.
class DmaDriver {
 public:
  static constexpr int kPorts = 4;
  static constexpr int kWideBytes = 32;
  static constexpr uint64_t kBeats = 1 << 15;

  explicit DmaDriver(uint64_t seed = 1);
  ~DmaDriver();

  /// Queues a descriptor; given to the DMA as soon as it takes it (one a cycle in all).
  void Ask(Client client, uint32_t addr, uint32_t beats, bool dependent = false);
  /// Queues a write; strobes one bit a byte.
  void Write(uint32_t addr, const std::vector<uint8_t>& data, uint32_t strobe);
  /// One clock cycle.
  void Step();
  /// Steps until all that was asked for has arrived and all writes are acknowledged; false if
  /// that takes more than `limit` cycles.
  bool Finish(int limit);

  /// In percent: how often a client's consumer is ready.
  void set_ready_percent(Client client, int percent) { ready_percent_[client] = percent; }
  void set_go(bool v, bool k);
  void set_flush(bool on);
  void set_fault(bool on);
  /// Forget what is expected (after a flush).
  void Forget();

  AxiHarness& memory() { return memory_; }
  Vunit_bench& bench() { return *bench_; }
  int64_t cycle() const { return cycle_; }
  int64_t popped(Client client) const { return popped_[client]; }
  int64_t first_pop_cycle(Client client) const { return first_pop_[client]; }
  int64_t last_pop_cycle(Client client) const { return last_pop_[client]; }
  /// Empty if all beats were right and the protocol was kept.
  std::string Problems() const;

 private:
  struct Descriptor {
    Client client;
    uint32_t addr, beats;
    bool dependent;
  };
  struct WideWrite {
    uint32_t addr;
    std::vector<uint8_t> data;
    uint32_t strobe;
  };
  void DriveInputs();
  void CheckStreams();

  std::unique_ptr<Vunit_bench> bench_;
  AxiHarness memory_;
  std::mt19937_64 random_;
  std::array<std::deque<Descriptor>, 4> descriptors_;
  std::deque<WideWrite> writes_;
  std::array<std::deque<uint32_t>, 4> expected_;  ///< wide beats in order
  std::array<int, 4> ready_percent_{100, 100, 100, 100};
  std::array<int64_t, 4> popped_{}, first_pop_{}, last_pop_{};
  std::string problems_;
  int64_t cycle_ = 0;
  int offered_ = -1;  ///< client whose descriptor is on the bus
};

}  // namespace ternfab
