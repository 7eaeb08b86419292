// Package intel matches events with what others know to be bad.
//
// It is: readers of threat intelligence, and a compiled set of indicators that is asked about each event; pure.
// It takes: STIX 2.1 bundles, MISP feeds and events, and lists; and records of events.
// It gives: matches as rules give them, with the indicator, where it is from and how sure that is; a report of what was not taken.
// Next door: detect makes findings of the matches, cli and app read the files and join the set with the rules.
//
// # What is matched with what
//
// An address, a range or the like is looked for where a log says who called or was called: see fields.go. A domain stands for
// itself and what lies below it; a URL only for itself, because many share a host. Hashes, and names and addresses that somebody
// put into the parameters of a call, are looked for in them only when that is asked for (Options.Deep), which costs.
//
// An indicator counts at the time of the event, from its beginning up to its end, and not at the time of the reading. One that is
// wider than a /8 (IPv4) or a /16 (IPv6), not public, or a name without a dot would be about everybody: it is refused.
//
// # STIX
//
// Of the pattern language (section 9 of STIX 2.1) everything within one observation is read: comparisons with =, !=, IN, LIKE,
// MATCHES, ISSUBSET and ISSUPERSET, NOT, AND and OR, and OR between observations. An event is an observation. What needs several
// events (AND between observations, FOLLOWEDBY, WITHIN, REPEATS, START) and objects that no log here has are errors that name it.
//
// Formats: https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html, https://www.misp-project.org/misp-rfc/ (core format)
// and https://www.misp-project.org/feeds/.
package intel
