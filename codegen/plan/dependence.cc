// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/dependence.h"

#include <algorithm>

#include "common/check.h"

namespace ternfab {

uint32_t TokenOf(Unit from, Unit to) {
  if (from == Unit::kTernary && to == Unit::kVector) return isa::kMatvecToVector;
  if (from == Unit::kVector && to == Unit::kTernary) return isa::kVectorToMatvec;
  if (from == Unit::kInt8 && to == Unit::kVector) return isa::kInt8ToVector;
  if (from == Unit::kVector && to == Unit::kInt8) return isa::kVectorToInt8;
  return 0;
}

DependenceTracker::DependenceTracker(const DesignParams& design, int memory_cells)
    : design_(design),
      vm_(design.vm_words),
      am_(size_t(design.am_words) * design.batch),
      qm_(size_t(design.qm_words) * design.queries),
      memory_(memory_cells) {
  for (auto& row : waited_) row.fill(-1);
}

std::span<DependenceTracker::Cell> DependenceTracker::Cells(const Access& access) {
  const auto part = [&](std::vector<Cell>& cells, int banks, int words, const char* what) {
    TF_CHECK(access.bank >= 0 && access.bank < banks && access.first >= 0 && access.count > 0 &&
                 access.first + access.count <= words,
             "{} bank {} words {}+{} of {}", what, access.bank, access.first, access.count, words);
    return std::span(cells).subspan(size_t(access.bank) * words + access.first, access.count);
  };
  switch (access.space) {
    case Storage::kVm:
      return part(vm_, 1, design_.vm_words, "VM");
    case Storage::kAm:
      return part(am_, design_.batch, design_.am_words, "AM");
    case Storage::kQm:
      return part(qm_, design_.queries, design_.qm_words, "QM");
    case Storage::kMemory:
      break;
  }
  return part(memory_, 1, int(memory_.size()), "memory");
}

void DependenceTracker::Add(std::vector<isa::Instruction>& instructions, Unit unit,
                            std::span<const Access> accesses) {
  const int32_t self = int32_t(instructions.size()) - 1;
  const int me = int(unit);
  std::array<int32_t, kUnits> source{-1, -1, -1};
  for (const Access& access : accesses) {
    for (const Cell& cell : Cells(access)) {
      for (int u = 0; u < kUnits; ++u) {
        source[u] = std::max(source[u], cell.write[u]);
        if (access.write) source[u] = std::max(source[u], cell.read[u]);
      }
    }
  }
  for (int u = 0; u < kUnits; ++u) {
    if (u == me || source[u] <= waited_[u][me]) continue;
    const uint32_t token = TokenOf(Unit(u), unit);
    TF_CHECK(token != 0, "instruction {} depends on {} of a unit without tokens to it", self,
             source[u]);
    isa::Instruction& from = instructions[source[u]];
    TF_CHECK((from.Get(isa::kSignal) & token) == 0, "instruction {} signals twice", source[u]);
    from.Set(isa::kSignal, from.Get(isa::kSignal) | token);
    isa::Instruction& to = instructions.back();
    to.Set(isa::kWait, to.Get(isa::kWait) | token);
    waited_[u][me] = source[u];
  }
  MarkStream(instructions.back(), unit, self, accesses);
  for (const Access& access : accesses) {
    for (Cell& cell : Cells(access)) (access.write ? cell.write : cell.read)[me] = self;
  }
}

void DependenceTracker::MarkStream(isa::Instruction& instruction, Unit unit, int32_t self,
                                   std::span<const Access> accesses) {
  constexpr int kVector = int(Unit::kVector);
  int32_t written = -1;  // by the latest instruction that wrote what the stream reads
  for (const Access& access : accesses) {
    if (access.space != Storage::kMemory || access.write) continue;
    for (const Cell& cell : Cells(access)) written = std::max(written, cell.write[kVector]);
  }
  if (written <= fetch_order_.Complete(unit, instruction)) return;
  instruction.Set(isa::kDependent, 1);
  const int32_t retired = unit == Unit::kVector ? self - 1 : waited_[kVector][int(unit)];
  fetch_order_.AddDependent(unit, instruction, retired);
}

}  // namespace ternfab
