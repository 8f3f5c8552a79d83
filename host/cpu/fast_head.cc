// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/fast_head.h"

#include <algorithm>

#include "codegen/plan/image.h"
#include "host/cpu/float_ops.h"
#include "host/cpu/table_rows.h"

namespace ternfab::fast {
namespace {

constexpr int kLeastRows = 64;  // of a range

}  // namespace

Head::Head(const RowTable& table, HeadKind kind, ThreadPool& pool)
    : kind_(kind), rows_(table.rows()), cols_(table.cols()) {
  if (kind == HeadKind::kModel) {
    table_ = &table;
  } else if (kind == HeadKind::kInt8) {
    PackInt8(table, pool);
  } else {
    RoundToBf16(table, pool);
  }
}

void Head::PackInt8(const RowTable& table, ThreadPool& pool) {
  int8_ = {PanelCode::kInt8, rows_, cols_, nullptr};
  buffer_ = HugeBuffer(size_t(int8_.size()));
  int8_.bytes = buffer_.data();
  scales_.assign(size_t(int8_.padded_rows()), 0.0f);
  pool.Split(int8_.panels(), 1, [&](int64_t first, int64_t last) {
    std::vector<float> row(static_cast<size_t>(cols_));
    std::vector<int8_t> values(size_t(kPanelRows) * size_t(cols_));
    for (int64_t p = first; p < last; ++p) {
      const int from = int(p) * kPanelRows, count = std::min(kPanelRows, rows_ - from);
      for (int r = 0; r < count; ++r) {
        table.ReadRow(from + r, row);
        scales_[size_t(from + r)] =
            QuantiseRow(row, std::span(values).subspan(size_t(r) * size_t(cols_), size_t(cols_)));
      }
      PackInt8Panel(std::span(values).first(size_t(count) * size_t(cols_)), int8_,
                    buffer_.data() + p * int8_.panel_bytes());
    }
  });
}

void Head::RoundToBf16(const RowTable& table, ThreadPool& pool) {
  buffer_ = HugeBuffer(size_t(rows_) * size_t(cols_) * 2);
  uint16_t* out = reinterpret_cast<uint16_t*>(buffer_.data());
  pool.Split(rows_, kLeastRows, [&](int64_t first, int64_t last) {
    std::vector<float> row(static_cast<size_t>(cols_));
    for (int64_t r = first; r < last; ++r) {
      table.ReadRow(int(r), row);
      for (int c = 0; c < cols_; ++c) out[r * cols_ + c] = ToBf16(row[size_t(c)]);
    }
  });
}

void Head::ScoreInt8(const float* h, const PanelKernels& kernels, ThreadPool& pool,
                     std::vector<float>& logits) {
  x_.Resize(1, cols_);
  x_.Set(0, h);
  y_.Resize(1, int8_);
  pool.Split(int8_.panels(), kLeastRows / kPanelRows, [&](int64_t first, int64_t last) {
    Multiply(kernels, {int8_, 1.0f}, x_, int(first), int(last), y_);
    const int64_t end = std::min<int64_t>(rows_, last * kPanelRows);
    for (int64_t r = first * kPanelRows; r < end; ++r) {
      logits[size_t(r)] = y_.values[size_t(r)] * scales_[size_t(r)];
    }
  });
}

void Head::Score(const float* h, const PanelKernels& kernels, ThreadPool& pool,
                 std::vector<float>& logits) {
  logits.resize(size_t(rows_));
  if (kind_ == HeadKind::kInt8) return ScoreInt8(h, kernels, pool, logits);
  const uint16_t* bf16 = reinterpret_cast<const uint16_t*>(buffer_.data());
  pool.Split(rows_, kLeastRows, [&](int64_t first, int64_t last) {
    std::vector<float> row(static_cast<size_t>(cols_));
    for (int64_t r = first; r < last; ++r) {
      if (kind_ == HeadKind::kBf16) {
        logits[size_t(r)] = DotBf16(h, bf16 + r * cols_, cols_);
      } else {
        ReadRowFast(*table_, int(r), row.data());
        logits[size_t(r)] = Dot(h, row.data(), cols_);
      }
    }
  });
}

}  // namespace ternfab::fast
