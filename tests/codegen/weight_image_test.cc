// SPDX-License-Identifier: Apache-2.0
// The weights in a Program's memory image, unpacked, against the model's trits.
#include <gtest/gtest.h>

#include "codegen/plan/planner.h"
#include "codegen/plan/verify.h"
#include "codegen/spec.h"
#include "common/integer.h"
#include "tests/codegen/test_models.h"

namespace ternfab {
namespace {

DesignParams Design(const std::string& preset) {
  const auto spec = FindSpec(preset);
  TF_CHECK(spec.has_value(), "{}", spec.error().message);
  return Derive(*spec);
}

/// kv260 with 8 slots: as many as two ports and 16 fp32 lanes allow.
DesignParams EightSlots() {
  HardwareSpec spec = *FindSpec("kv260");
  spec.memory.ports = spec.engine.count = 2;
  spec.memory.width_bits = 256;
  spec.engine.lanes = 128;
  spec.engine.weight_code = WeightCode::kTwoBit;
  spec.engine.batch = 8;
  spec.int8.queries = 8;
  const auto valid = Validate(spec);
  TF_CHECK(valid.has_value(), "{}", valid.error().message);
  return Derive(spec);
}

/// Trits of row r of the matrix of a MATVEC instruction.
std::vector<int8_t> ImageRow(const Program& p, const isa::Instruction& in, int r) {
  const int beats = in.Get(isa::kMvBeats);
  std::vector<int8_t> row;
  for (int j = 0; j < beats; ++j) {
    const uint64_t beat = in.Get(isa::kStreamAddress) + uint64_t(r / p.design.ports) * beats + j;
    const uint8_t* bytes =
        p.image.data() + beat * p.design.wide_bytes() + r % p.design.ports * p.design.port_bytes();
    std::vector<int8_t> trits(p.design.lanes);
    EXPECT_TRUE(UnpackBeat({bytes, size_t(p.design.port_bytes())}, p.design.weight_code, trits));
    row.insert(row.end(), trits.begin(), trits.end());
  }
  return row;
}

/// Where element i of padded heads comes from: head * head_dim + element, or -1 for padding.
int SourceOfPadded(const ModelConfig& c, int i) {
  const int half = int(RoundUp(c.head_dim / 2, 16));
  const int offset = i % half;
  if (offset >= c.head_dim / 2) return -1;
  return i / (2 * half) * c.head_dim + (i / half % 2) * (c.head_dim / 2) + offset;
}

/// Rows of one MATVEC as the model has them: matrix and row, or null for padding.
using Rows = std::vector<std::pair<const TernaryMatrix*, int>>;

void ExpectRows(const Program& p, const isa::Instruction& in, const Rows& rows,
                const std::vector<int>& columns) {
  ASSERT_EQ(in.Get(isa::kMvGroups), uint32_t(CeilDiv(int64_t(rows.size()), p.design.ports)));
  for (int r = 0; r < int(in.Get(isa::kMvGroups)) * p.design.ports; ++r) {
    std::vector<int8_t> expected(size_t(in.Get(isa::kMvBeats)) * p.design.lanes, 0);
    ASSERT_GE(expected.size(), columns.size());
    if (r < int(rows.size()) && rows[r].first != nullptr) {
      for (size_t k = 0; k < columns.size(); ++k) {
        if (columns[k] >= 0) expected[k] = int8_t(rows[r].first->trit(rows[r].second, columns[k]));
      }
    }
    ASSERT_EQ(ImageRow(p, in, r), expected) << "row " << r;
  }
}

Rows AllRows(const TernaryMatrix& matrix, int first, int count) {
  Rows rows;
  for (int r = 0; r < count; ++r) rows.push_back({&matrix, first + r});
  return rows;
}

std::vector<int> PlainColumns(int count) {
  std::vector<int> columns(count);
  for (int i = 0; i < count; ++i) columns[i] = i;
  return columns;
}

/// The MATVECs of a program in their order.
class Products {
 public:
  explicit Products(const Program& p) : p_(p) {
    for (const isa::Instruction& in : p.decode.instructions) {
      if (in.GetAs<isa::Opcode>(isa::kOpcode) == isa::Opcode::kMatvec) matvecs_.push_back(in);
    }
  }
  bool end() const { return next_ == matvecs_.size(); }
  /// Rows of the next one, padding included.
  int rows() const { return int(matvecs_.at(next_).Get(isa::kMvGroups)) * p_.design.ports; }
  void Expect(const Rows& rows, const std::vector<int>& columns) {
    ExpectRows(p_, matvecs_.at(next_++), rows, columns);
  }
  /// One matrix in as many parts as there are: a part's groups say how many rows it has.
  void ExpectParts(const Rows& all, const std::vector<int>& columns) {
    for (size_t first = 0; first < all.size();) {
      const size_t last = std::min(all.size(), first + size_t(rows()));
      Expect(Rows(all.begin() + long(first), all.begin() + long(last)), columns);
      first = last;
    }
  }

 private:
  const Program& p_;
  std::vector<isa::Instruction> matvecs_;
  size_t next_ = 0;
};

/// Value head, key head, query heads.
Rows GroupRows(const ModelConfig& c, const LayerWeights& w, int g) {
  Rows rows;
  const int group = c.heads / c.kv_heads;
  const int width = 2 * int(RoundUp(c.head_dim / 2, 16));
  for (int i = 0; i < (group + 2) * width; ++i) {
    const int head = i / width;
    const TernaryMatrix* matrix = head == 0 ? &w.v : head == 1 ? &w.k : &w.q;
    const int first = (head < 2 ? g : g * group + head - 2) * c.head_dim;
    const int element = SourceOfPadded(c, i % width);
    rows.push_back(element < 0 ? std::pair<const TernaryMatrix*, int>{nullptr, 0}
                               : std::pair{matrix, first + element});
  }
  return rows;
}

void ExpectWeights(const Model& model, const Program& p) {
  const ModelConfig& c = model.config;
  Products products(p);
  const std::vector<int> hidden = PlainColumns(c.hidden);
  std::vector<int> concat;
  for (int i = 0; i < c.heads * 2 * int(RoundUp(c.head_dim / 2, 16)); ++i) {
    concat.push_back(SourceOfPadded(c, i));
  }
  for (const LayerWeights& w : model.layers) {
    for (int g = 0; g < c.kv_heads; ++g) products.ExpectParts(GroupRows(c, w, g), hidden);
    products.ExpectParts(AllRows(w.o, 0, c.hidden), concat);
    for (int first = 0; first < c.ffn;) {
      const int rows = std::min(products.rows(), c.ffn - first);
      products.Expect(AllRows(w.gate, first, rows), hidden);
      products.Expect(AllRows(w.up, first, rows), hidden);
      first += rows;
    }
    products.ExpectParts(AllRows(w.down, 0, c.hidden), PlainColumns(c.ffn));
  }
  EXPECT_TRUE(products.end());
}

TEST(Planner, WeightImageUnpacksToTheModel) {
  for (const DesignParams& design : {Design("nano"), Design("kv260"), EightSlots()}) {
    ModelConfig config = SmallConfig();
    config.ffn = 173;
    config.head_dim = 20;
    const Model model = RandomModel(config, 11);
    const auto program = BuildProgram(model, design, 0);
    ASSERT_TRUE(program) << program.error().message;
    SCOPED_TRACE(design.name);
    ExpectWeights(model, *program);
  }
}

TEST(Matvec, ProgramHoldsTheSeededNumbers) {
  for (const char* preset : {"nano", "kv260"}) {
    const DesignParams design = Design(preset);
    const int cols = 201;
    const int rows = 1203;
    const auto p = BuildMatvecProgram(rows, cols, 9, design, 0);
    ASSERT_TRUE(p) << p.error().message;
    ASSERT_TRUE(VerifyProgram(*p)) << VerifyProgram(*p).error().message;
    int row = 0;
    for (const isa::Instruction& in : p->decode.instructions) {
      if (in.GetAs<isa::Opcode>(isa::kOpcode) != isa::Opcode::kMatvec) continue;
      for (int r = 0; r < int(in.Get(isa::kMvGroups)) * design.ports && row < rows; ++r, ++row) {
        const std::vector<int8_t> trits = ImageRow(*p, in, r);
        for (int c = 0; c < int(trits.size()); ++c) {
          ASSERT_EQ(trits[c], c < cols ? MatvecTrit(9, cols, row, c) : 0);
        }
      }
    }
    EXPECT_EQ(row, rows);
  }
}

}  // namespace
}  // namespace ternfab
