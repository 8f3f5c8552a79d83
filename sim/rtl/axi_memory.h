// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "sim/memory/memory_timing.h"

// Data and protocol of the memory behind one AXI4 port; when it is ready is a MemoryTiming's part.
// It knows plain structs of signals, no simulator: the Verilated device and the unit tests wire it
// to their models.

namespace ternfab {

/// Bytes behind a port: [base, base + bytes). Reads and writes elsewhere are answered with DECERR.
struct AxiStorage {
  uint8_t* data = nullptr;
  uint64_t bytes = 0;
  uint64_t base = 0;
};

/// When the memory of a port of its own is ready. All of it is deterministic: equal seeds give
/// equal runs.
struct AxiTiming {
  /// AR handshake in cycle t: first R beat valid in cycle t + latency_cycles at the earliest; the
  /// same from the last of AW and W handshake to B. >= 1.
  int latency_cycles = 1;
  /// At most rate_beats R beats in rate_cycles cycles (long-term), at most one in a cycle.
  int rate_beats = 1;
  int rate_cycles = 1;
  /// Read bursts (and write beats) taken and not finished; ARREADY (AWREADY, WREADY) is low beyond.
  int max_outstanding = 64;
  /// Per cycle and channel: probability in percent of a low ready or a withheld beat; 0: never.
  int stall_percent = 0;
  uint64_t seed = 1;
  int write_latency_cycles = 0;  ///< to B; 0: latency_cycles
};

/// AxSIZE of a model that does not show it.
inline constexpr uint8_t kAxiFullWidth = 0xff;

/// What the device drives in a cycle.
struct AxiRequest {
  bool arvalid = false;
  uint64_t araddr = 0;
  uint8_t arlen = 0;
  uint8_t arsize = kAxiFullWidth;
  uint8_t arburst = 1;
  bool rready = false;
  bool awvalid = false;
  uint64_t awaddr = 0;
  uint8_t awlen = 0;
  uint8_t awsize = kAxiFullWidth;
  uint8_t awburst = 1;
  bool wvalid = false;
  const uint8_t* wdata = nullptr;  ///< one beat
  uint64_t wstrb = 0;
  bool wlast = false;
  bool bready = false;
};

/// What the memory drives in a cycle.
struct AxiResponse {
  bool arready = false;
  bool rvalid = false;
  const uint8_t* rdata = nullptr;  ///< one beat, while rvalid; good until the next Tick
  uint8_t rresp = 0;
  bool rlast = false;
  bool awready = false;
  bool wready = false;
  bool bvalid = false;
  uint8_t bresp = 0;
};

inline constexpr uint8_t kAxiOkay = 0;
inline constexpr uint8_t kAxiSlverr = 2;
inline constexpr uint8_t kAxiDecerr = 3;

/// One port. In every cycle: read response(), let the device see it, sample what the device drives
/// in that cycle, and call Tick(sample); or, for ports that share a MemoryTiming, Begin(sample) of
/// each, tick the timing with the results, and End of each with what it drives then. Reads are
/// served in order, writes too; a write is in the storage when its response is first valid.
/// Protocol errors of the device are collected.
class AxiMemoryPort {
 public:
  /// With a `fixed` memory of its own: Tick.
  AxiMemoryPort(int width_bits, int max_burst, AxiStorage storage, const AxiTiming& timing);
  /// With a timing that others share: Begin and End. `stall_percent` and `seed` as in AxiTiming.
  AxiMemoryPort(int width_bits, int max_burst, AxiStorage storage, int stall_percent,
                uint64_t seed);

  const AxiResponse& response() const { return response_; }
  void Tick(const AxiRequest& request);
  MemoryPortIn Begin(const AxiRequest& request);
  void End(const MemoryPortOut& out);

  /// Transfers that touch [begin, end) are answered with `resp` (data as usual).
  void SetFault(uint64_t begin, uint64_t end, uint8_t resp);

  uint64_t cycle() const { return cycle_; }
  uint64_t read_beats() const { return read_beats_; }
  uint64_t write_beats() const { return write_beats_; }
  bool idle() const {
    return reads_.empty() && write_addresses_.empty() && write_beats_queue_.empty() &&
           acks_.empty();
  }
  /// Broken rules, each one line with its cycle; empty for a correct device.
  const std::vector<std::string>& violations() const { return violations_; }

 private:
  struct Burst {
    uint64_t address = 0;
    int beats = 0;
    int done = 0;
  };
  struct WriteBeat {
    std::vector<uint8_t> data;
    uint64_t strobe = 0;
    bool last = false;
  };
  struct Ack {
    uint64_t address = 0;
    uint8_t resp = kAxiOkay;
    std::vector<WriteBeat> beats;
  };

  void Violation(const std::string& text);
  void CheckBurst(const char* channel, uint64_t address, int beats, int size, int burst);
  void CheckStable(const AxiRequest& now);
  void TakeRead(const AxiRequest& request);
  void TakeWrite(const AxiRequest& request);
  void MatchWrites();
  void Apply(const Ack& ack);
  void DriveRead(const MemoryPortOut& out);
  void DriveWrite(const MemoryPortOut& out);
  bool Inside(uint64_t address, uint64_t bytes) const;
  uint8_t RespOf(uint64_t address, uint64_t bytes) const;
  bool Stall();

  int beat_bytes_;
  int max_burst_;
  AxiStorage storage_;
  AxiTiming timing_;
  std::optional<MemoryTiming> own_;
  AxiResponse response_;
  bool r_taken_ = false;  ///< between Begin and End: R and B were accepted in the cycle
  bool b_taken_ = false;
  AxiRequest last_;  ///< request of the cycle before
  std::vector<uint8_t> last_wdata_;
  bool ar_stalled_ = false;
  bool aw_stalled_ = false;
  bool w_stalled_ = false;
  std::deque<Burst> reads_;
  std::deque<Burst> write_addresses_;
  std::deque<WriteBeat> write_beats_queue_;
  std::deque<Ack> acks_;
  std::vector<uint8_t> zero_;
  uint64_t cycle_ = 0;
  int64_t rate_credit_ = 0;
  uint64_t random_ = 1;
  uint64_t read_beats_ = 0;
  uint64_t write_beats_ = 0;
  uint64_t fault_begin_ = 0;
  uint64_t fault_end_ = 0;
  uint8_t fault_resp_ = kAxiOkay;
  std::vector<std::string> violations_;
};

}  // namespace ternfab
