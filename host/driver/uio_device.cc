// SPDX-License-Identifier: Apache-2.0
#include "host/driver/uio_device.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace ternfab::driver {
namespace {

Expected<uint64_t> ReadNumber(const std::string& path) {
  std::ifstream file(path);
  std::string text;
  file >> text;
  char* end = nullptr;
  const uint64_t value = std::strtoull(text.c_str(), &end, 0);
  if (text.empty() || *end != '\0') return Fail("{}: must hold a number", path);
  return value;
}

/// A file mapped for reading and writing.
class Mapping {
 public:
  static Expected<Mapping> Open(const std::string& path, uint64_t bytes) {
    Mapping m;
    m.file_ = open(path.c_str(), O_RDWR);
    if (m.file_ < 0) return Fail("{}: cannot be opened: {}", path, std::strerror(errno));
    void* at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, m.file_, 0);
    if (at == MAP_FAILED) {
      return Fail("{}: {} bytes cannot be mapped: {}", path, bytes, std::strerror(errno));
    }
    m.data_ = static_cast<uint8_t*>(at);
    m.bytes_ = bytes;
    return m;
  }
  Mapping() = default;
  Mapping(Mapping&& other) noexcept { *this = std::move(other); }
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Mapping() {
    if (data_) munmap(data_, bytes_);
    if (file_ >= 0) close(file_);
  }

  int file() const { return file_; }
  uint8_t* data() const { return data_; }
  uint64_t bytes() const { return bytes_; }

 private:
  int file_ = -1;
  uint8_t* data_ = nullptr;
  uint64_t bytes_ = 0;
};

class UioDevice : public Device {
 public:
  UioDevice(Mapping registers, Mapping memory, uint64_t bus_address, std::string folder)
      : registers_(std::move(registers)),
        memory_(std::move(memory)),
        bus_address_(bus_address),
        folder_(std::move(folder)) {}

  Expected<uint32_t> ReadRegister(uint32_t offset) override {
    TF_RETURN_IF_ERROR(CheckOffset(offset));
    return *reinterpret_cast<volatile uint32_t*>(registers_.data() + offset);
  }

  Expected<void> WriteRegister(uint32_t offset, uint32_t value) override {
    TF_RETURN_IF_ERROR(CheckOffset(offset));
    *reinterpret_cast<volatile uint32_t*>(registers_.data() + offset) = value;
    return {};
  }

  Expected<void> CopyIn(uint64_t offset, std::span<const uint8_t> bytes) override {
    TF_RETURN_IF_ERROR(CheckRange(offset, bytes.size()));
    std::memcpy(memory_.data() + offset, bytes.data(), bytes.size());
    return Sync("sync_for_device", offset, bytes.size());
  }

  Expected<void> CopyOut(uint64_t offset, std::span<uint8_t> bytes) override {
    TF_RETURN_IF_ERROR(CheckRange(offset, bytes.size()));
    TF_RETURN_IF_ERROR(Sync("sync_for_cpu", offset, bytes.size()));
    std::memcpy(bytes.data(), memory_.data() + offset, bytes.size());
    return {};
  }

  uint64_t memory_bytes() const override { return memory_.bytes(); }
  uint64_t bus_address() const override { return bus_address_; }

  // UIO: writing 1 arms the interrupt, a read blocks until it comes.
  Expected<bool> WaitInterrupt(std::chrono::milliseconds timeout) override {
    const uint32_t arm = 1;
    if (write(registers_.file(), &arm, sizeof arm) != ssize_t(sizeof arm)) {
      return Fail("UIO: the interrupt cannot be armed: {}", std::strerror(errno));
    }
    pollfd wait{registers_.file(), POLLIN, 0};
    const int ready = poll(&wait, 1, PollTimeout(timeout));
    if (ready < 0 && errno != EINTR) return Fail("UIO: poll failed: {}", std::strerror(errno));
    if (ready <= 0) return false;
    uint32_t count = 0;
    if (read(registers_.file(), &count, sizeof count) != ssize_t(sizeof count)) {
      return Fail("UIO: the interrupt cannot be read: {}", std::strerror(errno));
    }
    return true;
  }

 private:
  Expected<void> CheckOffset(uint32_t offset) const {
    if (offset % 4 == 0 && offset + 4ull <= registers_.bytes()) return {};
    return Fail("register {:#x}: must be a multiple of 4 below {:#x}", offset, registers_.bytes());
  }

  Expected<void> CheckRange(uint64_t offset, uint64_t bytes) const {
    if (bytes <= memory_.bytes() && offset <= memory_.bytes() - bytes) return {};
    return Fail("memory {:#x}..{:#x}: must be below {:#x}", offset, offset + bytes,
                memory_.bytes());
  }

  Expected<void> Sync(const char* what, uint64_t offset, uint64_t bytes) const {
    for (const auto& [name, value] : {std::pair<const char*, uint64_t>{"sync_offset", offset},
                                      {"sync_size", bytes},
                                      {what, 1}}) {
      std::ofstream file(folder_ + "/" + name);
      file << value << std::flush;
      if (!file) return Fail("{}/{}: cannot be written", folder_, name);
    }
    return {};
  }

  Mapping registers_;
  Mapping memory_;
  uint64_t bus_address_;
  std::string folder_;
};

}  // namespace

Expected<std::unique_ptr<Device>> OpenUioDevice(const UioPaths& paths) {
  TF_ASSIGN_OR_RETURN(const uint64_t register_bytes, ReadNumber(paths.registers_size));
  TF_ASSIGN_OR_RETURN(Mapping registers, Mapping::Open(paths.registers, register_bytes));
  TF_ASSIGN_OR_RETURN(const uint64_t memory_bytes, ReadNumber(paths.memory_folder + "/size"));
  TF_ASSIGN_OR_RETURN(const uint64_t address, ReadNumber(paths.memory_folder + "/phys_addr"));
  TF_ASSIGN_OR_RETURN(Mapping memory, Mapping::Open(paths.memory, memory_bytes));
  return std::make_unique<UioDevice>(std::move(registers), std::move(memory), address,
                                     paths.memory_folder);
}

}  // namespace ternfab::driver
