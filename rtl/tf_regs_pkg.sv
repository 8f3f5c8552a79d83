// SPDX-License-Identifier: Apache-2.0
// AUTO-GENERATED from codegen/registers.cc by codegen/registers_emit.cc; do not edit.
// Register offsets, error causes and counters; the Markdown table of a design explains them.
/* verilator lint_off UNUSEDPARAM */  // every module uses some of these
package tf_regs_pkg;
  localparam int AddressBits = 12;
  localparam int MaxPorts = 32;

  // Byte offsets; arrays have a count and a stride.
  localparam bit [11:0] ApCtrl = 12'h000;
  localparam bit [11:0] Gie = 12'h004;
  localparam bit [11:0] Ier = 12'h008;
  localparam bit [11:0] Isr = 12'h00c;
  localparam bit [11:0] Program = 12'h010;
  localparam bit [11:0] Position = 12'h014;
  localparam bit [11:0] Count = 12'h018;
  localparam bit [11:0] Token = 12'h020;
  localparam int TokenCount = 8;
  localparam int TokenStride = 4;
  localparam bit [11:0] PortBaseLo = 12'h040;
  localparam int PortBaseLoCount = 32;
  localparam int PortBaseLoStride = 8;
  localparam bit [11:0] PortBaseHi = 12'h044;
  localparam int PortBaseHiCount = 32;
  localparam int PortBaseHiStride = 8;
  localparam bit [11:0] Control = 12'h200;
  localparam bit [11:0] IsaVersion = 12'h204;
  localparam bit [11:0] DesignHashLo = 12'h208;
  localparam bit [11:0] DesignHashHi = 12'h20c;
  localparam bit [11:0] Error = 12'h210;
  localparam bit [11:0] ErrorIndex = 12'h214;
  localparam bit [11:0] CyclesLo = 12'h220;
  localparam bit [11:0] CyclesHi = 12'h224;
  localparam bit [11:0] InstructionsLo = 12'h228;
  localparam bit [11:0] InstructionsHi = 12'h22c;
  localparam bit [11:0] WStarvedLo = 12'h230;
  localparam bit [11:0] WStarvedHi = 12'h234;
  localparam bit [11:0] WBeatsLo = 12'h238;
  localparam bit [11:0] WBeatsHi = 12'h23c;
  localparam bit [11:0] ReadBeatsLo = 12'h240;
  localparam bit [11:0] ReadBeatsHi = 12'h244;
  localparam bit [11:0] WriteBeatsLo = 12'h248;
  localparam bit [11:0] WriteBeatsHi = 12'h24c;
  localparam bit [11:0] TernaryBusyLo = 12'h250;
  localparam bit [11:0] TernaryBusyHi = 12'h254;
  localparam bit [11:0] Int8BusyLo = 12'h258;
  localparam bit [11:0] Int8BusyHi = 12'h25c;
  localparam bit [11:0] VectorBusyLo = 12'h260;
  localparam bit [11:0] VectorBusyHi = 12'h264;

  // Causes in Error
  // no error
  localparam bit [7:0] ErrNone = 8'd0;
  // a memory read was answered with SLVERR
  localparam bit [7:0] ErrReadSlverr = 8'd1;
  // a memory read was answered with DECERR (no memory at that address)
  localparam bit [7:0] ErrReadDecerr = 8'd2;
  // a memory port misplaced RLAST or sent a beat that was not asked for
  localparam bit [7:0] ErrReadProtocol = 8'd3;
  // a memory write was answered with SLVERR
  localparam bit [7:0] ErrWriteSlverr = 8'd4;
  // a memory write was answered with DECERR (no memory at that address)
  localparam bit [7:0] ErrWriteDecerr = 8'd5;
  // the program header has a wrong magic, version or instruction count
  localparam bit [7:0] ErrBadHeader = 8'd6;
  // unknown opcode
  localparam bit [7:0] ErrBadOpcode = 8'd7;
  // a length of the instruction is 0 or contradicts its stream
  localparam bit [7:0] ErrBadLength = 8'd8;
  // COUNT is 0 or above the design's batch
  localparam bit [7:0] ErrBadCount = 8'd9;
  // every unit waits for a dependence token that none will put
  localparam bit [7:0] ErrDeadlock = 8'd10;
  // a weight byte is no valid code (is the weight region corrupt?)
  localparam bit [7:0] ErrWeightCode = 8'd11;
  localparam bit [31:0] NoInstruction = 32'hffffffff;

  // 64-bit counters: index
  // clock cycles from ap_start to ap_done
  localparam int CntCycles = 0;
  // instructions dispatched, END included
  localparam int CntInstructions = 1;
  // cycles in which the ternary unit waited for a weight beat
  localparam int CntWStarved = 2;
  // wide beats that the ternary unit consumed
  localparam int CntWBeats = 3;
  // wide beats read from main memory
  localparam int CntReadBeats = 4;
  // wide beats written to main memory
  localparam int CntWriteBeats = 5;
  // cycles in which the ternary unit had an instruction in work
  localparam int CntTernaryBusy = 6;
  // cycles in which the int8 unit had an instruction in work
  localparam int CntInt8Busy = 7;
  // cycles in which the vector unit had an instruction in work
  localparam int CntVectorBusy = 8;
  localparam int Counters = 9;
endpackage
/* verilator lint_on UNUSEDPARAM */
