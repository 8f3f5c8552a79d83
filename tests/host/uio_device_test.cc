// SPDX-License-Identifier: Apache-2.0
// The board's device over ordinary files in the place of /dev and /sys.
#include "host/driver/uio_device.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/common/temp_folder.h"

namespace ternfab::driver {
namespace {

namespace fs = std::filesystem;

constexpr size_t kRegisterBytes = 0x1000, kMemoryBytes = 3 * 4096;

void Write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string Read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class UioDeviceTest : public ::testing::Test {
 protected:
  UioDeviceTest() {
    fs::create_directories(folder_ / "udmabuf0");
    Write(folder_ / "uio0", std::string(kRegisterBytes, '\0'));
    Write(folder_ / "size", "0x00001000\n");
    Write(folder_ / "buffer", std::string(kMemoryBytes, '\x11'));
    Write(folder_ / "udmabuf0/size", fmt::format("{}\n", kMemoryBytes));
    Write(folder_ / "udmabuf0/phys_addr", "0x0000000870000000\n");
    paths_ = {folder_ / "uio0", folder_ / "size", folder_ / "buffer", folder_ / "udmabuf0"};
  }

  std::unique_ptr<Device> Open() {
    auto device = OpenUioDevice(paths_);
    EXPECT_TRUE(device.has_value()) << device.error().message;
    return std::move(*device);
  }
  std::string OpenError() {
    const auto device = OpenUioDevice(paths_);
    return device ? "" : device.error().message;
  }
  /// What the driver of the buffer was told last.
  std::string Sync(const char* name) { return Read(folder_ / "udmabuf0" / name); }

  const testing::TempFolder temp_;
  const fs::path& folder_ = temp_.path();
  UioPaths paths_;
};

TEST(PollTimeout, IsClamped) {
  using std::chrono::milliseconds;
  EXPECT_EQ(PollTimeout(milliseconds(0)), 0);
  EXPECT_EQ(PollTimeout(milliseconds(-1)), 0) << "a negative one waits for ever";
  EXPECT_EQ(PollTimeout(milliseconds(0x7fffffff)), 0x7fffffff);
  EXPECT_EQ(PollTimeout(milliseconds(0x80000000)), 0x7fffffff);
  EXPECT_EQ(PollTimeout(std::chrono::hours(24 * 50)), 0x7fffffff);
  EXPECT_EQ(PollTimeout(milliseconds::max()), 0x7fffffff);
}

TEST_F(UioDeviceTest, SizesAndAddress) {
  const auto device = Open();
  EXPECT_EQ(device->memory_bytes(), kMemoryBytes);
  EXPECT_EQ(device->bus_address(), 0x8'7000'0000u);
}

TEST_F(UioDeviceTest, RegistersAreLittleEndianWordsOfTheFirstMap) {
  const auto device = Open();
  ASSERT_TRUE(device->WriteRegister(0x18, 0x01020304).has_value());
  ASSERT_TRUE(device->WriteRegister(0xffc, 0xa5a5a5a5).has_value());
  EXPECT_EQ(*device->ReadRegister(0x18), 0x01020304u);
  EXPECT_EQ(Read(folder_ / "uio0").substr(0x18, 4), "\x04\x03\x02\x01");
  EXPECT_EQ(Read(folder_ / "uio0").substr(0xffc, 4), "\xa5\xa5\xa5\xa5");
}

TEST_F(UioDeviceTest, RegisterOffsetsAreChecked) {
  const auto device = Open();
  for (const uint32_t offset : {0x1000u, 0xfffffffcu, 2u, 0x19u}) {
    const auto read = device->ReadRegister(offset);
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().message,
              fmt::format("register {:#x}: must be a multiple of 4 below 0x1000", offset));
    EXPECT_FALSE(device->WriteRegister(offset, 1).has_value());
  }
}

TEST_F(UioDeviceTest, CopiesAreFramedBySyncsOfTheirRange) {
  const auto device = Open();
  const std::vector<uint8_t> bytes = {1, 2, 3, 4, 5};
  ASSERT_TRUE(device->CopyIn(4095, bytes).has_value());
  EXPECT_EQ(Sync("sync_offset"), "4095");
  EXPECT_EQ(Sync("sync_size"), "5");
  EXPECT_EQ(Sync("sync_for_device"), "1");
  EXPECT_FALSE(fs::exists(folder_ / "udmabuf0/sync_for_cpu"));
  EXPECT_EQ(Read(folder_ / "buffer").substr(4094, 7), "\x11\x01\x02\x03\x04\x05\x11");

  std::vector<uint8_t> out(4);
  ASSERT_TRUE(device->CopyOut(4096, out).has_value());
  EXPECT_EQ(out, (std::vector<uint8_t>{2, 3, 4, 5}));
  EXPECT_EQ(Sync("sync_offset"), "4096");
  EXPECT_EQ(Sync("sync_size"), "4");
  EXPECT_EQ(Sync("sync_for_cpu"), "1");
}

TEST_F(UioDeviceTest, RangesAreChecked) {
  const auto device = Open();
  std::vector<uint8_t> bytes(8);
  EXPECT_TRUE(device->CopyIn(kMemoryBytes - 8, bytes).has_value());
  EXPECT_TRUE(device->CopyOut(kMemoryBytes - 8, bytes).has_value());
  EXPECT_TRUE(device->CopyOut(kMemoryBytes, {}).has_value());
  for (const uint64_t offset : {uint64_t(kMemoryBytes - 7), uint64_t(kMemoryBytes), ~uint64_t{0}}) {
    EXPECT_FALSE(device->CopyIn(offset, bytes).has_value());
    const auto out = device->CopyOut(offset, bytes);
    ASSERT_FALSE(out.has_value());
    EXPECT_NE(out.error().message.find("must be below 0x3000"), std::string::npos);
  }
}

TEST_F(UioDeviceTest, ASyncThatCannotBeWrittenIsAnError) {
  const auto device = Open();
  fs::create_directory(folder_ / "udmabuf0/sync_size");
  const std::vector<uint8_t> bytes(8);
  const auto in = device->CopyIn(0, bytes);
  ASSERT_FALSE(in.has_value());
  EXPECT_EQ(in.error().message, (folder_ / "udmabuf0/sync_size: cannot be written").string());
}

TEST_F(UioDeviceTest, MissingOrMalformedFilesAreNamed) {
  const UioPaths good = paths_;
  paths_.registers = folder_ / "uio9";
  EXPECT_EQ(OpenError(), (folder_ / "uio9: cannot be opened: No such file or directory").string());
  paths_ = good;
  paths_.registers_size = folder_ / "none";
  EXPECT_EQ(OpenError(), (folder_ / "none: must hold a number").string());
  paths_ = good;
  paths_.memory = folder_ / "none";
  EXPECT_EQ(OpenError(), (folder_ / "none: cannot be opened: No such file or directory").string());
  paths_ = good;
  Write(folder_ / "udmabuf0/size", "12k\n");
  EXPECT_EQ(OpenError(), (folder_ / "udmabuf0/size: must hold a number").string());
  Write(folder_ / "udmabuf0/size", "0\n");
  EXPECT_NE(OpenError().find("0 bytes cannot be mapped"), std::string::npos);
  Write(folder_ / "udmabuf0/size", "4096\n");
  Write(folder_ / "udmabuf0/phys_addr", "\n");
  EXPECT_EQ(OpenError(), (folder_ / "udmabuf0/phys_addr: must hold a number").string());
}

/// An ordinary file answers at once, as a UIO device does whose interrupt is pending.
TEST_F(UioDeviceTest, WaitArmsTheInterruptAndReadsItsCount) {
  const auto device = Open();
  const auto raised = device->WaitInterrupt(std::chrono::milliseconds(0));
  ASSERT_TRUE(raised.has_value()) << raised.error().message;
  EXPECT_TRUE(*raised);
  EXPECT_EQ(Read(folder_ / "uio0").substr(0, 4), std::string("\x01\0\0\0", 4));
}

}  // namespace
}  // namespace ternfab::driver
