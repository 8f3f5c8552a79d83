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
  } else if (kind == HeadKind::kSplit) {
    PackSplit(table, pool);
  } else {
    RoundToBf16(table, pool);
  }
}

void Head::QuantisePanels(const RowTable& table, ThreadPool& pool,
                          const std::function<void(int, std::span<const int8_t>)>& pack) {
  const int panels = int(CeilDiv(rows_, kPanelRows));
  scales_.assign(size_t(panels) * kPanelRows, 0.0f);
  pool.Split(panels, 1, [&](int64_t first, int64_t last) {
    std::vector<float> row(static_cast<size_t>(cols_));
    std::vector<int8_t> values(size_t(kPanelRows) * size_t(cols_));
    for (int64_t p = first; p < last; ++p) {
      const int from = int(p) * kPanelRows, count = std::min(kPanelRows, rows_ - from);
      for (int r = 0; r < count; ++r) {
        ReadRowFast(table, from + r, row.data());
        scales_[size_t(from) + size_t(r)] =
            QuantiseRow(row, std::span(values).subspan(size_t(r) * size_t(cols_), size_t(cols_)));
      }
      pack(int(p), std::span(values).first(size_t(count) * size_t(cols_)));
    }
  });
}

void Head::PackInt8(const RowTable& table, ThreadPool& pool) {
  int8_ = {PanelCode::kInt8, rows_, cols_, nullptr};
  buffer_.resize(size_t(int8_.size()));
  int8_.bytes = buffer_.data();
  QuantisePanels(table, pool, [&](int panel, std::span<const int8_t> rows) {
    PackIntPanel(rows, int8_, buffer_.data() + panel * int8_.panel_bytes());
  });
}

void Head::PackSplit(const RowTable& table, ThreadPool& pool) {
  high_ = low_ = {PanelCode::kInt4, rows_, cols_, nullptr};
  buffer_.resize(size_t(high_.size() + low_.size()));
  high_.bytes = buffer_.data();
  low_.bytes = buffer_.data() + high_.size();
  const int offset = OffsetOf(PanelCode::kInt4);
  QuantisePanels(table, pool, [&](int panel, std::span<const int8_t> rows) {
    std::vector<int8_t> half(rows.size());
    uint8_t* const out = buffer_.data() + panel * high_.panel_bytes();
    std::ranges::transform(rows, half.begin(), [](int8_t w) { return SplitHead::High(w); });
    PackIntPanel(half, high_, out);
    std::ranges::transform(rows, half.begin(),
                           [&](int8_t w) { return SplitHead::Low(w) - offset; });
    PackIntPanel(half, low_, out + high_.size());
  });
}

void Head::RoundToBf16(const RowTable& table, ThreadPool& pool) {
  buffer_.resize(size_t(rows_) * size_t(cols_) * 2);
  uint16_t* out = reinterpret_cast<uint16_t*>(buffer_.data());
  pool.Split(rows_, kLeastRows, [&](int64_t first, int64_t last) {
    std::vector<float> row(static_cast<size_t>(cols_));
    for (int64_t r = first; r < last; ++r) {
      table.ReadRow(int(r), row);
      for (int c = 0; c < cols_; ++c) out[r * cols_ + c] = ToBf16(row[size_t(c)]);
    }
  });
}

void Head::SetLogits(int panel, const int32_t* sums, std::vector<float>& logits) const {
  const int first = panel * kPanelRows, count = std::min(kPanelRows, rows_ - first);
  for (int r = first; r < first + count; ++r) {
    logits[size_t(r)] = float(sums[r]) / x_.s[0] * scales_[size_t(r)];
  }
}

void Head::ScoreInt8(const float* h, const PanelKernels& kernels, ThreadPool& pool,
                     std::vector<float>& logits) {
  x_.Resize(1, cols_);
  x_.Set(0, h);
  y_.Resize(1, int8_);
  pool.Split(int8_.panels(), kLeastRows / kPanelRows, [&](int64_t first, int64_t last) {
    kernels.multiply({int8_, &x_.input, int(first), int(last), y_.sums.data(), y_.pitch});
    for (int64_t p = first; p < last; ++p) SetLogits(int(p), y_.sums.data(), logits);
  });
}

void Head::ScoreSplit(const float* h, const PanelKernels& kernels, ThreadPool& pool,
                      std::vector<float>& logits) {
  static_assert(SplitHead::kGroupRows == kPanelRows);
  x_.Resize(1, cols_);
  x_.Set(0, h);
  y_.Resize(1, high_);
  low_sums_.resize(y_.sums.size());
  rough_.resize(y_.sums.size());
  const int32_t x_sum = x_.input.sum(0), offset = OffsetOf(PanelCode::kInt4) * x_sum;
  pool.Split(high_.panels(), kLeastRows / kPanelRows, [&](int64_t first, int64_t last) {
    kernels.multiply({high_, &x_.input, int(first), int(last), y_.sums.data(), y_.pitch});
    for (int64_t r = first * kPanelRows; r < last * kPanelRows; ++r) {
      rough_[size_t(r)] = SplitHead::Rough(y_.sums[size_t(r)], x_sum);
    }
    for (int64_t p = first; p < last; ++p) SetLogits(int(p), rough_.data(), logits);
  });
  const std::vector<int> groups = SplitHead::ExactGroups(logits);
  pool.Split(int64_t(groups.size()), 1, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      const int panel = groups[size_t(i)];
      kernels.multiply({low_, &x_.input, panel, panel + 1, low_sums_.data(), y_.pitch});
      int32_t* const sums = &y_.sums[size_t(panel) * kPanelRows];
      for (int r = 0; r < kPanelRows; ++r) {
        sums[r] =
            SplitHead::Exact(sums[r], low_sums_[size_t(panel) * kPanelRows + size_t(r)] + offset);
      }
      SetLogits(panel, y_.sums.data(), logits);
    }
  });
}

void Head::Score(const float* h, const PanelKernels& kernels, ThreadPool& pool,
                 std::vector<float>& logits) {
  logits.resize(size_t(rows_));
  if (kind_ == HeadKind::kInt8) return ScoreInt8(h, kernels, pool, logits);
  if (kind_ == HeadKind::kSplit) return ScoreSplit(h, kernels, pool, logits);
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
