// SPDX-License-Identifier: Apache-2.0
#include "host/driver/driver.h"

#include <algorithm>
#include <cstring>

namespace ternfab::driver {
namespace {

constexpr uint64_t kPageBytes = 4096;  // port bases are page aligned
constexpr uint64_t kMaxBeats = uint64_t{1} << 32;
constexpr uint64_t kChunkBytes = uint64_t{1} << 20;
constexpr int kResetPolls = 1'000'000;
constexpr uint32_t kStart = 1, kDone = 2, kIdle = 4, kSoftReset = 1;

}  // namespace

Expected<uint64_t> Driver::ReadWide(uint32_t offset) {
  TF_ASSIGN_OR_RETURN(const uint64_t lo, device_->ReadRegister(offset));
  TF_ASSIGN_OR_RETURN(const uint64_t hi, device_->ReadRegister(offset + 4));
  return hi << 32 | lo;
}

Expected<Driver> Driver::Open(Device& device, const DesignInfo& info) {
  Driver driver(device, info);
  TF_ASSIGN_OR_RETURN(const uint32_t version, device.ReadRegister(info.offsets.isa_version));
  if (version != info.isa_version) {
    return Fail("device: ISA_VERSION = {}: must be {} (driver of {})", version, info.isa_version,
                info.name);
  }
  TF_ASSIGN_OR_RETURN(const uint64_t hash, driver.ReadWide(info.offsets.design_hash_lo));
  if (hash != info.design_hash) {
    return Fail("device: DESIGN_HASH = {:016x}: must be {:016x} (driver of {})", hash,
                info.design_hash, info.name);
  }
  return driver;
}

Expected<void> Driver::Reset() {
  TF_RETURN_IF_ERROR(device_->WriteRegister(info_->offsets.control, kSoftReset));
  for (int i = 0; i < kResetPolls; ++i) {
    TF_ASSIGN_OR_RETURN(const uint32_t control, device_->ReadRegister(info_->offsets.control));
    if ((control & kSoftReset) == 0) return {};
  }
  return Fail("device {}: CONTROL.SOFT_RESET stays 1: outstanding transfers do not end",
              info_->name);
}

// A bit of ISR is toggled by writing 1: what is set, by whomever, becomes 0.
Expected<void> Driver::ClearInterrupt() {
  TF_ASSIGN_OR_RETURN(const uint32_t pending, device_->ReadRegister(info_->offsets.isr));
  return device_->WriteRegister(info_->offsets.isr, pending);
}

Expected<void> Driver::WriteStrip(std::span<const uint8_t> image, uint32_t port) {
  const uint64_t beats = image.size() / WideBytes();
  const uint64_t per_chunk = std::max<uint64_t>(1, kChunkBytes / info_->port_bytes);
  std::vector<uint8_t> chunk;
  for (uint64_t first = 0; first < program_.total_beats; first += per_chunk) {
    const uint64_t n = std::min(per_chunk, program_.total_beats - first);
    chunk.assign(n * info_->port_bytes, 0);
    for (uint64_t i = 0; i < n && first + i < beats; ++i) {
      std::memcpy(&chunk[i * info_->port_bytes],
                  &image[(first + i) * WideBytes() + uint64_t(port) * info_->port_bytes],
                  info_->port_bytes);
    }
    TF_RETURN_IF_ERROR(device_->CopyIn(port * strip_bytes_ + first * info_->port_bytes, chunk));
  }
  return {};
}

Expected<void> Driver::Load(const ProgramView& program) {
  loaded_ = false;
  if (program.design_hash != info_->design_hash) {
    return Fail("program: design hash {:016x}: must be {:016x} (design {})", program.design_hash,
                info_->design_hash, info_->name);
  }
  if (program.total_beats > kMaxBeats || program.image.size() % WideBytes() != 0) {
    return Fail("program: {} wide beats, image of {} bytes: must be at most {}, a multiple of {}",
                program.total_beats, program.image.size(), kMaxBeats, WideBytes());
  }
  program_ = program;
  program_.image = {};
  strip_bytes_ = program.total_beats * info_->port_bytes;
  strip_bytes_ = (strip_bytes_ + kPageBytes - 1) / kPageBytes * kPageBytes;
  if (strip_bytes_ * info_->ports > device_->memory_bytes()) {
    return Fail("program: {} bytes of memory: must be at most {} (the device's buffer)",
                strip_bytes_ * info_->ports, device_->memory_bytes());
  }
  // A soft reset leaves the interrupt as it is: other software may have left bits set.
  TF_RETURN_IF_ERROR(device_->WriteRegister(info_->offsets.gie, 0));
  TF_RETURN_IF_ERROR(device_->WriteRegister(info_->offsets.ier, 0));
  TF_RETURN_IF_ERROR(Reset());
  for (uint32_t port = 0; port < info_->ports; ++port) {
    TF_RETURN_IF_ERROR(WriteStrip(program.image, port));
    const uint64_t base = device_->bus_address() + port * strip_bytes_;
    const uint32_t at = port * info_->offsets.port_base_stride;
    TF_RETURN_IF_ERROR(device_->WriteRegister(info_->offsets.port_base_lo + at, uint32_t(base)));
    TF_RETURN_IF_ERROR(
        device_->WriteRegister(info_->offsets.port_base_hi + at, uint32_t(base >> 32)));
  }
  TF_RETURN_IF_ERROR(ClearInterrupt());
  TF_RETURN_IF_ERROR(device_->WriteRegister(info_->offsets.ier, 1));
  TF_RETURN_IF_ERROR(device_->WriteRegister(info_->offsets.gie, 1));
  loaded_ = true;
  return {};
}

Expected<void> Driver::CheckError() {
  TF_ASSIGN_OR_RETURN(const uint32_t cause, device_->ReadRegister(info_->offsets.error));
  if (cause == 0) return {};
  TF_ASSIGN_OR_RETURN(const uint32_t index, device_->ReadRegister(info_->offsets.error_index));
  const char* text = "unknown cause";
  for (uint32_t i = 0; i < info_->error_count; ++i) {
    if (info_->errors[i].cause == cause) text = info_->errors[i].text;
  }
  const std::string where = index == 0xffffffff ? "" : fmt::format(" at instruction {}", index);
  return Fail("device {}: ERROR = {}{}: {}", info_->name, cause, where, text);
}

Expected<void> Driver::Run(const StartArguments& arguments, std::chrono::milliseconds timeout) {
  if (!loaded_) return Fail("device {}: no program is loaded", info_->name);
  if (arguments.count == 0 || arguments.count > info_->batch) {
    return Fail("count = {}: must be 1..{} (batch of {})", arguments.count, info_->batch,
                info_->name);
  }
  const RegisterOffsets& at = info_->offsets;
  const uint32_t program = arguments.count == 1 ? program_.decode_beat : program_.prefill_beat;
  TF_RETURN_IF_ERROR(device_->WriteRegister(at.program, program));
  TF_RETURN_IF_ERROR(device_->WriteRegister(at.position, arguments.position));
  TF_RETURN_IF_ERROR(device_->WriteRegister(at.count, arguments.count));
  for (uint32_t i = 0; i < arguments.count; ++i) {
    TF_RETURN_IF_ERROR(device_->WriteRegister(at.token + 4 * i, arguments.tokens[i]));
  }
  loaded_ = false;  // until the run has ended well
  TF_RETURN_IF_ERROR(device_->WriteRegister(at.ap_ctrl, kStart));
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    TF_ASSIGN_OR_RETURN(const bool raised,
                        device_->WaitInterrupt(std::max(left, std::chrono::milliseconds(0))));
    TF_ASSIGN_OR_RETURN(const uint32_t control, device_->ReadRegister(at.ap_ctrl));
    if (control & (kDone | kIdle)) break;
    if (!raised && left.count() <= 0) {
      return Fail("device {}: no end of the run after {} ms", info_->name, timeout.count());
    }
  }
  TF_RETURN_IF_ERROR(ClearInterrupt());
  TF_RETURN_IF_ERROR(CheckError());
  loaded_ = true;
  return {};
}

Expected<void> Driver::Write(uint64_t beat, std::span<const uint8_t> bytes) {
  const uint64_t beats = bytes.size() / WideBytes();
  if (bytes.size() % WideBytes() != 0 || beat + beats > program_.total_beats) {
    return Fail("program: write of {} bytes at wide beat {}: must be whole wide beats of {}",
                bytes.size(), beat, program_.total_beats);
  }
  std::vector<uint8_t> strip(beats * info_->port_bytes);
  for (uint32_t port = 0; port < info_->ports; ++port) {
    for (uint64_t i = 0; i < beats; ++i) {
      std::memcpy(&strip[i * info_->port_bytes],
                  &bytes[i * WideBytes() + uint64_t(port) * info_->port_bytes], info_->port_bytes);
    }
    TF_RETURN_IF_ERROR(device_->CopyIn(port * strip_bytes_ + beat * info_->port_bytes, strip));
  }
  return {};
}

Expected<void> Driver::Read(uint64_t beat, std::span<uint8_t> out) {
  const uint64_t beats = (out.size() + WideBytes() - 1) / WideBytes();
  std::vector<uint8_t> strip(beats * info_->port_bytes);
  for (uint32_t port = 0; port < info_->ports; ++port) {
    TF_RETURN_IF_ERROR(device_->CopyOut(port * strip_bytes_ + beat * info_->port_bytes, strip));
    for (uint64_t i = 0; i < beats; ++i) {
      const uint64_t to = i * WideBytes() + uint64_t(port) * info_->port_bytes;
      if (to >= out.size()) break;
      std::memcpy(&out[to], &strip[i * info_->port_bytes],
                  std::min<uint64_t>(info_->port_bytes, out.size() - to));
    }
  }
  return {};
}

Expected<std::vector<CounterValue>> Driver::Counters() {
  std::vector<CounterValue> counters;
  for (uint32_t i = 0; i < info_->counter_count; ++i) {
    TF_ASSIGN_OR_RETURN(const uint64_t value, ReadWide(info_->offsets.counters + 8 * i));
    counters.push_back({info_->counter_names[i], value});
  }
  return counters;
}

}  // namespace ternfab::driver
