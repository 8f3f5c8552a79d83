// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/memory/memory_driver.h"

#include "common/check.h"

namespace ternfab {

MemoryConfig ConfigOfKind(const char* kind, int ports, int width_bits, double mhz, int channels,
                          int response_bytes) {
  HardwareSpec spec;
  spec.memory.kind = kind;
  spec.memory.ports = ports;
  spec.memory.width_bits = width_bits;
  spec.memory.channels = channels;
  spec.memory.latency = 64;
  spec.memory.response_bytes = response_bytes;
  spec.clock_mhz = mhz;
  const Expected<MemoryConfig> config = MakeMemoryConfig(spec);
  TF_CHECK(config.has_value(), "{}", config.error().message);
  return *config;
}

StreamReader::StreamReader(const MemoryConfig& config, int burst, uint64_t outstanding)
    : memory(config),
      streams(size_t(config.ports)),
      in(size_t(config.ports)),
      burst_(burst),
      outstanding_(outstanding) {}

void StreamReader::Cycle() {
  for (size_t p = 0; p < streams.size(); ++p) {
    Stream& s = streams[p];
    const MemoryPortOut& out = memory.out(int(p));
    in[p].arvalid = s.address < s.end && s.asked + uint64_t(burst_) - s.beats <= outstanding_;
    in[p].araddr = s.address;
    in[p].arbeats = burst_;
    in[p].rready = true;
    if (in[p].arvalid && out.arready) {
      s.address += uint64_t(burst_ * memory.config().beat_bytes);
      s.asked += uint64_t(burst_);
    }
    s.beats += out.rvalid;
    s.last_beats += out.rlast;
  }
  memory.Tick(in);
}

void StreamReader::Run(uint64_t cycles) {
  for (uint64_t i = 0; i < cycles; ++i) Cycle();
}

}  // namespace ternfab
