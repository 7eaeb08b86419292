// Package when is the condition under which a rule's match counts, beyond what the record itself says.
//
// It is: a CEL expression over an event and over who may do what.
// It takes: the text that stands as jobzero.when in a rule, an event that the rule matched, and what is known of access.
// It gives: whether the match counts. Only what is certainly false takes a match away: what is not known counts, and says so.
// Next door: sigma reads rules; scope asks for the matches; access/ask knows the answers; expr evaluates.
package when
