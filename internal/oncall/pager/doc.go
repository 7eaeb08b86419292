// Package pager carries pages out: opened for tickets that need a person, passed from level to level, answered, resolved.
//
// It is: a durable leg that takes one page as far as it can go now, and what people may say of a page.
// It takes: tickets that came to a person, are late or were closed; the policy; who is on duty; the time.
// It gives: calls, each handed to whoever delivers it in the transaction that asks; lines on timelines; the clocks of tickets.
// Next door: escalate says what follows on what; store keeps pages and wakes the leg; app runs it; notify delivers.
package pager
