// Package ledger is who did what.
//
// It is: CloudTrail folded into principal, action, resource and day, with who was behind it; bounded, and pure.
// It takes: records, each once or more often and in any order, and a graph of credentials that says who is at the root.
// It gives: what a principal used, who touched a resource, which people touched data; what was left out, counted; a file of it.
// Next door: policy/trail says what a record touched, principal/lineage who was behind it; hunt/fold reads archives.
//
// # The promise
//
// What a ledger says depends on the set of records and not on their order, and a ledger of parts that were merged is that of the
// whole: counts are sums, times are the first and the last, and which resources stand for many is decided by how many different
// ones there are. It holds as long as no limit of the whole ledger was met (Coarse, Counts.Roots and Counts.Beyond are then not zero, and
// say so) and while an event that is delivered again comes within the window that is remembered (Options.Window).
//
// A call from one account into another has a record in both, with IDs of their own. In the caller's it is the caller's use; in the
// other it is one of a principal that is no more than the number of the caller's account.
//
// # What stands for many
//
// Resources of one kind that one principal touched by one action are told one by one up to Options.Leaves of them. Of more, the
// ledger tells what they have in common: objects by the first folder of their key, then by their bucket; others by the first two
// parts of their name, then by their kind. Such a resource ends with *, and Size.Folded says how many there are.
//
// When the whole ledger outgrows Options.Rows it is folded one step further: all resources as above; then by service; then without
// who was behind it. When it outgrows Options.Days, days become months, and then one. What still is too much is counted in one row,
// by day, of an action and a principal that have no name. No event is ever dropped without being counted.
package ledger
