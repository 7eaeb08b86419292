#include "textflag.h"

// Sixteen times the byte.
DATA quote<>+0(SB)/8, $0x2222222222222222
DATA quote<>+8(SB)/8, $0x2222222222222222
GLOBL quote<>(SB), RODATA|NOPTR, $16
DATA slash<>+0(SB)/8, $0x5c5c5c5c5c5c5c5c
DATA slash<>+8(SB)/8, $0x5c5c5c5c5c5c5c5c
GLOBL slash<>(SB), RODATA|NOPTR, $16
DATA control<>+0(SB)/8, $0x1f1f1f1f1f1f1f1f
DATA control<>+8(SB)/8, $0x1f1f1f1f1f1f1f1f
GLOBL control<>(SB), RODATA|NOPTR, $16

// PART notes 16 bytes: quotes in the low bits of Q, odd ones in those of O. The high bit of a byte, which MOVMSK takes, is the
// mark of all that is not ASCII; the others get theirs from the comparisons.
#define PART(at, Q, O) \
	MOVOU at(SI), X0; \
	MOVO X0, X1; \
	MOVO X0, X2; \
	MOVO X0, X3; \
	PCMPEQB X10, X1; \
	PCMPEQB X11, X2; \
	PMINUB X12, X3; \
	PCMPEQB X0, X3; \
	POR X2, X0; \
	POR X3, X0; \
	PMOVMSKB X1, Q; \
	PMOVMSKB X0, O

// func indexBlocks(b *byte, blocks int, quotes, odd *uint64)
// Reads blocks*64 bytes at b and writes blocks words at quotes and at odd.
TEXT ·indexBlocks(SB), NOSPLIT, $0-32
	MOVQ b+0(FP), SI
	MOVQ blocks+8(FP), CX
	MOVQ quotes+16(FP), DI
	MOVQ odd+24(FP), DX
	MOVOU quote<>(SB), X10
	MOVOU slash<>(SB), X11
	MOVOU control<>(SB), X12
	TESTQ CX, CX
	JZ done

block:
	PART(0, R8, R9)
	PART(16, R10, R11)
	SHLQ $16, R10
	SHLQ $16, R11
	ORQ R10, R8
	ORQ R11, R9
	PART(32, R10, R11)
	SHLQ $32, R10
	SHLQ $32, R11
	ORQ R10, R8
	ORQ R11, R9
	PART(48, R10, R11)
	SHLQ $48, R10
	SHLQ $48, R11
	ORQ R10, R8
	ORQ R11, R9
	MOVQ R8, (DI)
	MOVQ R9, (DX)
	ADDQ $64, SI
	ADDQ $8, DI
	ADDQ $8, DX
	DECQ CX
	JNZ block

done:
	RET
