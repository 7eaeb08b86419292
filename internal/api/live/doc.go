// Package live tells of changes as they happen.
//
// It is: a reader of the one chain over everything, and a stream of server-sent events for each viewer, of what is changed but not how.
// It takes: the chain's end and what follows a place in it; whoever serves it has found out that the viewer may look.
// It gives: hello, change and reset; a viewer that is slow is told to read again, and holds up nobody.
// Next door: rest has the path, console's pages listen, store keeps the chain.
package live
