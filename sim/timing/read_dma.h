// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "codegen/signature.h"
#include "sim/timing/fifo.h"
#include "sim/timing/hash.h"
#include "sim/timing/unit_timing.h"

// tf_read_dma, cycle by cycle. Memory is any class with the members of FixedMemory's read side.

namespace ternfab::timing {

/// Clients in order of priority.
enum Client { kClientI = 0, kClientV = 1, kClientK = 2, kClientW = 3, kClients = 4 };

struct Descriptor {
  uint32_t addr = 0;  ///< wide beat
  uint32_t beats = 0;
  bool dependent = false;
};

/// tf_read_client.
struct ReadClient {
  uint32_t depth = 0;
  uint32_t cap = 0;         ///< beats of the longest burst
  uint32_t page_beats = 0;  ///< power of two
  uint32_t queue_depth = 0;

  Fifo<Descriptor, 16> queue;
  uint8_t go = 0;
  bool active = false;
  bool sized = false;
  uint32_t addr = 0;
  uint32_t left = 0;
  uint32_t beats = 0;
  uint32_t free = 0;

  bool ready() const { return queue.count != queue_depth; }
  bool burst_valid() const { return sized && free >= beats; }
  /// Nothing can happen but a push, a go pulse, a grant and the return of credits.
  bool waits() const { return active ? sized : queue.empty(); }
  bool MayLoad(bool wr_idle) const {
    return !active && !queue.empty() && (!queue.front().dependent || (go != 0 && wr_idle));
  }

  /// One clock cycle; `push` is null without a descriptor.
  void Step(const Descriptor* push, bool go_in, bool wr_idle, bool grant, bool pop);
  /// Cycles in which nothing happens here but the return of credits; `popping` all along.
  uint64_t SteadyCycles(bool wr_idle, bool popping) const;
  void AddTo(StateHash& hash) const;
};

/// tf_read_port, without its data.
struct ReadPort {
  static constexpr uint32_t kBursts = 32;  ///< queued and unanswered
  struct Send {
    uint32_t addr;
    uint32_t beats;
  };
  struct Order {
    uint32_t client;
    uint32_t beats;
  };

  Fifo<Send, kBursts> send;
  Fifo<Order, kBursts> order;
  bool ar_valid = false;
  Send ar{0, 0};
  uint32_t beat = 0;
  StreamFifos streams;

  bool ready() const { return send.count != kBursts && order.count != kBursts; }
  void AddTo(StateHash& hash) const;
};

class ReadDma {
 public:
  /// `port_bases`: byte address of each port's wide beat 0. `read_ports` ports are modelled: all,
  /// or one that stands for all.
  ReadDma(const DesignSignature& signature, const std::vector<uint64_t>& port_bases,
          int read_ports);

  bool desc_ready(int client) const { return clients_[client].ready(); }
  /// Every port has a beat for the client.
  bool valid(int client) const { return (valid_ >> client & 1) != 0; }
  bool idle() const { return !stage_valid_ && open_ == 0; }

  /// What happens in a cycle.
  struct In {
    const Descriptor* push[kClients] = {};
    uint8_t go = 0;   ///< a bit for each client
    uint8_t pop = 0;  ///< as go
    bool wr_idle = false;
  };
  /// One clock cycle; the memory's own Tick follows. Returns whether a wide beat arrived (port 0).
  template <class Memory>
  bool Step(const In& in, Memory& memory);

  /// True: the last Step changed more than counts; what follows is hardly steady.
  bool eventful() const { return eventful_; }
  /// Cycles in which the DMA does the same, given that the memory and the pops do the same.
  template <class Memory>
  uint64_t SteadyCycles(uint8_t pop, bool wr_idle, const Memory& memory) const;
  /// Bit p: port p has a beat.
  template <class Memory>
  uint32_t Arriving(const Memory& memory) const;
  /// `arriving` in each of the cycles.
  void Skip(uint64_t cycles, uint8_t pop, uint32_t arriving);

  void AddTo(StateHash& hash) const;

 private:
  template <class Memory>
  bool StepPort(int p, bool push, uint8_t pop, Memory& memory);

  ReadClient clients_[kClients];
  std::vector<ReadPort> ports_;
  std::vector<uint64_t> bases_;
  int byte_shift_;
  uint8_t valid_ = 0;  ///< of all ports
  uint32_t open_ = 0;  ///< bursts of all ports, queued or unanswered
  bool eventful_ = true;
  bool stage_valid_ = false;
  uint32_t stage_client_ = 0;
  uint32_t stage_addr_ = 0;
  uint32_t stage_beats_ = 0;
};

// ---- inline ----

inline void ReadClient::Step(const Descriptor* push, bool go_in, bool wr_idle, bool grant,
                             bool pop) {
  const bool load = MayLoad(wr_idle);
  const bool take_go = load && queue.front().dependent;
  go = uint8_t(go + int(go_in) - int(take_go));
  free += uint32_t(pop);
  if (!sized) {
    beats = std::min({left, cap, page_beats - (addr & (page_beats - 1))});
  }
  if (load) {
    addr = queue.front().addr;
    left = queue.front().beats;
    active = left != 0;
    queue.Pop();
  } else if (grant) {
    free -= beats;
    addr += beats;
    left -= beats;
    active = left != 0;
    sized = false;
  } else {
    sized = active;
  }
  if (push != nullptr) queue.Push(*push);
}

inline uint64_t ReadClient::SteadyCycles(bool wr_idle, bool popping) const {
  if (!active) return MayLoad(wr_idle) ? 0 : kForever;
  if (!sized || free >= beats) return 0;
  return popping ? beats - free : kForever;
}

template <class Memory>
bool ReadDma::StepPort(int p, bool push, uint8_t pop, Memory& memory) {
  ReadPort& port = ports_[p];
  const bool rvalid = memory.RValid(p);
  uint32_t target = kClients;
  if (rvalid) {
    const ReadPort::Order& order = port.order.front();
    target = order.client;
    if (++port.beat == order.beats) {
      port.beat = 0;
      port.order.Pop();
      --open_;
      eventful_ = true;
    }
  }
  port.streams.Step(target, pop);
  valid_ &= port.streams.valid();
  // Address path, from the memory back to the queue.
  const bool taken = !port.ar_valid || memory.ArReady(p);
  if (port.ar_valid && taken) {
    memory.TakeRead(p, bases_[p] + (uint64_t(port.ar.addr) << byte_shift_), int(port.ar.beats));
    eventful_ = true;
  }
  if (taken) {
    port.ar_valid = !port.send.empty();
    if (port.ar_valid) {
      port.ar = port.send.front();
      port.send.Pop();
      eventful_ = true;
    }
  }
  if (push) {
    port.send.Push({stage_addr_, stage_beats_});
    port.order.Push({stage_client_, stage_beats_});
    ++open_;
  }
  return rvalid;
}

template <class Memory>
bool ReadDma::Step(const In& in, Memory& memory) {
  eventful_ = false;
  bool port_push = stage_valid_;
  if (stage_valid_) {
    for (const ReadPort& port : ports_) port_push = port_push && port.ready();
  }
  bool beat = false;
  valid_ = 0xff;
  for (int p = int(ports_.size()) - 1; p >= 0; --p) beat = StepPort(p, port_push, in.pop, memory);
  const bool free = !stage_valid_ || port_push;
  int granted = kClients;
  if (free) {
    granted = 0;
    while (granted < kClients && !clients_[granted].burst_valid()) ++granted;
    stage_valid_ = granted < kClients;
    if (stage_valid_) {
      stage_client_ = uint32_t(granted);
      stage_addr_ = clients_[granted].addr;
      stage_beats_ = clients_[granted].beats;
      eventful_ = true;
    }
  }
  for (int c = 0; c < kClients; ++c) {
    ReadClient& client = clients_[c];
    const bool pop = (in.pop >> c & 1) != 0;
    if (in.push[c] == nullptr && client.waits() && c != granted && (in.go >> c & 1) == 0) {
      client.free += uint32_t(pop);
      continue;
    }
    eventful_ = eventful_ || (client.active && !client.sized) || in.push[c] != nullptr;
    client.Step(in.push[c], (in.go >> c & 1) != 0, in.wr_idle, c == granted, pop);
  }
  return beat;
}

template <class Memory>
uint64_t ReadDma::SteadyCycles(uint8_t pop, bool wr_idle, const Memory& memory) const {
  if (stage_valid_) return 0;
  uint64_t cycles = kForever;
  for (int c = 0; c < kClients; ++c) {
    cycles = std::min(cycles, clients_[c].SteadyCycles(wr_idle, (pop >> c & 1) != 0));
  }
  if (cycles == 0) return 0;
  for (int p = 0; p < int(ports_.size()); ++p) {
    const ReadPort& port = ports_[p];
    if (port.ar_valid || !port.send.empty()) return 0;
    uint32_t target = kClients;
    if (memory.RValid(p)) {
      target = port.order.front().client;
      cycles = std::min<uint64_t>(cycles, port.order.front().beats - port.beat - 1);
    }
    cycles = std::min(cycles, port.streams.SteadyCycles(target, pop));
  }
  return cycles;
}

template <class Memory>
uint32_t ReadDma::Arriving(const Memory& memory) const {
  uint32_t ports = 0;
  for (int p = 0; p < int(ports_.size()); ++p) ports |= uint32_t{memory.RValid(p)} << p;
  return ports;
}

}  // namespace ternfab::timing
