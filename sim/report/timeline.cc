// SPDX-License-Identifier: Apache-2.0
#include "sim/report/timeline.h"

#include <fmt/format.h>

#include <iterator>

namespace ternfab {
namespace {

constexpr int kSequencerRow = 0;
constexpr int kUnitRow = 1;   // of the ternary unit; the others follow
constexpr int kPortRow = 10;  // of port 0
constexpr size_t kBufferBytes = size_t{1} << 16;

/// As the contents of a JSON string.
std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

TimelineWriter::TimelineWriter(std::ostream& out, std::string_view title, double clock_mhz,
                               int ports)
    : out_(out), clock_mhz_(clock_mhz) {
  buffer_ = fmt::format(
      "{{\"displayTimeUnit\":\"ns\",\"otherData\":{{\"clock_mhz\":{}}},\"traceEvents\":[\n"
      "{{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{{\"name\":\"{}\"}}}}",
      clock_mhz, Escaped(title));
  Row(kSequencerRow, "sequencer");
  Row(kUnitRow, "ternary unit");
  Row(kUnitRow + 1, "int8 unit");
  Row(kUnitRow + 2, "vector unit");
  for (int p = 0; p < ports; ++p) Row(kPortRow + p, fmt::format("memory port {}", p));
}

void TimelineWriter::Row(int row, std::string_view name) {
  fmt::format_to(std::back_inserter(buffer_),
                 ",\n{{\"ph\":\"M\",\"pid\":1,\"tid\":{0},\"name\":\"thread_name\","
                 "\"args\":{{\"name\":\"{1}\"}}}}"
                 ",\n{{\"ph\":\"M\",\"pid\":1,\"tid\":{0},\"name\":\"thread_sort_index\","
                 "\"args\":{{\"sort_index\":{0}}}}}",
                 row, name);
}

void TimelineWriter::Event(int row, std::string_view name, uint64_t begin, uint64_t end,
                           std::string_view arguments) {
  // Whole nanoseconds, so that no reader rounds an event into its neighbour.
  const auto nanoseconds = [&](uint64_t cycle) {
    return uint64_t(double(cycle) * 1e3 / clock_mhz_);
  };
  const uint64_t from = nanoseconds(begin), to = nanoseconds(end);
  fmt::format_to(std::back_inserter(buffer_),
                 ",\n{{\"ph\":\"X\",\"pid\":1,\"tid\":{},\"name\":\"{}\",\"ts\":{}.{:03},"
                 "\"dur\":{}.{:03},\"args\":{{\"cycle\":{},\"cycles\":{}{}}}}}",
                 row, Escaped(name), from / 1000, from % 1000, (to - from) / 1000,
                 (to - from) % 1000, begin, end - begin, arguments);
  Flush(kBufferBytes);
}

void TimelineWriter::AddRun(const InstructionList& list, const RunRecord& run) {
  const RunArguments& a = run.arguments;
  Event(kSequencerRow, a.count == 1 ? "decode" : "prefill", run.start_cycle,
        run.start_cycle + run.cycles,
        fmt::format(",\"position\":{},\"count\":{}", a.position, a.count));
  for (size_t i = 0; i < run.times.size(); ++i) {
    const InstructionTime& time = run.times[i];
    if (time.retire == InstructionTime::kNever) continue;
    const InstructionNote& note = list.notes[i];
    std::string arguments =
        fmt::format(",\"index\":{},\"part\":\"{}\"", i, PartName(note.place.part));
    if (note.place.layer >= 0) arguments += fmt::format(",\"layer\":{}", note.place.layer);
    if (time.skip) arguments += ",\"skipped\":true";
    Event(kUnitRow + int(time.unit), note.text, run.start_cycle + time.issue,
          run.start_cycle + time.retire + 1, arguments);
  }
}

void TimelineWriter::AddBursts(int port, uint64_t begin, uint64_t end, int bursts) {
  Event(kPortRow + port, fmt::format("{} in flight", bursts), begin, end,
        fmt::format(",\"bursts\":{}", bursts));
}

void TimelineWriter::Finish() {
  buffer_ += "\n]}\n";
  Flush(1);
}

void TimelineWriter::Flush(size_t least_bytes) {
  if (buffer_.size() < least_bytes) return;
  out_.write(buffer_.data(), std::streamsize(buffer_.size()));
  buffer_.clear();
}

}  // namespace ternfab
