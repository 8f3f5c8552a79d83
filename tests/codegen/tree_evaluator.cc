// SPDX-License-Identifier: Apache-2.0
#include "tests/codegen/tree_evaluator.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <sstream>

namespace ternfab {

TreeEvaluator::TreeEvaluator(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    char name[64];
    int msb = 0;
    if (std::sscanf(line.c_str(), " logic [%d:0] %63[a-z0-9_];", &msb, name) == 2) {
      widths_[name] = msb + 1;
    } else if (std::sscanf(line.c_str(), " logic %63[a-z0-9_];", name) == 1) {
      widths_[name] = 1;
    }
    const size_t next = line.find(" <= "), assign = line.find("assign "), end = line.find(';');
    if (next != std::string::npos) {
      const size_t start = line.find_first_not_of(' ');
      statements_.push_back(
          {line.substr(start, next - start), line.substr(next + 4, end - next - 4)});
    } else if (assign != std::string::npos) {
      const size_t equal = line.find(" = ");
      statements_.push_back(
          {line.substr(assign + 7, equal - assign - 7), line.substr(equal + 3, end - equal - 3)});
    }
  }
}

int64_t TreeEvaluator::Value(const std::string& operand) const {
  int high = 0, low = 0;
  if (std::sscanf(operand.c_str(), "gated[%d:%d]", &high, &low) == 2) {
    EXPECT_EQ(high, low + 7) << operand;
    EXPECT_EQ(low % 8, 0) << operand;
    const int trit = trits_->at(size_t(low / 8));
    return 128 + trit * activations_->at(size_t(low / 8)) - (trit < 0 ? 1 : 0);
  }
  if (std::sscanf(operand.c_str(), "neg_i[%d]", &low) == 1) {
    EXPECT_EQ(low % 8, 0) << operand;
    return trits_->at(size_t(low / 8)) < 0 ? 1 : 0;
  }
  const auto it = values_.find(operand);
  EXPECT_NE(it, values_.end()) << operand << " has no value yet";
  return it == values_.end() ? 0 : it->second;
}

/// Sum of terms "W'(operand)".
int64_t TreeEvaluator::Sum(const std::string& terms) const {
  int64_t sum = 0;
  for (size_t at = 0; at < terms.size();) {
    const size_t open = terms.find("'(", at);
    if (open == std::string::npos) return at == 0 ? Value(terms) : sum;
    const size_t close = terms.find(')', open);
    sum += Value(terms.substr(open + 2, close - open - 2));
    at = close + 1;
  }
  return sum;
}

void TreeEvaluator::Execute(const Statement& statement) {
  const std::string& left = statement.left;
  int64_t value = 0;
  if (left == "gated" || left == "last" || left == "valid_o" || left[0] == 'v') return;
  if (left == "sum_o") {
    char root[64];
    int bits = 0;
    long long offset = 0;
    ASSERT_EQ(std::sscanf(statement.right.c_str(), "$signed(%d'(%63[a-z0-9_]) - %*d'd%lld)", &bits,
                          root, &offset),
              3)
        << statement.right;
    values_[left] = Value(root) - offset;
    return;
  }
  if (left == "exact") {
    value = 128 + trits_->back() * activations_->back();
  } else {
    value = Sum(statement.right);
  }
  ASSERT_TRUE(widths_.count(left)) << left << " is not declared";
  ASSERT_GE(value, 0) << left;
  ASSERT_LT(value, int64_t{1} << widths_[left]) << left;
  values_[left] = value;
}

int64_t TreeEvaluator::Evaluate(const std::vector<int>& trits,
                                const std::vector<int>& activations) {
  trits_ = &trits;
  activations_ = &activations;
  values_.clear();
  for (const Statement& statement : statements_) Execute(statement);
  return values_["sum_o"];
}

}  // namespace ternfab
