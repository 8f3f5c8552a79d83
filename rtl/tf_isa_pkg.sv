// SPDX-License-Identifier: Apache-2.0
// AUTO-GENERATED from codegen/plan/isa.h by codegen/isa_package.cc; do not edit.
// The instruction set that docs/isa.md explains.
/* verilator lint_off UNUSEDPARAM */  // every module uses some of these
package tf_isa_pkg;
  localparam bit [31:0] Version = 32'h00000003;
  localparam bit [31:0] Magic = 32'h53494654;
  localparam int InstructionWords = 16;
  localparam int InstructionBytes = 64;
  localparam int ScalarRegisters = 256;
  localparam int MaxBatch = 8;
  localparam int TagBits = 12;
  localparam int PartialSums = 64;
  localparam int HeaderMagic = 0;
  localparam int HeaderVersion = 1;
  localparam int HeaderCount = 2;

  // Opcode
  localparam bit [7:0] OpEnd = 8'h0;
  localparam bit [7:0] OpMatvec = 8'h10;
  localparam bit [7:0] OpDot = 8'h20;
  localparam bit [7:0] OpAccumulate = 8'h21;
  localparam bit [7:0] OpVector = 8'h30;

  // Predicate
  localparam bit [1:0] PredAlways = 2'h0;
  localparam bit [1:0] PredSlotActive = 2'h1;
  localparam bit [1:0] PredSlotLast = 2'h2;

  // Tokens, bits of Wait and Signal
  localparam bit [3:0] TokMatvecToVector = 4'h1;
  localparam bit [3:0] TokVectorToMatvec = 4'h2;
  localparam bit [3:0] TokInt8ToVector = 4'h4;
  localparam bit [3:0] TokVectorToInt8 = 4'h8;

  // StreamIndex
  localparam bit [1:0] IndexZero = 2'h0;
  localparam bit [1:0] IndexPosition = 2'h1;
  localparam bit [1:0] IndexToken = 2'h2;
  localparam bit [1:0] IndexTag = 2'h3;

  // VA
  localparam bit [1:0] SrcAVm = 2'h0;
  localparam bit [1:0] SrcAStreamF32 = 2'h1;
  localparam bit [1:0] SrcAStreamI8 = 2'h2;
  localparam bit [1:0] SrcAScalar = 2'h3;

  // VB
  localparam bit [2:0] SrcBNone = 3'h0;
  localparam bit [2:0] SrcBScalar = 3'h1;
  localparam bit [2:0] SrcBImmediate = 3'h2;
  localparam bit [2:0] SrcBVm = 3'h3;
  localparam bit [2:0] SrcBStreamF32 = 3'h4;
  localparam bit [2:0] SrcBA = 3'h5;

  // VC
  localparam bit [1:0] SrcCNone = 2'h0;
  localparam bit [1:0] SrcCScalar = 2'h1;
  localparam bit [1:0] SrcCImmediate = 2'h2;
  localparam bit [1:0] SrcCVm = 2'h3;

  // VCombine
  localparam bit [2:0] CombNone = 3'h0;
  localparam bit [2:0] CombAdd = 3'h1;
  localparam bit [2:0] CombMax = 3'h2;
  localparam bit [2:0] CombMin = 3'h3;
  localparam bit [2:0] CombSubShift = 3'h4;
  localparam bit [2:0] CombSub = 3'h5;
  localparam bit [2:0] CombAddExponent = 3'h6;
  localparam bit [2:0] CombTag = 3'h7;

  // VReduce
  localparam bit [1:0] RedNone = 2'h0;
  localparam bit [1:0] RedSum = 2'h1;
  localparam bit [1:0] RedMax = 2'h2;
  localparam bit [1:0] RedAbsMax = 2'h3;

  // VDst
  localparam bit [2:0] DstNone = 3'h0;
  localparam bit [2:0] DstVm = 3'h1;
  localparam bit [2:0] DstAm = 3'h2;
  localparam bit [2:0] DstQm = 3'h3;
  localparam bit [2:0] DstMemF32 = 3'h4;
  localparam bit [2:0] DstMemI8 = 3'h5;
  localparam bit [2:0] DstScalar = 3'h6;
  localparam bit [2:0] DstMemElement = 3'h7;

  // Fields: word, least bit, width. Bit of the whole instruction: 32 * Word + Lsb.
  localparam int OpcodeWord = 0;
  localparam int OpcodeLsb = 0;
  localparam int OpcodeWidth = 8;
  localparam int WaitWord = 0;
  localparam int WaitLsb = 8;
  localparam int WaitWidth = 4;
  localparam int SignalWord = 0;
  localparam int SignalLsb = 12;
  localparam int SignalWidth = 4;
  localparam int PredicateWord = 0;
  localparam int PredicateLsb = 16;
  localparam int PredicateWidth = 2;
  localparam int SlotWord = 0;
  localparam int SlotLsb = 18;
  localparam int SlotWidth = 3;
  localparam int DependentWord = 0;
  localparam int DependentLsb = 21;
  localparam int DependentWidth = 1;
  localparam int DynamicLengthWord = 0;
  localparam int DynamicLengthLsb = 22;
  localparam int DynamicLengthWidth = 1;
  localparam int StreamIndexWord = 0;
  localparam int StreamIndexLsb = 23;
  localparam int StreamIndexWidth = 2;
  localparam int StreamAddressWord = 1;
  localparam int StreamAddressLsb = 0;
  localparam int StreamAddressWidth = 32;
  localparam int StreamBeatsWord = 2;
  localparam int StreamBeatsLsb = 0;
  localparam int StreamBeatsWidth = 32;
  localparam int StreamStrideWord = 3;
  localparam int StreamStrideLsb = 0;
  localparam int StreamStrideWidth = 32;
  localparam int MvBeatsWord = 4;
  localparam int MvBeatsLsb = 0;
  localparam int MvBeatsWidth = 16;
  localparam int MvAmWord = 4;
  localparam int MvAmLsb = 16;
  localparam int MvAmWidth = 16;
  localparam int MvGroupsWord = 5;
  localparam int MvGroupsLsb = 0;
  localparam int MvGroupsWidth = 32;
  localparam int MvDstWord = 6;
  localparam int MvDstLsb = 0;
  localparam int MvDstWidth = 20;
  localparam int MvPitchWord = 7;
  localparam int MvPitchLsb = 0;
  localparam int MvPitchWidth = 20;
  localparam int I8RowBeatsWord = 4;
  localparam int I8RowBeatsLsb = 0;
  localparam int I8RowBeatsWidth = 16;
  localparam int I8QmWord = 4;
  localparam int I8QmLsb = 16;
  localparam int I8QmWidth = 16;
  localparam int I8RowsWord = 5;
  localparam int I8RowsLsb = 0;
  localparam int I8RowsWidth = 32;
  localparam int I8DstWord = 6;
  localparam int I8DstLsb = 0;
  localparam int I8DstWidth = 20;
  localparam int I8PitchWord = 7;
  localparam int I8PitchLsb = 0;
  localparam int I8PitchWidth = 20;
  localparam int I8QueriesWord = 8;
  localparam int I8QueriesLsb = 0;
  localparam int I8QueriesWidth = 4;
  localparam int I8OutWordsWord = 8;
  localparam int I8OutWordsLsb = 16;
  localparam int I8OutWordsWidth = 16;
  localparam int VAWord = 4;
  localparam int VALsb = 0;
  localparam int VAWidth = 2;
  localparam int VAIntWord = 4;
  localparam int VAIntLsb = 2;
  localparam int VAIntWidth = 1;
  localparam int VBWord = 4;
  localparam int VBLsb = 3;
  localparam int VBWidth = 3;
  localparam int VCWord = 4;
  localparam int VCLsb = 6;
  localparam int VCWidth = 2;
  localparam int VCombineWord = 4;
  localparam int VCombineLsb = 8;
  localparam int VCombineWidth = 3;
  localparam int VNegAWord = 4;
  localparam int VNegALsb = 11;
  localparam int VNegAWidth = 1;
  localparam int VNegCWord = 4;
  localparam int VNegCLsb = 12;
  localparam int VNegCWidth = 1;
  localparam int VReduceWord = 4;
  localparam int VReduceLsb = 13;
  localparam int VReduceWidth = 2;
  localparam int VDstWord = 4;
  localparam int VDstLsb = 15;
  localparam int VDstWidth = 3;
  localparam int VBankWord = 4;
  localparam int VBankLsb = 18;
  localparam int VBankWidth = 3;
  localparam int VJoinWord = 4;
  localparam int VJoinLsb = 21;
  localparam int VJoinWidth = 1;
  localparam int VNormWord = 4;
  localparam int VNormLsb = 22;
  localparam int VNormWidth = 1;
  localparam int VSumLastWord = 4;
  localparam int VSumLastLsb = 23;
  localparam int VSumLastWidth = 1;
  localparam int VReduceDstWord = 4;
  localparam int VReduceDstLsb = 24;
  localparam int VReduceDstWidth = 8;
  localparam int VLengthWord = 5;
  localparam int VLengthLsb = 0;
  localparam int VLengthWidth = 20;
  localparam int VSegmentsWord = 5;
  localparam int VSegmentsLsb = 20;
  localparam int VSegmentsWidth = 12;
  localparam int VAAddressWord = 6;
  localparam int VAAddressLsb = 0;
  localparam int VAAddressWidth = 20;
  localparam int VAStrideWord = 6;
  localparam int VAStrideLsb = 20;
  localparam int VAStrideWidth = 12;
  localparam int VBAddressWord = 7;
  localparam int VBAddressLsb = 0;
  localparam int VBAddressWidth = 20;
  localparam int VBStrideWord = 7;
  localparam int VBStrideLsb = 20;
  localparam int VBStrideWidth = 12;
  localparam int VCAddressWord = 8;
  localparam int VCAddressLsb = 0;
  localparam int VCAddressWidth = 20;
  localparam int VCStrideWord = 8;
  localparam int VCStrideLsb = 20;
  localparam int VCStrideWidth = 12;
  localparam int VDAddressWord = 9;
  localparam int VDAddressLsb = 0;
  localparam int VDAddressWidth = 20;
  localparam int VDStrideWord = 9;
  localparam int VDStrideLsb = 20;
  localparam int VDStrideWidth = 12;
  localparam int VBImmediateWord = 10;
  localparam int VBImmediateLsb = 0;
  localparam int VBImmediateWidth = 32;
  localparam int VCImmediateWord = 11;
  localparam int VCImmediateLsb = 0;
  localparam int VCImmediateWidth = 32;
  localparam int VMemAddressWord = 12;
  localparam int VMemAddressLsb = 0;
  localparam int VMemAddressWidth = 32;
  localparam int VMemStrideWord = 13;
  localparam int VMemStrideLsb = 0;
  localparam int VMemStrideWidth = 32;
  localparam int TagElementWord = 14;
  localparam int TagElementLsb = 0;
  localparam int TagElementWidth = 24;
  localparam int TagLimitWord = 15;
  localparam int TagLimitLsb = 0;
  localparam int TagLimitWidth = 12;
  localparam int VSumDstWord = 14;
  localparam int VSumDstLsb = 24;
  localparam int VSumDstWidth = 8;
  localparam int VSumFromWord = 15;
  localparam int VSumFromLsb = 24;
  localparam int VSumFromWidth = 7;
endpackage
/* verilator lint_on UNUSEDPARAM */
