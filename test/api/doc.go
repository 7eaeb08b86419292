// Package api holds the door for people and programs against strangers, and against those who may do less than they try.
//
// It is: tests over real sockets on the whole house: every route and role, headers, brute force, a fuzzer by the description, 1,000 viewers.
// It takes: nothing but the house.
// It gives: failures where somebody gets in, or something breaks.
// Next door: internal/auth, internal/api/rest, internal/api/live.
package api
