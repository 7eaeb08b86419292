package oncall

import "time"

// The night of a person, by the clock of his zone.
const nightFrom, nightUntil = 23, 7

// nights gives the parts of a time that are night in a zone. They are reckoned by the zone's clock, so that a clock change moves them.
func nights(zone *time.Location, from, until time.Time) (out []span) {
	local := from.In(zone)
	for d := -1; ; d++ {
		begins := time.Date(local.Year(), local.Month(), local.Day()+d, nightFrom, 0, 0, 0, zone)
		if !begins.Before(until) {
			return out
		}
		ends := time.Date(local.Year(), local.Month(), local.Day()+d+1, nightUntil, 0, 0, 0, zone)
		if n := (span{latest(begins, from).UTC(), earliest(ends, until).UTC()}); n.from.Before(n.until) {
			out = append(out, n)
		}
	}
}
