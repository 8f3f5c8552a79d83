// SPDX-License-Identifier: Apache-2.0
#include "host/driver/program_view.h"

#include "common/program_file.h"

namespace ternfab::driver {
namespace {

constexpr uint64_t kMaxBeats = uint64_t{1} << 32;  // addresses have 32 bits
constexpr uint64_t kHeaderBytes = 64;
constexpr int32_t kMaxPorts = 16, kMaxWidthBits = 512, kMaxCount = 1 << 22;
constexpr int32_t kMaxShortlistRows = 1024, kMaxLanes = 16;

bool IsBetween(int64_t value, int64_t least, int64_t most) {
  return value >= least && value <= most;
}

HeadResult ResultOf(const program_file::Contents& c, uint64_t wide) {
  return {uint64_t(c.vocab), uint64_t(c.shortlist_rows), uint64_t(c.vector_lanes), wide};
}

Expected<void> CheckMemory(const program_file::Contents& c, uint64_t wide) {
  if (c.total_beats > kMaxBeats) {
    return Fail("program: total_beats = {}: must be at most {}", c.total_beats, kMaxBeats);
  }
  if (c.image.size() % wide != 0 || c.image.size() / wide > c.total_beats) {
    return Fail("program: image of {} bytes: must be at most {} wide beats of {} bytes",
                c.image.size(), c.total_beats, wide);
  }
  const uint64_t logits = c.has_head ? (ResultOf(c, wide).bytes() + wide - 1) / wide : 0;
  if (c.logits_beat > c.total_beats || logits > c.total_beats - c.logits_beat) {
    return Fail("program: logits at {}: must end by {}", c.logits_beat, c.total_beats);
  }
  return {};
}

Expected<void> CheckHeader(const program_file::Contents& c, uint64_t wide, const char* name,
                           uint64_t beat) {
  if (beat <= c.image.size() / wide && kHeaderBytes <= c.image.size() - beat * wide) return {};
  return Fail("program: {} at {}: must lie in the image", name, beat);
}

}  // namespace

Expected<ProgramView> ParseProgramView(std::span<const uint8_t> bytes) {
  TF_ASSIGN_OR_RETURN(const program_file::Contents c, program_file::Read(bytes));
  if (!IsBetween(c.ports, 1, kMaxPorts) || !IsBetween(c.width_bits, 32, kMaxWidthBits) ||
      c.width_bits % 8 != 0) {
    return Fail("program: design of {} ports of {} bits: out of range", c.ports, c.width_bits);
  }
  if (!IsBetween(c.vocab, 1, kMaxCount) || !IsBetween(c.context, 1, kMaxCount) || c.has_head > 1) {
    return Fail("program: vocab = {}, context = {}, head {}: must be 1 to {}, head 0 or 1", c.vocab,
                c.context, c.has_head, kMaxCount);
  }
  if (!IsBetween(c.shortlist_rows, 0, kMaxShortlistRows) ||
      !IsBetween(c.vector_lanes, 0, kMaxLanes)) {
    return Fail("program: shortlist of {} rows, {} vector lanes: must be 0 to {}, 0 to {}",
                c.shortlist_rows, c.vector_lanes, kMaxShortlistRows, kMaxLanes);
  }
  const uint64_t wide = uint64_t(c.ports) * uint64_t(c.width_bits) / 8;
  TF_RETURN_IF_ERROR(CheckMemory(c, wide));
  TF_RETURN_IF_ERROR(CheckHeader(c, wide, "decode", c.decode.beat));
  if (c.batch > 1) TF_RETURN_IF_ERROR(CheckHeader(c, wide, "prefill", c.prefill.beat));
  ProgramView view;
  view.design_hash = c.design_hash;
  view.total_beats = c.total_beats;
  view.image = c.image;
  view.decode_beat = uint32_t(c.decode.beat);
  view.prefill_beat = c.batch > 1 ? uint32_t(c.prefill.beat) : 0;
  view.logits_beat = c.logits_beat;
  view.has_head = c.has_head == 1;
  view.vocab = uint32_t(c.vocab);
  view.result = ResultOf(c, wide);
  view.context = uint32_t(c.context);
  return view;
}

}  // namespace ternfab::driver
