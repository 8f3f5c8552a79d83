// SPDX-License-Identifier: Apache-2.0
#include "codegen/board_kv260.h"

#include <algorithm>

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
             "# make            the probe for the board and the overlay\n"
             "# make bit.bin    the bitstream for the FPGA manager (bootgen, after Vivado)\n"
             "# Needs g++-aarch64-linux-gnu, device-tree-compiler, and the headers of {{fmt}} and\n"
             "# tl-expected (libfmt-dev, libexpected-dev).\n"
             "CXX := aarch64-linux-gnu-g++\n"
             "CXXFLAGS := -std=c++20 -O2 -Wall -Wextra -DFMT_HEADER_ONLY -I../driver\n"
             "SOURCES := probe.cc $(wildcard ../driver/host/driver/*.cc)\n"
             "HEADERS := $(wildcard ../driver/*.h ../driver/*/*.h ../driver/*/*/*.h)\n"
             "\n"
             ".PHONY: all bit.bin clean\n"
             "all: {0}_probe {0}.dtbo\n"
             "\n"
             "{0}_probe: $(SOURCES) $(HEADERS)\n"
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
             "\trm -f {0}_probe {0}.dtbo {0}.bif {0}.bit.bin\n",
             name);
}

std::string Probe(const DesignSignature& s) {
  TextWriter out;
  out.Raw("//");
  out.Raw(
      "// Opens the design, compares its hash, resets it and prints the counters of its last run.");
  out.Raw("// usage: probe [UIO-NUMBER]");
  out.Raw("#include <cstdio>");
  out.Raw("#include <string>");
  out.Blank();
  out.Raw("#include \"host/driver/driver.h\"");
  out.Raw("#include \"host/driver/uio_device.h\"");
  out.Line("#include \"tf_{}.h\"", s.identifier);
  out.Blank();
  out.Raw("int main(int argc, char** argv) {");
  out.Raw("  ternfab::driver::UioPaths paths;");
  out.Raw("  const std::string uio = std::string(\"uio\") + (argc > 1 ? argv[1] : \"0\");");
  out.Raw("  paths.registers = \"/dev/\" + uio;");
  out.Raw("  paths.registers_size = \"/sys/class/uio/\" + uio + \"/maps/map0/size\";");
  out.Raw("  auto device = ternfab::driver::OpenUioDevice(paths);");
  out.Raw("  if (!device) {");
  out.Raw("    std::fprintf(stderr, \"%s\\n\", device.error().message.c_str());");
  out.Raw("    return 2;");
  out.Raw("  }");
  out.Line("  auto driver = ternfab::driver::Driver::Open(**device, tf_{}::kDesign);",
           s.identifier);
  out.Raw("  if (!driver) {");
  out.Raw("    std::fprintf(stderr, \"%s\\n\", driver.error().message.c_str());");
  out.Raw("    return 1;");
  out.Raw("  }");
  out.Line("  std::printf(\"design %s answers\\n\", tf_{}::kName);", s.identifier);
  out.Raw("  const auto counters = driver->Counters();");
  out.Raw("  if (!counters) return 1;");
  out.Raw("  for (const auto& counter : *counters) {");
  out.Raw(
      "    std::printf(\"%-14s %llu\\n\", counter.name.c_str(), (unsigned long "
      "long)counter.value);");
  out.Raw("  }");
  out.Raw("  return 0;");
  out.Raw("}");
  return GeneratedBanner(s, "//", "Probe of the design on the board.") + out.text();
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
      "3. `make -C board all bit.bin` builds the overlay, the probe and `tf_{0}.bit.bin`.\n"
      "4. On the board: put `tf_{0}.bit.bin` and `tf_{0}.dtbo` under `/lib/firmware`, apply the\n"
      "   overlay (`xmutil loadapp` with `shell.json`, or configfs), with `uio_pdrv_genirq.of_id=\n"
      "   generic-uio` and `cma={3}M` on the kernel's command line and the module u-dma-buf "
      "loaded.\n"
      "5. `tf_{0}_probe` opens `/dev/uio0`, compares the design's hash and prints its counters.\n\n"
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
          {"board/probe.cc", Probe(s)},
          {"board/Makefile", Makefile(s)}};
}

}  // namespace ternfab
