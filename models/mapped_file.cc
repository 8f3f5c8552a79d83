// SPDX-License-Identifier: Apache-2.0
#include "models/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace ternfab {
namespace {

Expected<std::span<const uint8_t>> Map(int fd, const std::filesystem::path& path) {
  struct stat status;
  if (fstat(fd, &status) != 0) return Fail("{}: {}", path.string(), std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return Fail("{}: must be a regular file", path.string());
  if (status.st_size == 0) return std::span<const uint8_t>();
  void* address = mmap(nullptr, status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (address == MAP_FAILED) return Fail("{}: {}", path.string(), std::strerror(errno));
  return std::span(static_cast<const uint8_t*>(address), size_t(status.st_size));
}

}  // namespace

Expected<MappedFile> MappedFile::Open(const std::filesystem::path& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return Fail("{}: {}", path.string(), std::strerror(errno));
  const auto bytes = Map(fd, path);
  close(fd);
  if (!bytes) return tl::unexpected(bytes.error());
  const auto unmap = [size = bytes->size()](const uint8_t* address) {
    if (size > 0) munmap(const_cast<uint8_t*>(address), size);
  };
  return MappedFile(std::shared_ptr<const uint8_t>(bytes->data(), unmap), *bytes);
}

MappedFile MappedFile::FromBytes(std::vector<uint8_t> bytes) {
  const auto owner = std::make_shared<const std::vector<uint8_t>>(std::move(bytes));
  return MappedFile(owner, *owner);
}

}  // namespace ternfab
