// SPDX-License-Identifier: Apache-2.0
#include "codegen/board_kv260.h"

#include <algorithm>
#include <string_view>

#include "codegen/board_kv260_tcl.h"
#include "codegen/embedded.h"
#include "codegen/text_writer.h"
#include "codegen/top_writer.h"

namespace ternfab {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;
/// The DDR lies in two halves of 2 GiB; a contiguous buffer has to fit into one beside Linux.
constexpr uint64_t kMaxBufferBytes = 1536 * kMiB;
constexpr int kInterrupt = 89;  ///< shared peripheral interrupt of pl_ps_irq0[0]

uint64_t BufferBytes(const DesignSignature& s) {
  return std::min(s.params.memory_bytes, kMaxBufferBytes);
}

std::string Overlay(const DesignSignature& s) {
  TextWriter out;
  out.Raw("/dts-v1/;");
  out.Raw("/plugin/;");
  out.Blank();
  out.Raw("&fpga_full {");
  out.Line("  firmware-name = \"tf_{}.bit.bin\";", s.identifier);
  out.Raw("};");
  out.Blank();
  out.Raw("&amba {");
  out.Raw("  #address-cells = <2>;");
  out.Raw("  #size-cells = <2>;");
  out.Blank();
  out.Raw("  tf_clock: tf-clock {");
  out.Raw("    compatible = \"xlnx,fclk\";");
  out.Raw("    #clock-cells = <0>;");
  out.Raw("    clocks = <&zynqmp_clk 71>;");
  out.Raw("    assigned-clocks = <&zynqmp_clk 71>;");
  out.Line("    assigned-clock-rates = <{}>;", uint64_t(s.clock_mhz * 1e6));
  out.Raw("  };");
  out.Blank();
  out.Line("  tf_design: ternfab@{:x} {{", kv260::kControlAddress);
  out.Raw("    compatible = \"generic-uio\";");
  out.Line("    reg = <0x0 0x{:x} 0x0 0x{:x}>;", kv260::kControlAddress, 1 << kRegisterAddressBits);
  out.Raw("    interrupt-parent = <&gic>;");
  out.Line("    interrupts = <0 {} 4>;", kInterrupt);
  out.Raw("  };");
  out.Blank();
  out.Raw("  tf_memory: tf-memory {");
  out.Raw("    compatible = \"ikwzm,u-dma-buf\";");
  out.Raw("    device-name = \"udmabuf0\";");
  out.Line("    size = <0x{:x}>;  // {} MiB", BufferBytes(s), BufferBytes(s) / kMiB);
  out.Raw("  };");
  out.Raw("};");
  return GeneratedBanner(s, "//", "Device-tree overlay for the KV260.") + out.text();
}

std::string Makefile(const DesignSignature& s) {
  const std::string name = "tf_" + s.identifier;
  return GeneratedBanner(s, "#", "Driver and overlay for the KV260.") +
         fmt::format(
             "#\n"
             "# make            the program for the board and the overlay\n"
             "# make bit.bin    the bitstream for the FPGA manager (bootgen, after Vivado)\n"
             "# Needs g++-aarch64-linux-gnu, device-tree-compiler, and the headers of {{fmt}} and\n"
             "# tl-expected (libfmt-dev, libexpected-dev).\n"
             "CXX := aarch64-linux-gnu-g++\n"
             "CXXFLAGS := -std=c++20 -O2 -Wall -Wextra -DFMT_HEADER_ONLY -I../driver\n"
             "SOURCES := run.cc $(wildcard ../driver/host/driver/*.cc)\n"
             "HEADERS := $(wildcard ../driver/*.h ../driver/*/*.h ../driver/*/*/*.h)\n"
             "\n"
             ".PHONY: all bit.bin clean\n"
             "all: {0}_run {0}.dtbo\n"
             "\n"
             "{0}_run: $(SOURCES) $(HEADERS)\n"
             "\t$(CXX) $(CXXFLAGS) -static -o $@ $(SOURCES)\n"
             "\n"
             "{0}.dtbo: {0}.dts\n"
             "\tdtc -@ -I dts -O dtb -o $@ $<\n"
             "\n"
             "bit.bin: {0}.bit\n"
             "\tprintf 'all: {{ [destination_device = pl] {0}.bit }}\\n' > {0}.bif\n"
             "\tbootgen -w -arch zynqmp -process_bitstream bin -image {0}.bif\n"
             "\n"
             "clean:\n"
             "\trm -f {0}_run {0}.dtbo {0}.bif {0}.bit.bin\n",
             name);
}

/// The program for the board, but for its banner; NAME is the design.
constexpr std::string_view kRunner = R"(//
// Loads a Program file into the design, runs a prompt of token ids, decodes greedily and prints the
// ids, then the counters of the last run. Not run on a board.
// usage: tf_NAME_run [-u UIO] [-n IDS] [-t SECONDS] PROGRAM ID...
//   -u  number of the UIO device, 0     -n  ids to decode, 16     -t  limit of one run, 60
// Exit status: 0; 1 where something failed; 2 where the usage or the device is wrong.
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "host/driver/driver.h"
#include "host/driver/greedy.h"
#include "host/driver/program_view.h"
#include "host/driver/uio_device.h"
#include "tf_NAME.h"

namespace {

namespace driver = ternfab::driver;

struct Options {
  std::string uio = "uio0";
  uint32_t count = 16;
  std::chrono::seconds timeout{60};
  std::string program;
  std::vector<uint32_t> prompt;
};

bool ParseNumber(const char* text, uint32_t& value) {
  char* end = nullptr;
  const unsigned long long number = std::strtoull(text, &end, 10);
  value = uint32_t(number);
  return text[0] >= '0' && text[0] <= '9' && *end == '\0' && number <= UINT32_MAX;
}

bool ParseOptions(int argc, char** argv, Options& o) {
  uint32_t value = 0;
  for (int c; (c = getopt(argc, argv, "u:n:t:")) != -1;) {
    if (c == '?' || !ParseNumber(optarg, value)) return false;
    if (c == 'u') o.uio = "uio" + std::to_string(value);
    if (c == 'n') o.count = value;
    if (c == 't') o.timeout = std::chrono::seconds(value);
  }
  if (argc - optind < 2) return false;
  o.program = argv[optind];
  for (int i = optind + 1; i < argc; ++i) {
    if (!ParseNumber(argv[i], value)) return false;
    o.prompt.push_back(value);
  }
  return true;
}

int Report(const ternfab::Error& error, int status) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return status;
}

void PrintId(uint32_t id) {
  std::printf("%u\n", id);
  std::fflush(stdout);
}

bool ReadFile(const std::string& path, std::vector<uint8_t>& bytes) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file || file.tellg() < 0) return false;
  bytes.resize(size_t(file.tellg()));
  file.seekg(0);
  return bool(file.read(reinterpret_cast<char*>(bytes.data()), std::streamsize(bytes.size())));
}

int Run(const Options& o, driver::Device& device) {
  auto design = driver::Driver::Open(device, tf_NAME::kDesign);
  if (!design) return Report(design.error(), 1);
  std::vector<uint8_t> bytes;
  if (!ReadFile(o.program, bytes)) return Report({o.program + ": cannot be read"}, 1);
  const auto program = driver::ParseProgramView(bytes);
  if (!program) return Report(program.error(), 1);
  if (const auto loaded = design->Load(*program); !loaded) return Report(loaded.error(), 1);
  bytes = {};
  const auto ids =
      driver::DecodeGreedy(*design, *program, o.prompt, o.count, o.timeout, PrintId);
  if (!ids) return Report(ids.error(), 1);
  const auto counters = design->Counters();
  if (!counters) return Report(counters.error(), 1);
  for (const auto& counter : *counters) {
    std::printf("%-14s %llu\n", counter.name.c_str(), (unsigned long long)counter.value);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!ParseOptions(argc, argv, options)) {
    std::fprintf(stderr, "usage: %s [-u UIO] [-n IDS] [-t SECONDS] PROGRAM ID...\n", argv[0]);
    return 2;
  }
  driver::UioPaths paths;
  paths.registers = "/dev/" + options.uio;
  paths.registers_size = "/sys/class/uio/" + options.uio + "/maps/map0/size";
  auto device = driver::OpenUioDevice(paths);
  if (!device) return Report(device.error(), 2);
  return Run(options, **device);
}
)";

std::string Runner(const DesignSignature& s) {
  constexpr std::string_view kName = "NAME";
  std::string text(kRunner);
  for (size_t at = 0; (at = text.find(kName, at)) != std::string::npos;) {
    text.replace(at, kName.size(), s.identifier);
    at += s.identifier.size();
  }
  return GeneratedBanner(s, "//", "Runs a model on the board.") + text;
}

std::string Readme(const DesignSignature& s) {
  return fmt::format(
      "# {0} on the KV260\n\n"
      "**Not run.** These files were written without Vivado and without a board: the overlay\n"
      "compiles with dtc and the driver with the aarch64 compiler, nothing here has been\n"
      "synthesised by Vivado, placed, or executed on a KV260. Expect to correct details.\n\n"
      "1. `vivado -mode batch -source scripts/package_ip.tcl` packages the design as IP.\n"
      "2. `vivado -mode batch -source board/block_design.tcl` builds the bitstream: the "
      "processing\n"
      "   system, the design at 0x{1:x}, one SmartConnect for each HP port, {2} MHz from PL0.\n"
      "3. `make -C board all bit.bin` builds the overlay, `tf_{0}_run` and `tf_{0}.bit.bin`.\n"
      "4. On the board: put `tf_{0}.bit.bin` and `tf_{0}.dtbo` under `/lib/firmware`, apply the\n"
      "   overlay (`xmutil loadapp` with `shell.json`, or configfs), with `uio_pdrv_genirq.of_id=\n"
      "   generic-uio` and `cma={3}M` on the kernel's command line and the module u-dma-buf "
      "loaded.\n"
      "5. `tf_{0}_run program.tfpr ID...` opens `/dev/uio0`, compares the design's hash, resets "
      "the\n"
      "   design, loads the Program file, runs the token ids as a prompt, decodes 16 ids (`-n`)\n"
      "   greedily and prints them and the counters of the last run. `ternfab generate --model`\n"
      "   writes `program.tfpr` for the model.\n\n"
      "The buffer of the overlay has {3} MiB. The board's DDR lies in two ranges of 2 GiB, and a\n"
      "contiguous buffer has to fit into one of them beside Linux; the spec gives {4} MiB.\n",
      s.identifier, kv260::kControlAddress, s.clock_mhz, BufferBytes(s) / kMiB,
      s.params.memory_bytes / kMiB);
}

}  // namespace

std::vector<GeneratedFile> EmitBoardKv260(const DesignSignature& s) {
  return {{"board/README.md", Readme(s)},
          {"board/block_design.tcl", kv260::EmitBlockDesign(s)},
          {"board/tf_" + s.identifier + ".dts", Overlay(s)},
          {"board/shell.json", "{\"shell_type\": \"XRT_FLAT\", \"num_slots\": \"1\"}\n"},
          {"board/run.cc", Runner(s)},
          {"board/Makefile", Makefile(s)}};
}

}  // namespace ternfab
