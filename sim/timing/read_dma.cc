// SPDX-License-Identifier: Apache-2.0
#include "sim/timing/read_dma.h"

#include <bit>

namespace ternfab::timing {

void ReadClient::AddTo(StateHash& hash) const {
  hash.Add(queue.count, go, active, sized, free);
  for (uint32_t i = 0; i < queue.count; ++i) {
    const Descriptor& d = queue.at(i);
    hash.Add(d.addr, d.beats, d.dependent);
  }
  if (active) hash.Add(addr, left);
  if (sized) hash.Add(beats);
}

void ReadPort::AddTo(StateHash& hash) const {
  hash.Add(send.count, order.count, ar_valid, beat);
  for (uint32_t i = 0; i < send.count; ++i) hash.Add(send.at(i).addr, send.at(i).beats);
  for (uint32_t i = 0; i < order.count; ++i) hash.Add(order.at(i).client, order.at(i).beats);
  if (ar_valid) hash.Add(ar.addr, ar.beats);
  for (const uint32_t count : streams.count) hash.Add(count);
  hash.Add(streams.ram, streams.out);
}

ReadDma::ReadDma(const DesignSignature& signature, const std::vector<uint64_t>& port_bases,
                 int read_ports)
    : ports_(size_t(read_ports)), bases_(port_bases) {
  const int port_bytes = signature.params.port_bytes();
  byte_shift_ = std::countr_zero(unsigned(port_bytes));
  const StreamDepths& depths = signature.depths;
  const int depth[kClients] = {depths.instruction, depths.vector, depths.int8, depths.weight};
  for (int c = 0; c < kClients; ++c) {
    ReadClient& client = clients_[c];
    client.depth = client.free = uint32_t(depth[c]);
    client.cap = uint32_t(std::min(signature.max_burst_beats, std::max(1, depth[c] / 4)));
    client.page_beats = uint32_t(4096 / port_bytes);
    client.queue_depth = c == kClientI ? 8 : 16;
    for (ReadPort& port : ports_) port.streams.deep |= uint8_t((depth[c] > 64) << c);
  }
}

void ReadDma::Skip(uint64_t cycles, uint8_t pop, uint32_t arriving) {
  for (int c = 0; c < kClients; ++c) {
    if ((pop >> c & 1) != 0) clients_[c].free += uint32_t(cycles);
  }
  for (size_t p = 0; p < ports_.size(); ++p) {
    ReadPort& port = ports_[p];
    uint32_t target = kClients;
    if ((arriving >> p & 1) != 0) {
      target = port.order.front().client;
      port.beat += uint32_t(cycles);
    }
    port.streams.Skip(cycles, target, pop);
    valid_ = p == 0 ? port.streams.valid() : valid_ & port.streams.valid();
  }
}

void ReadDma::AddTo(StateHash& hash) const {
  for (const ReadClient& client : clients_) client.AddTo(hash);
  for (const ReadPort& port : ports_) port.AddTo(hash);
  hash.Add(stage_valid_);
  if (stage_valid_) hash.Add(stage_client_, stage_addr_, stage_beats_);
}

}  // namespace ternfab::timing
