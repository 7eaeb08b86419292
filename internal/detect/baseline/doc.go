// Package baseline knows what is normal for a principal, and tells when something is not.
//
// It is: a learner of who does what, from where, when and how much, and a risk that adds up per principal and fades.
// It takes: events, each with the principal, its peers and its account; and the time, for logs that fall silent.
// It gives: surprises as "one in so many hours of this principal", and one story per principal with all of it in words.
// Next door: detect/sigma and detect/correlate know what is bad, this knows what is new; sketch and series are its tools.
//
// # How it judges
//
// Everything is counted in hours in which a principal was active, not in calls: a loop of a thousand calls is one habit. Each
// kind of surprise gives an hour a size. Of a value (an API, a network, a client …) it is how improbable something that rare
// is: by Good and Turing the chance of something new is that of what was seen once. What is new to the principal is held
// against its peers, then its account, then the organisation, each of which counts in how many of the next smaller ones the
// value is known, as Kneser and Ney do for words. So a principal without a past is judged by its peers, and what its peers do
// every day is no surprise. Of counts the size is how many doublings the hour is above what is usual at that hour of the
// week; of errors how improbable so many are (Beta-Binomial).
//
// Sizes are not comparable, so none is believed as it is: the score is how many hours of the principal, its peers and the
// organisation had a size like that. Three means one hour in a thousand, of whatever kind. Scores are added to the principal's
// risk, which halves in a day; a second surprise of a kind counts half, a third a third, and so do further ones of the same
// event, so that thirty of a kind are no proof but five different ones are. When the risk is as high as only so many days of
// principals see (Options.Budget), that is a story: one finding, whose fingerprint is the principal's.
//
// # What holds when events come late
//
// What is known of a value or a principal (that it was seen, when first and when last) depends only on the set of events, not
// on their order or on copies, as long as no budget forces anything out; so does the number of hours in which it was seen,
// when no event comes more than 31 hours after a newer one. A late event is learnt, and judged against what is known by then,
// which may include what happened after it. Volumes are counted for an hour until an event of the next but one comes; what is
// later than that is counted in Counts.Late and left out of volumes.
package baseline
