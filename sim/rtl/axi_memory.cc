// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/axi_memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "common/check.h"

namespace ternfab {
namespace {

constexpr uint64_t kPageBytes = 4096;
constexpr size_t kMaxViolations = 20;

MemoryConfig OnePort(int width_bits, const AxiTiming& timing) {
  MemoryConfig config;
  config.beat_bytes = width_bits / 8;
  config.latency_cycles = timing.latency_cycles;
  config.write_latency_cycles = timing.write_latency_cycles;
  config.max_outstanding = timing.max_outstanding;
  return config;
}

}  // namespace

AxiMemoryPort::AxiMemoryPort(int width_bits, int max_burst, AxiStorage storage, int stall_percent,
                             uint64_t seed)
    : beat_bytes_(width_bits / 8),
      max_burst_(max_burst),
      storage_(storage),
      last_wdata_(size_t(width_bits / 8)),
      zero_(size_t(width_bits / 8)),
      random_(seed * 2654435769u + 1) {
  TF_CHECK(width_bits >= 8 && width_bits <= 512 && std::has_single_bit(unsigned(width_bits)),
           "{} bits", width_bits);
  timing_.stall_percent = stall_percent;
  response_.arready = response_.awready = response_.wready = true;
}

AxiMemoryPort::AxiMemoryPort(int width_bits, int max_burst, AxiStorage storage,
                             const AxiTiming& timing)
    : AxiMemoryPort(width_bits, max_burst, storage, timing.stall_percent, timing.seed) {
  TF_CHECK(timing.rate_beats >= 1 && timing.rate_cycles >= timing.rate_beats, "rate {} / {}",
           timing.rate_beats, timing.rate_cycles);
  timing_ = timing;
  own_.emplace(OnePort(width_bits, timing));
}

void AxiMemoryPort::SetFault(uint64_t begin, uint64_t end, uint8_t resp) {
  fault_begin_ = begin;
  fault_end_ = end;
  fault_resp_ = resp;
}

void AxiMemoryPort::Violation(const std::string& text) {
  if (violations_.size() < kMaxViolations) {
    violations_.push_back(fmt::format("cycle {}: {}", cycle_, text));
  }
}

void AxiMemoryPort::CheckBurst(const char* channel, uint64_t address, int beats, int size,
                               int burst) {
  if (burst != 1) Violation(fmt::format("{}BURST = {}: must be INCR", channel, burst));
  if (size != kAxiFullWidth && (1 << size) != beat_bytes_)
    Violation(fmt::format("{}SIZE = {}: narrow", channel, size));
  if (address % beat_bytes_ != 0)
    Violation(fmt::format("{}ADDR {:#x} unaligned", channel, address));
  if (beats > max_burst_)
    Violation(fmt::format("{}LEN: {} beats above {}", channel, beats, max_burst_));
  const uint64_t last = address + uint64_t(beats) * beat_bytes_ - 1;
  if (address / kPageBytes != last / kPageBytes) {
    Violation(fmt::format("{} burst {:#x} + {} beats crosses 4 KB", channel, address, beats));
  }
}

void AxiMemoryPort::CheckStable(const AxiRequest& now) {
  if (ar_stalled_ && (!now.arvalid || now.araddr != last_.araddr || now.arlen != last_.arlen)) {
    Violation("AR changed while stalled");
  }
  if (aw_stalled_ && (!now.awvalid || now.awaddr != last_.awaddr || now.awlen != last_.awlen)) {
    Violation("AW changed while stalled");
  }
  if (w_stalled_ && (!now.wvalid || now.wstrb != last_.wstrb || now.wlast != last_.wlast ||
                     std::memcmp(now.wdata, last_wdata_.data(), beat_bytes_) != 0)) {
    Violation("W changed while stalled");
  }
  ar_stalled_ = now.arvalid && !response_.arready;
  aw_stalled_ = now.awvalid && !response_.awready;
  w_stalled_ = now.wvalid && !response_.wready;
  if (w_stalled_) std::memcpy(last_wdata_.data(), now.wdata, beat_bytes_);
  if (ar_stalled_ || aw_stalled_ || w_stalled_) last_ = now;
}

bool AxiMemoryPort::Inside(uint64_t address, uint64_t bytes) const {
  return address >= storage_.base && bytes <= storage_.bytes &&
         address - storage_.base <= storage_.bytes - bytes;
}

uint8_t AxiMemoryPort::RespOf(uint64_t address, uint64_t bytes) const {
  if (address < fault_end_ && address + bytes > fault_begin_) return fault_resp_;
  return Inside(address, bytes) ? kAxiOkay : kAxiDecerr;
}

bool AxiMemoryPort::Stall() {
  if (timing_.stall_percent == 0) return false;
  random_ ^= random_ << 13;
  random_ ^= random_ >> 7;
  random_ ^= random_ << 17;
  return int((random_ >> 20) % 100) < timing_.stall_percent;
}

void AxiMemoryPort::TakeRead(const AxiRequest& request) {
  const int beats = request.arlen + 1;
  CheckBurst("AR", request.araddr, beats, request.arsize, request.arburst);
  reads_.push_back({request.araddr, beats, 0});
}

void AxiMemoryPort::TakeWrite(const AxiRequest& request) {
  if (request.awvalid && response_.awready) {
    const int beats = request.awlen + 1;
    CheckBurst("AW", request.awaddr, beats, request.awsize, request.awburst);
    write_addresses_.push_back({request.awaddr, beats, 0});
  }
  if (request.wvalid && response_.wready) {
    write_beats_queue_.push_back(
        {{request.wdata, request.wdata + beat_bytes_}, request.wstrb, request.wlast});
    ++write_beats_;
  }
}

/// Bursts whose address and beats are all there await their response.
void AxiMemoryPort::MatchWrites() {
  while (!write_addresses_.empty() &&
         int(write_beats_queue_.size()) >= write_addresses_.front().beats) {
    const Burst burst = write_addresses_.front();
    write_addresses_.pop_front();
    const uint64_t bytes = uint64_t(burst.beats) * beat_bytes_;
    Ack ack{burst.address, RespOf(burst.address, bytes), {}};
    for (int i = 0; i < burst.beats; ++i) {
      if (write_beats_queue_.front().last != (i + 1 == burst.beats)) Violation("WLAST misplaced");
      ack.beats.push_back(std::move(write_beats_queue_.front()));
      write_beats_queue_.pop_front();
    }
    acks_.push_back(std::move(ack));
  }
}

void AxiMemoryPort::Apply(const Ack& ack) {
  if (ack.resp != kAxiOkay) return;
  uint8_t* to = storage_.data + (ack.address - storage_.base);
  for (const WriteBeat& beat : ack.beats) {
    for (int i = 0; i < beat_bytes_; ++i) {
      if (((beat.strobe >> i) & 1) != 0) to[i] = beat.data[i];
    }
    to += beat_bytes_;
  }
}

void AxiMemoryPort::DriveRead(const MemoryPortOut& out) {
  // A cycle earns rate_beats, a beat costs rate_cycles; not more than one beat is saved up.
  rate_credit_ = std::min(rate_credit_ + timing_.rate_beats,
                          int64_t{timing_.rate_cycles} + timing_.rate_beats - 1);
  if (r_taken_) {
    ++read_beats_;
    if (response_.rlast) {
      reads_.pop_front();
    } else {
      ++reads_.front().done;
    }
  }
  if (!response_.rvalid || r_taken_) {
    response_.rvalid = false;
    if (out.rvalid && rate_credit_ >= timing_.rate_cycles && !Stall()) {
      TF_CHECK(!reads_.empty(), "a beat that nobody asked for");
      const Burst& burst = reads_.front();
      const uint64_t address = burst.address + uint64_t(burst.done) * uint64_t(beat_bytes_);
      response_.rresp = RespOf(address, uint64_t(beat_bytes_));
      response_.rdata =
          response_.rresp == kAxiDecerr ? zero_.data() : storage_.data + (address - storage_.base);
      response_.rlast = burst.done + 1 == burst.beats;
      TF_CHECK(response_.rlast == out.rlast, "beat {} of {}", burst.done, burst.beats);
      response_.rvalid = true;
      rate_credit_ -= timing_.rate_cycles;
    }
  }
  response_.arready = out.arready && !Stall();
}

void AxiMemoryPort::DriveWrite(const MemoryPortOut& out) {
  if (b_taken_) acks_.pop_front();
  if (!response_.bvalid || b_taken_) {
    response_.bvalid = out.bvalid && !Stall();
    if (response_.bvalid) {
      TF_CHECK(!acks_.empty(), "an answer to no write");
      response_.bresp = acks_.front().resp;
      Apply(acks_.front());
    }
  }
  response_.awready = out.awready && !Stall();
  response_.wready = out.wready && !Stall();
}

MemoryPortIn AxiMemoryPort::Begin(const AxiRequest& request) {
  CheckStable(request);
  MemoryPortIn in;
  in.arvalid = request.arvalid && response_.arready;
  in.araddr = request.araddr;
  in.arbeats = request.arlen + 1;
  in.awvalid = request.awvalid && response_.awready;
  in.awaddr = request.awaddr;
  in.awbeats = request.awlen + 1;
  in.wvalid = request.wvalid && response_.wready;
  in.wlast = request.wlast;
  in.rready = r_taken_ = response_.rvalid && request.rready;
  in.bready = b_taken_ = response_.bvalid && request.bready;
  if (in.arvalid) TakeRead(request);
  if (in.awvalid || in.wvalid) {
    TakeWrite(request);
    MatchWrites();
  }
  return in;
}

void AxiMemoryPort::End(const MemoryPortOut& out) {
  ++cycle_;
  DriveRead(out);
  DriveWrite(out);
}

void AxiMemoryPort::Tick(const AxiRequest& request) {
  TF_CHECK(own_.has_value(), "the timing is shared");
  const MemoryPortIn in = Begin(request);
  own_->Tick({&in, 1});
  End(own_->out(0));
}

}  // namespace ternfab
