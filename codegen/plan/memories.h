// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "codegen/plan/design.h"
#include "codegen/plan/isa.h"

namespace ternfab {

/// Widest padded head that a design takes, elements.
inline constexpr int kMaxHeadWidth = 256;
/// Rows of the LM head that one DOT scores.
inline constexpr int kHeadChunkRows = 512;

/// What lies where in VM, in words. Same for every model: it follows from the design's limits.
/// Regions are disjoint.
struct VmMap {
  std::array<int, isa::kMaxBatch> x{};     ///< per slot: residual stream, [hidden]
  std::array<int, isa::kMaxBatch> rope{};  ///< per slot: cos half, sin half, [kMaxHeadWidth]
  std::array<int, isa::kMaxBatch> work{};  ///< per slot: [WorkElements]; all at the same pitch
  int work_pitch = 0;                      ///< words from one slot's work area to the next one's
  int norm = 0;                            ///< [hidden]: x times norm weights
  int last = 0;                            ///< [hidden]: x of the last slot
  std::array<int, 4> buffer{};             ///< scores and temporaries, [buffer_elements] each
  int buffer_elements = 0;
  int key_scale = 0;            ///< [context]
  int value_scale = 0;          ///< [context]
  std::array<int, 2> out{};     ///< attention results, [queries][kMaxHeadWidth]
  std::array<int, 2> logits{};  ///< [kHeadChunkRows]
  int best = 0;                 ///< [shortlist_rows]: greatest key of each class of rows
  int picked = 0;               ///< shortlist_rows words: the score of a picked row in element 0
  int words = 0;
};
VmMap MakeVmMap(const DesignParams& design);

/// Regions of AM, words of each slot.
struct AmMap {
  int attention = 0;  ///< [hidden]: input of q/k/v, then of gate and up
  int output = 0;     ///< [hidden]: input of o
  int ffn = 0;        ///< [ffn]: input of down
  int words = 0;
};
AmMap MakeAmMap(const DesignParams& design);

/// Regions of QM, words of each bank.
struct QmMap {
  std::array<int, 2> query{};        ///< [kMaxHeadWidth]
  std::array<int, 2> probability{};  ///< [context]
  int head = 0;                      ///< [hidden], bank 0
  int words = 0;
};
QmMap MakeQmMap(const DesignParams& design);

}  // namespace ternfab
