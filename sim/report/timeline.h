// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "codegen/plan/program.h"
#include "sim/run_record.h"

namespace ternfab {

/// Writes what a design did, and when, as a Chrome trace (JSON, readable by ui.perfetto.dev) while
/// it is simulated. Rows: sequencer (an event for each run), ternary, int8, vector unit (an event
/// for each instruction) and memory ports (an event as long as the number of read bursts in flight
/// stays the same). Events of a row do not overlap. Times are microseconds from cycle 0 of the
/// device, cut to whole nanoseconds; the exact cycles are arguments of the events.
class TimelineWriter {
 public:
  /// `out` outlives the writer. `title` names the design.
  TimelineWriter(std::ostream& out, std::string_view title, double clock_mhz, int ports);

  /// A run that has ended and its instructions; `run.times` was recorded.
  void AddRun(const InstructionList& list, const RunRecord& run);
  /// `bursts` read bursts were in flight at `port` from cycle `begin` on, until `end`.
  void AddBursts(int port, uint64_t begin, uint64_t end, int bursts);
  /// Ends the file.
  void Finish();

 private:
  void Row(int row, std::string_view name);
  /// An event from the beginning of cycle `begin` to that of cycle `end`; `arguments` is JSON.
  void Event(int row, std::string_view name, uint64_t begin, uint64_t end,
             std::string_view arguments);
  void Flush(size_t least_bytes);

  std::ostream& out_;
  double clock_mhz_;
  std::string buffer_;
};

}  // namespace ternfab
