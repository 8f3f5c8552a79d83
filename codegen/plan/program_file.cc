// SPDX-License-Identifier: Apache-2.0
#include "common/program_file.h"

#include <array>
#include <cstring>

#include "codegen/plan/program.h"
#include "codegen/plan/verify.h"
#include "codegen/plan/verify_weights.h"

namespace ternfab {
namespace {

using program_file::Contents;

static_assert(program_file::kIsaVersion == isa::kVersion);

program_file::List ListOf(const InstructionList& list) {
  program_file::List out{list.beat, {}};
  out.notes.reserve(list.notes.size());
  for (const InstructionNote& note : list.notes) {
    out.notes.push_back({note.text, note.place.layer, uint8_t(note.place.part)});
  }
  return out;
}

/// Views into `p`.
Contents ContentsOf(const Program& p) {
  const DesignParams& d = p.design;
  Contents c{.design = d.name,
             .ports = d.ports,
             .width_bits = d.width_bits,
             .lanes = d.lanes,
             .batch = d.batch,
             .queries = d.queries,
             .vector_lanes = d.vector_lanes,
             .vm_words = d.vm_words,
             .am_words = d.am_words,
             .qm_words = d.qm_words,
             .shortlist_rows = d.shortlist_rows,
             .max_hidden = d.limits.hidden,
             .max_ffn = d.limits.ffn,
             .max_context = d.limits.context,
             .max_vocab = d.limits.vocab,
             .memory_bytes = d.memory_bytes,
             .design_hash = p.design_hash,
             .model = p.model,
             .vocab = p.vocab,
             .context = p.context,
             .total_beats = p.total_beats,
             .logits_beat = p.logits_beat,
             .weight_code = uint8_t(d.weight_code),
             .has_head = uint8_t(p.has_head),
             .regions = {},
             .decode = ListOf(p.decode),
             .prefill = ListOf(p.prefill),
             .image = p.image};
  for (const MemoryRegion& r : p.regions) c.regions.push_back({r.name, r.beat, r.beats});
  return c;
}

DesignParams DesignOf(const Contents& c) {
  return {.name = std::string(c.design),
          .ports = c.ports,
          .width_bits = c.width_bits,
          .lanes = c.lanes,
          .batch = c.batch,
          .weight_code = WeightCode(c.weight_code),
          .queries = c.queries,
          .vector_lanes = c.vector_lanes,
          .vm_words = c.vm_words,
          .am_words = c.am_words,
          .qm_words = c.qm_words,
          .shortlist_rows = c.shortlist_rows,
          .limits = {c.max_hidden, c.max_ffn, c.max_context, c.max_vocab},
          .memory_bytes = c.memory_bytes};
}

InstructionList NotesOf(const program_file::List& list) {
  InstructionList out{list.beat, {}, {}};
  out.notes.reserve(list.notes.size());
  for (const program_file::Note& note : list.notes) {
    out.notes.push_back({std::string(note.text), {Part(note.part), note.layer}});
  }
  return out;
}

/// Instructions from the image, as many as there are notes.
Expected<void> TakeInstructions(const Program& p, InstructionList& list) {
  if (list.notes.empty()) return {};
  const int wide = p.design.wide_bytes();
  const uint64_t step = uint64_t(wide) * p.design.instruction_beats();
  const uint64_t image_beats = p.image.size() / wide;
  if (list.beat > image_beats ||
      (list.notes.size() + 1) * step > (image_beats - list.beat) * wide) {
    return Fail("program: instructions at {}: must lie in the image", list.beat);
  }
  list.instructions.resize(list.notes.size());
  const uint8_t* at = p.image.data() + list.beat * wide + step;
  for (isa::Instruction& instruction : list.instructions) {
    std::memcpy(instruction.words.data(), at, isa::kInstructionBytes);
    at += step;
  }
  return {};
}

}  // namespace

std::string_view PartName(Part part) {
  static constexpr std::array<std::string_view, kParts> kNames = {
      "other", "embedding", "norms",      "q/k/v", "rope", "attention",
      "o",     "gate/up",   "activation", "down",  "head"};
  return kNames[size_t(part)];
}

std::vector<uint8_t> SerializeProgram(const Program& program) {
  return program_file::Write(ContentsOf(program));
}

Expected<Program> ParseProgram(std::span<const uint8_t> bytes) {
  TF_ASSIGN_OR_RETURN(const Contents c, program_file::Read(bytes));
  if (c.weight_code >= kWeightCodes) {
    return Fail("program: weight code {}: must be below {}", c.weight_code, kWeightCodes);
  }
  if (c.has_head > 1) return Fail("program: head {}: must be 0 or 1", c.has_head);
  Program p;
  p.design = DesignOf(c);
  p.design_hash = c.design_hash;
  p.model = c.model;
  p.vocab = c.vocab;
  p.context = c.context;
  p.decode = NotesOf(c.decode);
  p.prefill = NotesOf(c.prefill);
  for (const program_file::Region& r : c.regions) {
    p.regions.push_back({std::string(r.name), r.beat, r.beats});
  }
  p.total_beats = c.total_beats;
  p.image.assign(c.image.begin(), c.image.end());
  p.logits_beat = c.logits_beat;
  p.has_head = c.has_head == 1;
  TF_RETURN_IF_ERROR(VerifyDesign(p.design));
  TF_RETURN_IF_ERROR(TakeInstructions(p, p.decode));
  TF_RETURN_IF_ERROR(TakeInstructions(p, p.prefill));
  TF_RETURN_IF_ERROR(VerifyProgram(p));
  TF_RETURN_IF_ERROR(VerifyWeightCodes(p));
  return p;
}

}  // namespace ternfab
