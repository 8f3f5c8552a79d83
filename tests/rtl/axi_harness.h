// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/rtl/axi_memory.h"

namespace ternfab {

/// The AXI signals of a bench with `ports` ports in flat buses: one bit a port for the handshakes,
/// little-endian bytes for the rest. Port widths are multiples of 64 bits.
struct AxiBusPins {
  const uint8_t* arvalid;
  const uint8_t* araddr;  ///< 8 bytes a port
  const uint8_t* arlen;
  const uint16_t* arsize;  ///< 3 bits a port
  const uint8_t* arburst;  ///< 2 bits a port
  uint8_t* arready;
  uint8_t* rvalid;
  uint8_t* rdata;
  uint8_t* rresp;
  uint8_t* rlast;
  const uint8_t* rready;
  const uint8_t* awvalid;
  const uint8_t* awaddr;
  const uint8_t* awlen;
  const uint16_t* awsize;
  const uint8_t* awburst;
  uint8_t* awready;
  const uint8_t* wvalid;
  const uint8_t* wdata;
  const uint8_t* wstrb;
  const uint8_t* wlast;
  uint8_t* wready;
  uint8_t* bvalid;
  uint8_t* bresp;
  const uint8_t* bready;
};

/// Memories of all ports of a bench. Port p's image holds the bytes of the design's port p, at
/// an address of its own above 4 GB.
class AxiHarness {
 public:
  AxiHarness(int ports, int width_bits, int max_burst, uint64_t beats);

  void Connect(const AxiBusPins& pins) { pins_ = pins; }
  /// Before the device settles: the memories' outputs of this cycle.
  void Drive();
  /// After the device has settled: its outputs of this cycle.
  void Sample();

  /// Empty memory pipelines, new timings, same images.
  void SetTiming(int port, const AxiTiming& timing);
  /// Every port gets a latency of 1..max_latency and stalls of 0..max_stall percent.
  void RandomTiming(uint64_t seed, int max_latency, int max_stall);
  /// Inverts RLAST of port 0 while set.
  void set_break_rlast(bool on) { break_rlast_ = on; }

  uint64_t base(int port) const { return (uint64_t(port) + 3) << 32 | uint64_t(port) << 13; }
  AxiMemoryPort& port(int p) { return *memories_[p]; }
  std::vector<uint8_t>& image(int p) { return images_[p]; }
  int ports() const { return int(images_.size()); }
  int port_bytes() const { return width_bits_ / 8; }
  /// Bytes of wide beat `beat`.
  std::vector<uint8_t> Beat(uint64_t beat) const;
  void SetBeat(uint64_t beat, const std::vector<uint8_t>& bytes);
  bool idle() const;
  uint64_t read_beats(int p) const { return memories_[p]->read_beats(); }
  /// Broken protocol rules of all ports, one a line.
  std::string Violations() const;

 private:
  AxiRequest RequestOf(int p) const;

  int width_bits_;
  int max_burst_;
  bool break_rlast_ = false;
  AxiBusPins pins_{};
  std::vector<std::vector<uint8_t>> images_;
  std::vector<std::unique_ptr<AxiMemoryPort>> memories_;
  std::string old_violations_;
};

}  // namespace ternfab
