// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/jobs_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "common/check.h"
#include "sim/timing/design_model.h"

namespace ternfab::rtl {

JobsMemory::JobsMemory(const Program& program)
    : bases_(timing::PortBases(program, 0)),
      port_bytes_(size_t(program.design.port_bytes())),
      wide_bytes_(size_t(program.design.wide_bytes())) {
  constexpr uint64_t kPageBytes = 4096;
  const uint64_t strip = program.total_beats * port_bytes_;
  bytes_ = bases_.back() + (strip + kPageBytes - 1) / kPageBytes * kPageBytes;
  file_ = memfd_create("ternfab", MFD_CLOEXEC);
  TF_CHECK(file_ >= 0 && ftruncate(file_, off_t(bytes_)) == 0, "{} bytes of memory", bytes_);
  void* data = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0);
  TF_CHECK(data != MAP_FAILED, "{} bytes of memory", bytes_);
  data_ = static_cast<uint8_t*>(data);
  Write(0, 0, program.image);
}

JobsMemory::~JobsMemory() {
  munmap(data_, bytes_);
  close(file_);
}

uint8_t* JobsMemory::At(uint64_t beat, uint64_t offset) const {
  beat += offset / wide_bytes_;
  offset %= wide_bytes_;
  return data_ + bases_[offset / port_bytes_] + beat * port_bytes_ + offset % port_bytes_;
}

void JobsMemory::Write(uint64_t beat, uint64_t offset, std::span<const uint8_t> bytes) {
  for (size_t done = 0; done < bytes.size();) {
    const size_t n = std::min(bytes.size() - done, port_bytes_ - (offset + done) % port_bytes_);
    std::memcpy(At(beat, offset + done), &bytes[done], n);
    done += n;
  }
}

void JobsMemory::Read(uint64_t beat, std::span<uint8_t> out) const {
  for (size_t done = 0; done < out.size();) {
    const size_t n = std::min(out.size() - done, port_bytes_ - done % port_bytes_);
    std::memcpy(&out[done], At(beat, done), n);
    done += n;
  }
}

}  // namespace ternfab::rtl
