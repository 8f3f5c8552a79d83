// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ternfab {

/// Evaluates the text of a generated adder tree as if its registers were wires.
class TreeEvaluator {
 public:
  /// Reads the statements `x <= ...;` and `assign x = ...;` and the declared widths.
  explicit TreeEvaluator(const std::string& text);

  /// sum_o for the lanes' trits and activations. Anything wrong, as a value that does not fit its
  /// declared width, is a test failure.
  int64_t Evaluate(const std::vector<int>& trits, const std::vector<int>& activations);

 private:
  struct Statement {
    std::string left, right;
  };
  int64_t Value(const std::string& operand) const;
  int64_t Sum(const std::string& terms) const;
  void Execute(const Statement& statement);

  std::vector<Statement> statements_;
  std::map<std::string, int> widths_;
  std::map<std::string, int64_t> values_;
  const std::vector<int>* trits_ = nullptr;
  const std::vector<int>* activations_ = nullptr;
};

}  // namespace ternfab
