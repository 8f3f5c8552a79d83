// SPDX-License-Identifier: Apache-2.0
#include "sim/systemc/model_data.h"

#include <algorithm>
#include <cstring>

#include "common/integer.h"
#include "sim/timing/decode.h"

namespace ternfab::systemc {

std::vector<ByteRange> WritesOf(const InstructionList& list, const DesignParams& design,
                                const RunArguments& arguments) {
  std::vector<ByteRange> writes;
  const uint64_t wide = uint64_t(design.wide_bytes());
  for (const timing::DecodedInstruction& d : timing::DecodeRun(list, design, arguments)) {
    if (d.skip || d.opcode != isa::Opcode::kVector) continue;
    uint64_t begin = d.mem_addr * wide;
    uint64_t bytes = 0;
    if (d.dst == isa::Destination::kMemElement) {
      begin += 4 * uint64_t{d.mem_elem};
      bytes = 4;
    } else if (d.dst == isa::Destination::kMemF32 || d.dst == isa::Destination::kMemI8) {
      const int64_t size = d.dst == isa::Destination::kMemI8 ? 1 : 4;
      bytes = d.segments * uint64_t(RoundUp(int64_t(d.length) * size, int64_t(wide)));
    }
    if (bytes != 0) writes.push_back({begin, begin + bytes});
  }
  return writes;
}

ModelData::ModelData(const Program& program)
    : program_(program),
      emulator_(program),
      port_bytes_(uint64_t(program.design.port_bytes())),
      wide_bytes_(uint64_t(program.design.wide_bytes())) {}

ModelData::~ModelData() {
  if (work_.valid()) work_.wait();
}

Expected<void> ModelData::TakeBeats(int port, uint64_t begin, uint64_t end) {
  const uint64_t image_beats = program_.image.size() / wide_bytes_;
  uint8_t* to = emulator_.memory().data() + uint64_t(port) * port_bytes_;
  for (uint64_t beat = begin; beat < end; ++beat) {
    const uint8_t* from = At(port, beat);
    if (beat >= image_beats) {
      std::memcpy(to + beat * wide_bytes_, from, port_bytes_);
    } else if (std::memcmp(to + beat * wide_bytes_, from, port_bytes_) != 0) {
      return Fail("memory differs from the Program's image at wide beat {}, port {}", beat, port);
    }
  }
  return {};
}

Expected<void> ModelData::Take(std::span<const ByteRange> host_writes,
                               const std::vector<uint64_t>& port_bases) {
  port_bases_ = port_bases;
  const uint64_t strip = program_.total_beats * port_bytes_;
  for (int p = 0; p < program_.design.ports; ++p) {
    const uint64_t base = port_bases[size_t(p)];
    if (base < storage_.base || strip > storage_.bytes ||
        base - storage_.base > storage_.bytes - strip) {
      return Fail("PORT_BASE of port {} = {:#x}: the Program's {} bytes do not lie in memory", p,
                  base, strip);
    }
    const uint64_t first = base - storage_.base;
    for (const ByteRange& range : host_writes) {
      const uint64_t begin = std::max(range.begin, first);
      const uint64_t end = std::min(range.end, first + strip);
      if (begin >= end) continue;
      TF_RETURN_IF_ERROR(TakeBeats(p, (begin - first) / port_bytes_,
                                   (end - first + port_bytes_ - 1) / port_bytes_));
    }
  }
  return {};
}

void ModelData::Begin(const InstructionList& list, const RunArguments& arguments) {
  writes_ = WritesOf(list, program_.design, arguments);
  work_ =
      std::async(std::launch::async, [this, &list, arguments] { emulator_.Run(list, arguments); });
}

std::span<const uint32_t> ModelData::TagIndices() {
  work_.wait();
  return emulator_.tag_indices();
}

void ModelData::Finish() {
  work_.get();
  const uint8_t* memory = emulator_.memory().data();
  for (const ByteRange& range : writes_) {
    for (uint64_t byte = range.begin; byte < range.end;) {
      const uint64_t beat = byte / wide_bytes_;
      const uint64_t port = byte % wide_bytes_ / port_bytes_;
      const uint64_t part = byte % port_bytes_;
      const uint64_t n = std::min(port_bytes_ - part, range.end - byte);
      std::memcpy(At(int(port), beat) + part, memory + byte, n);
      byte += n;
    }
  }
}

}  // namespace ternfab::systemc
