// Package flood bounds how much strangers send, without keeping who they are.
//
// It is: counters by source under a key that lives in memory and is another one each day, and counters over all sources.
// It takes: what a source is, as text, and the time as an argument.
// It gives: yes, or how long to wait.
// Next door: report is what is sent; app has one limit for each way in.
package flood
