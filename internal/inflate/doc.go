// Package inflate decompresses gzip in memory, faster than the libraries and checked against one.
//
// It is: RFC 1951 and RFC 1952 for whole objects: a fast loop while there is slack at both ends, a careful one where there is none.
// It takes: all the bytes of a gzip file (one member or several), a buffer to reuse and a limit for what may come out.
// It gives: the content, its CRC-32 and length checked; or what is wrong and at which byte, with what came out until then.
// Next door: source/file, which reads streams of any size; hash/crc32 does the checksum.
//
// Every load, store and look-up in a table is checked by Go, or the compiler has proven that it need not be. A broken object can
// cost an error, never memory that is not its own.
//
// The verdict is that of compress/gzip, with two exceptions, which RFC 1952 and gzip(1) allow and it refuses: zero bytes after the
// last member, and a name or comment of 512 bytes or more. Reserved flags are ignored, as there: the CRC says what is right.
package inflate
