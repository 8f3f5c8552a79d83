// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/int8_rows.h"

#include <algorithm>

#include "common/check.h"
#include "host/cpu/simd.h"

namespace ternfab {
namespace {

/// A port's bytes of one wide beat, in pieces that lie within one block each.
struct Piece {
  const int8_t* x;
  int64_t offset;  ///< from the row group's first byte
};

TF_SIMD int32_t Sum(const uint8_t* group, const Piece* pieces, size_t count, int bytes) {
  int32_t sum = 0;
  for (size_t i = 0; i < count; ++i) {
    const auto* w = reinterpret_cast<const int8_t*>(group + pieces[i].offset);
    const int8_t* x = pieces[i].x;
    for (int k = 0; k < bytes; ++k) sum += w[k] * x[k];
  }
  return sum;
}

/// Where the weights of port `port` meet their activations, beat by beat.
std::vector<Piece> PiecesOf(const TernaryTask& task, int port, int slot, int bytes) {
  const TernaryShape& shape = task.shape;
  const TernaryInput& x = *task.x;
  const int block_bytes = x.step_bytes() / x.columns();
  std::vector<Piece> pieces;
  for (int beat = 0; beat < shape.row_beats; ++beat) {
    for (int i = 0; i < shape.port_bytes; i += bytes) {
      const int64_t offset = int64_t(beat) * shape.wide_bytes() + port * shape.port_bytes + i;
      const int column = int(offset % x.step_bytes()) / block_bytes;
      const int8_t* block = x.Block(int(offset / x.step_bytes()), column % x.patterns(), 0, slot);
      pieces.push_back({block + offset % block_bytes, offset});
    }
  }
  return pieces;
}

}  // namespace

void Int8Rows(const TernaryTask& task) {
  const TernaryShape& shape = task.shape;
  TF_CHECK(shape.code == WeightCode::kInt8);
  const int block_bytes = task.x->step_bytes() / task.x->columns();
  const int bytes = std::min(block_bytes, shape.port_bytes);
  for (int slot = 0; slot < task.x->slots(); ++slot) {
    for (int port = 0; port < shape.ports; ++port) {
      const std::vector<Piece> pieces = PiecesOf(task, port, slot, bytes);
      for (int g = task.first; g < task.last; ++g) {
        task.y[slot * task.pitch + int64_t(g) * shape.ports + port] =
            Sum(task.weights + g * shape.group_bytes(), pieces.data(), pieces.size(), bytes);
      }
    }
  }
}

}  // namespace ternfab
