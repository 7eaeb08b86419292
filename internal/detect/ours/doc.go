// Package ours holds what CloudTrail says that our own roles have changed against what our own log says.
//
// It is: which events are writing calls of a session of ours, whether the log has them, and which calls of the log the trail lacks; pure, no I/O.
// It takes: events, the timeline of the ticket that a session names, and what our roles are called.
// It gives: a verdict on each call, and findings about what is on one side only.
// Next door: store keeps the calls until they are judged; app asks from time to time and gives the findings to triage.
package ours
