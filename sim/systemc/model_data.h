// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <future>
#include <span>
#include <vector>

#include "codegen/plan/program.h"
#include "codegen/plan/schedule.h"
#include "common/error.h"
#include "host/cpu/emulator.h"
#include "sim/rtl/axi_memory.h"
#include "sim/systemc/memory_buffer.h"

namespace ternfab::systemc {

/// Wide beats that a run writes, or parts of one: bytes [begin, end) of main memory, counted as
/// Emulator::memory() does.
std::vector<ByteRange> WritesOf(const InstructionList& list, const DesignParams& design,
                                const RunArguments& arguments);

/// The data of a design's runs: the emulator's, kept equal to the bytes that lie, port by port, in
/// a platform's memory. A run is computed on a thread of its own.
class ModelData {
 public:
  /// `program` outlives the data.
  explicit ModelData(const Program& program);
  ~ModelData();

  /// The platform's memory.
  void Connect(const AxiStorage& storage) { storage_ = storage; }

  /// Takes over what the host wrote. `port_bases`: bus address of wide beat 0 for each port.
  /// Errors: a port outside the memory; other bytes than the Program's in its image, which the
  /// emulator does not execute.
  Expected<void> Take(std::span<const ByteRange> host_writes,
                      const std::vector<uint64_t>& port_bases);

  /// Starts to compute a run.
  void Begin(const InstructionList& list, const RunArguments& arguments);
  /// Waits for it; its tag indices.
  std::span<const uint32_t> TagIndices();
  /// Waits for it and puts its results into the platform's memory.
  void Finish();

 private:
  /// Takes wide beats [begin, end) of a port.
  Expected<void> TakeBeats(int port, uint64_t begin, uint64_t end);
  uint8_t* At(int port, uint64_t beat) const {
    return storage_.data + (port_bases_[size_t(port)] - storage_.base) + beat * port_bytes_;
  }

  const Program& program_;
  Emulator emulator_;
  uint64_t port_bytes_;
  uint64_t wide_bytes_;
  AxiStorage storage_;
  std::vector<uint64_t> port_bases_;
  std::vector<ByteRange> writes_;  ///< of the run in work
  std::future<void> work_;
};

}  // namespace ternfab::systemc
