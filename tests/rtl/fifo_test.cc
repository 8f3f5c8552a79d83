// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <memory>
#include <random>

#include "Vunit_bench.h"

namespace ternfab {
namespace {

constexpr std::array<const char*, 4> kNames = {"tf_fifo", "tf_fifo RegOut", "tf_fifo_ram",
                                               "tf_fifo_ram RegOut"};
constexpr std::array<int, 4> kLeast = {5, 5, 8, 8};    ///< words that fit at least
constexpr std::array<int, 4> kLatency = {1, 2, 2, 3};  ///< cycles from write to rd_valid

/// The four queues of bench_dma.svh beside four std::deque.
class Fifos {
 public:
  Fifos() {
    bench_->rst_ni = 0;
    Clock();
    bench_->rst_ni = 1;
  }

  /// One cycle: offers `data` to the queues of `write`, reads those of `read`.
  void Step(int write, uint16_t data, int read, bool clear = false) {
    bench_->dma_fifo_wr_valid = uint8_t(write);
    bench_->dma_fifo_wr_data = data;
    bench_->dma_fifo_rd_ready = uint8_t(read);
    bench_->dma_fifo_clr = clear;
    bench_->clk_i = 0;
    bench_->eval();
    for (int f = 0; f < 4; ++f) Check(f, data, clear);
    Clock();
  }
  bool valid(int f) const { return (bench_->dma_fifo_rd_valid >> f & 1) != 0; }
  int size(int f) const { return int(model_[f].size()); }
  int taken(int f) const { return taken_[f]; }

 private:
  void Check(int f, uint16_t data, bool clear) {
    const bool push = (bench_->dma_fifo_wr_valid & bench_->dma_fifo_wr_ready) >> f & 1;
    const bool pop = (bench_->dma_fifo_rd_valid & bench_->dma_fifo_rd_ready) >> f & 1;
    if (valid(f)) {
      ASSERT_FALSE(model_[f].empty()) << kNames[f];
      EXPECT_EQ(uint16_t(bench_->dma_fifo_rd_data >> 16 * f), model_[f].front()) << kNames[f];
    }
    if (size(f) < kLeast[f]) {
      EXPECT_NE(bench_->dma_fifo_wr_ready >> f & 1, 0) << kNames[f] << " refuses at " << size(f);
    }
    if (pop) {
      model_[f].pop_front();
      ++taken_[f];
    }
    if (push) model_[f].push_back(data);
    if (clear) model_[f].clear();
  }
  void Clock() {
    bench_->clk_i = 1;
    bench_->eval();
    bench_->clk_i = 0;
    bench_->eval();
  }

  std::unique_ptr<Vunit_bench> bench_ = std::make_unique<Vunit_bench>();
  std::array<std::deque<uint16_t>, 4> model_;
  std::array<int, 4> taken_{};
};

TEST(Fifo, RandomTrafficKeepsOrder) {
  std::mt19937_64 random(3);
  Fifos fifos;
  for (int phase = 0; phase < 30; ++phase) {
    const int write_percent = int(random() % 101);
    const int read_percent = int(random() % 101);
    for (int i = 0; i < 300; ++i) {
      int write = 0;
      int read = 0;
      for (int f = 0; f < 4; ++f) {
        write |= int(int(random() % 100) < write_percent) << f;
        read |= int(int(random() % 100) < read_percent) << f;
      }
      fifos.Step(write, uint16_t(random()), read, random() % 500 == 0);
    }
  }
  for (int f = 0; f < 4; ++f) EXPECT_GT(fifos.taken(f), 1000) << kNames[f];
}

TEST(Fifo, FillsToItsDepthAndEmpties) {
  Fifos fifos;
  for (int i = 0; i < 40; ++i) fifos.Step(15, uint16_t(i), 0);
  for (int f = 0; f < 4; ++f) {
    EXPECT_GE(fifos.size(f), kLeast[f]) << kNames[f];
    EXPECT_LE(fifos.size(f), kLeast[f] + 2) << kNames[f];
  }
  for (int i = 0; i < 40; ++i) fifos.Step(0, 0, 15);
  for (int f = 0; f < 4; ++f) EXPECT_EQ(fifos.size(f), 0) << kNames[f];
}

TEST(Fifo, LatencyAndFullRate) {
  Fifos fifos;
  fifos.Step(15, 1, 0);
  for (int cycle = 1; cycle < 5; ++cycle) {
    for (int f = 0; f < 4; ++f) EXPECT_EQ(fifos.valid(f), cycle >= kLatency[f]) << kNames[f];
    fifos.Step(0, 0, 0);
  }
  for (int i = 0; i < 100; ++i) fifos.Step(15, uint16_t(i), 15);
  // Nothing is lost but the cycles until the second word comes through.
  for (int f = 0; f < 4; ++f) EXPECT_EQ(fifos.taken(f), 101 - kLatency[f]) << kNames[f];
}

TEST(Fifo, ClearEmpties) {
  Fifos fifos;
  for (int i = 0; i < 6; ++i) fifos.Step(15, uint16_t(i), 0);
  fifos.Step(15, 99, 15, true);
  for (int i = 0; i < 6; ++i) {
    for (int f = 0; f < 4; ++f) EXPECT_FALSE(fifos.valid(f)) << kNames[f];
    fifos.Step(0, 0, 15);
  }
}

}  // namespace
}  // namespace ternfab
