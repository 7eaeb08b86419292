// Package rawjson walks JSON where it lies, without decoding it.
//
// It is: a strict reader of RFC 8259 that gives the bytes of values, and the few ways to look into them.
// It takes: bytes in memory; they are never changed, and what is given back lies in them.
// It gives: values as they were written, or the byte at which they are wrong.
// Next door: source finds records with it, detect looks into them.
//
// There are two readers of the same language. The careful one (walk.go, scalar.go) says what is wrong and where; the quick one
// (quick.go) reads what machines write, compact ASCII, and gives up on everything else. What the quick one takes, the careful
// one takes too, with the same values: a fuzz target holds them together.
package rawjson
