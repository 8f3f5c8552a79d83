// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/state_load.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <string>

#include "common/check.h"

namespace ternfab::rtl {
namespace {

/// Copies `bytes`, whole words, into a memory of the model.
void Load(const StateVariable& memory, std::span<const uint8_t> bytes) {
  const size_t word = bytes.size() / memory.elements;
  TF_CHECK(word * memory.elements == bytes.size() && word <= memory.element_bytes,
           "{}: {} words of {} bytes from {} bytes", memory.scope, memory.elements,
           memory.element_bytes, bytes.size());
  for (size_t i = 0; i < memory.elements; ++i) {
    std::memcpy(memory.data + i * memory.element_bytes, &bytes[i * word], word);
  }
}

/// A lane's partial sums: of slot b those in row r, [(b, r)], then those of SUM.
void LoadLaneSums(const StateVariable& rows, const NormSums& sums, size_t slots, size_t lane) {
  const size_t rows_of_slot = rows.elements / (slots + 1);
  const size_t lanes = isa::kPartialSums / rows_of_slot;
  for (size_t i = 0; i < slots * rows_of_slot; ++i) {
    const uint32_t sum = sums[i / rows_of_slot][i % rows_of_slot * lanes + lane];
    std::memcpy(rows.data + i * rows.element_bytes, &sum, sizeof sum);
  }
}

/// n of "...name[n]..." in a path, -1: there is no such part.
int IndexIn(const std::string& path, const std::string& name) {
  const size_t at = path.find("." + name + "[");
  return at == std::string::npos ? -1 : std::stoi(path.substr(at + name.size() + 2));
}

}  // namespace

ArchitecturalState::ArchitecturalState(const DesignParams& d)
    : vm(size_t(d.vm_words) * size_t(d.vector_lanes) * 4),
      am(size_t(d.batch), std::vector<uint8_t>(size_t(d.am_words) * size_t(d.lanes))),
      qm(size_t(d.queries), std::vector<uint8_t>(size_t(d.qm_words) * size_t(d.int8_lanes()))) {}

void ArchitectureTracker::OnWrite(MemoryWrite w) {
  const auto store = [&](std::vector<uint8_t>& memory) {
    const size_t first = w.address * w.bytes.size();
    TF_CHECK(first + w.bytes.size() <= memory.size(), "word {}", w.address);
    std::ranges::copy(w.bytes, memory.begin() + std::ptrdiff_t(first));
  };
  switch (w.space) {
    case Space::kVm:
      return store(state_.vm);
    case Space::kScalar:
      std::memcpy(&state_.scalars.at(w.address), w.bytes.data(), sizeof(uint32_t));
      return;
    case Space::kAm:
      return store(state_.am.at(w.bank));
    case Space::kQm:
      return store(state_.qm.at(w.bank));
    case Space::kMemory:
      memory_writes_.push_back(std::move(w));
      return;
  }
}

void LoadArchitecture(RtlDesign& design, const ArchitecturalState& state) {
  size_t loaded = 0;
  size_t lanes = 0;
  const std::span<const uint8_t> scalars(reinterpret_cast<const uint8_t*>(state.scalars.data()),
                                         sizeof state.scalars);
  for (const StateVariable& v : design.State()) {
    if (v.scope.ends_with(".u_scalars")) {
      Load(v, scalars);
    } else if (v.name == "x_rows_q" || v.name == "p_rows_q") {
      const int lane = IndexIn(v.scope, "gen_lane");
      TF_CHECK(lane >= 0, "{}: no lane", v.scope);
      LoadLaneSums(v, state.norm_sums, state.am.size(), size_t(lane));
      lanes = std::max(lanes, size_t(lane) + 1);
    } else if (v.name != "mem_q") {
      continue;
    } else if (v.scope.find(".u_vm.") != std::string::npos) {
      Load(v, state.vm);
    } else if (v.scope.find(".u_am.") != std::string::npos) {
      Load(v, state.am.at(size_t(IndexIn(v.scope, "gen_am"))));
    } else if (v.scope.find(".u_qm.") != std::string::npos) {
      Load(v, state.qm.at(size_t(IndexIn(v.scope, "gen_query"))));
    } else {
      continue;
    }
    ++loaded;
  }
  constexpr size_t kScalarCopies = 3;
  constexpr size_t kSumCopies = 2;
  TF_CHECK(lanes > 0 &&
               loaded == 1 + kScalarCopies + kSumCopies * lanes + state.am.size() + state.qm.size(),
           "{} memories", loaded);
}

void LoadTokens(RtlDesign& design, const timing::Tokens& tokens) {
  for (const StateVariable& v : design.State()) {
    const int k = v.name == "count_q" && v.scope.find(".u_tokens.") != std::string::npos
                      ? IndexIn(v.scope, "gen_counter")
                      : -1;
    if (k >= 0) std::memcpy(v.data, &tokens.count[k], sizeof tokens.count[k]);
  }
}

}  // namespace ternfab::rtl
