// Package span finds where JSON values begin and end, in streams of any size and any quality.
//
// It is: a scanner that follows brackets and strings without building anything, and a strict walker over one value in memory.
// It takes: a stream that may be huge, cut, nested without end or no JSON at all.
// It gives: one piece per record (whole, broken, too large or cut), never more memory than one record's limit.
// Next door: source/file feeds it; cloudtrail and eventbridge use the walker.
package span
