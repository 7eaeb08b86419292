// Package correlate runs correlations: it finds what only several events together say.
//
// It is: a machine of event-time windows, pure and deterministic; time comes in with the events, and nothing else moves it.
// It takes: specs, hits of rules with the values to group by and to measure, and marks that say how far each source has come.
// It gives: firings, at once where that is sound and final later, each with its hits and why; its state as rows or a snapshot.
// Next door: detect/sigma reads the rules and their correlations; the event engine makes the hits, saves the rows and turns
// firings into findings.
//
// # Windows
//
// Hits of one group that are at most a timespan apart are in one window, both ends included. Which windows are looked at
// depends on what the condition asks, see mode:
//
//   - Conditions that more hits can only make true (gt and gte of counts and sums, temporal, expressions without not): each
//     hit ends a window. Such a window is judged at once.
//   - Numbers that can go either way (lt, lte, eq, neq and ranges; averages and percentiles): windows lie one behind the
//     other, each opened by the first hit after the one before. Such a window is judged when the watermark has passed its
//     end. A sliding window would pass through every small number on its way up and down, so that "fewer than 5" and
//     "exactly 3" would hold for everybody.
//   - Expressions with not: each hit opens a window, which is judged when the watermark has passed its end. So "A and not B"
//     is an A that no B follows within the timespan; a B that came before does not count.
//
// Nothing opens no window: a group without hits is not known, and a condition that nothing fulfils is refused.
//
// # Values
//
//   - event_count counts events, however many of the watched rules an event hits.
//   - value_count counts different values; of several fields, different combinations.
//   - value_sum, value_avg and value_percentile measure numbers up to 1e13, exact to the sixth decimal. Where a sum is
//     judged at once, negative numbers are unusable, as they could make it untrue again.
//   - value_percentile is the nearest rank: the smallest value that at least so many percent of all values do not exceed.
//   - temporal counts the different rules that hit; without a condition all of them must.
//   - temporal_ordered counts the most rules that hit one after the other in the order of the list, each by an event of its
//     own. Events of one time are in the order of their IDs, and before what was concluded from them.
//   - boolean evaluates an expression; a rule is true when it has a hit in the window.
//
// # Firings
//
// A firing is a burst: windows of one group that held, with no more than a timespan from one to the next. It lasts until the
// condition has not held for a timespan. Its hits are those of all these windows, its value that of the window furthest into
// the condition. It is told when it begins, when it has doubled or gone on for a timespan, and when it is final.
//
// A correlation that another one watches is a rule to that one. A temporal correlation is told of every time at which the
// condition held, so that what follows the end of a burst follows it; a counting one is told once for each firing, when
// its beginning is certain. The fact belongs to the groups, by the outer correlation's fields, of all hits in the window: if
// failed logins are counted by computer and a success is looked for by user, each of the users is followed up.
//
// # The promise
//
// Let a hit be on time for a correlation when its time is not before the correlation's watermark: the newest event time that
// the slowest source that is not idle has shown, less the lateness, and no later than the watermarks of the correlations it
// watches. Then, as long as no budget forces anything out:
//
//	Theorem. The final firings (fingerprint, group, hits, window, value) depend only on the set of hits that came on time.
//	They do not depend on their order, on copies of them at any time, on how they were cut into batches and between marks,
//	on restarts from a snapshot or from rows, or on how the groups were spread over shards.
//	What is told before it is final is never withdrawn, only added to; and for conditions that are judged at once it is
//	at any moment exactly what the hits known by then amount to, each burst told under one name.
//
// Why it holds. A group's hits are a sorted set: a copy merges with what is there in the same way whichever comes first.
// Judged at once: more hits only add windows that hold, and only raise their values; a new hit concerns the windows of the
// timespan behind it, which are judged anew; adding a window to the bursts is idempotent and does not mind the order, as
// bursts are the classes of "no more than a timespan apart". A hit is let go when the watermark is more than a timespan past
// it: then no window to come reaches back to it, and whether it contributes is settled. Judged later: when the watermark
// has passed a window's end, all that belongs into it is there. A burst is final when the watermark is more than a timespan
// past its end, so that nothing to come can join it. What a correlation passes on is never behind the watermarks above it,
// because these wait for it. All state is in the rows, none is shared between groups but along chains, and these stay in
// one shard. The property test checks it against a reference that sees all hits, sorted, at once.
//
// A hit behind the watermark is judged against what is still held, counted as Late and named in Losses; one so far behind
// that its window is held no more is counted and named as Missed. Neither is silent. Windows that were judged are not judged
// again with it.
//
// # Keeping the state
//
// In a database: make the machine with Options.Rows, and for each batch, in one transaction, save what Take and Advance told,
// what Dirty gives, and that the batch is done. Rows have the primary key of shard, correlation and ID; a row without state
// is deleted. When the transaction fails, the machine is ahead of the rows: throw it away and Load it again. After a crash
// the batch comes once more, to rows that do not know of it. So nothing is lost and nothing told twice. Replicas share the
// work by taking leases on shards, of which there may be more than replicas; Shards says whose a hit is.
//
// A finding's fingerprint had better be made of correlation and group, as those of rules are of rule and subject, with the
// firing's own as the sighting: so the next burst reopens what is known instead of beginning anew.
package correlate
