// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ternfab {

/// An arithmetic unit of `lanes` products and the tree that adds them, a register behind each
/// level: what mode `gate` synthesises. One sum a cycle; accumulators are not part of it.
struct GateUnit {
  struct Input {
    std::string name;
    int bits = 0;
    int word_bits = 0;  ///< in a stimulus word: bits, rounded up to whole digits
  };
  std::string top;
  std::string rtl;            ///< SystemVerilog
  std::vector<Input> inputs;  ///< without clk_i; the first is the top of a stimulus word
  int sum_bits = 0;           ///< of sum_o
  int latency = 0;            ///< cycles from operands to sum_o
  int lanes = 0;
};

/// The engines' generated adder tree: select, negate and add.
GateUnit TernaryGateUnit(int lanes);
/// int8 by int8 multipliers (registered) and a tree of exact sums.
GateUnit Int8GateUnit(int lanes);
/// FP16 multipliers (registered) and a tree of FP16 adders. Both cut their results off; subnormal
/// numbers are zero and what is too large becomes the largest number.
GateUnit Fp16GateUnit(int lanes);

/// What the FP16 unit computes, bit for bit.
uint16_t Fp16Multiply(uint16_t a, uint16_t b);
uint16_t Fp16Add(uint16_t a, uint16_t b);
/// `value` / 128, exact.
uint16_t Fp16OfInt8(int8_t value);

/// Operands of one cycle.
struct GateOperands {
  std::vector<int8_t> activations;
  std::vector<int8_t> weights;  ///< trits, or int8
};

/// A stimulus word as hexadecimal digits, and the sum that the unit must give for it, `sum_bits`
/// wide. FP16: operands divided by 128.
std::string TernaryWord(const GateOperands& operands);
std::string Int8Word(const GateOperands& operands);
std::string Fp16Word(const GateOperands& operands);
uint64_t IntegerSum(const GateOperands& operands, int sum_bits);
uint64_t Fp16Sum(const GateOperands& operands);

}  // namespace ternfab
