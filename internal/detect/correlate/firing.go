package correlate

import (
	"crypto/sha256"
	"encoding/hex"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Firing says that a correlation's condition held for a group, for as long as it went on.
type Firing struct {
	Correlation string
	Group       []string
	// Fingerprint is of the correlation, the group and the time it began, cut to the timespan. It stays the same while the
	// firing grows. Only an event that comes late and moves the beginning back, or joins two firings, can change it: then
	// Supersedes names what this firing was called when it was told before.
	Fingerprint string
	Supersedes  []string
	Start, End  time.Time // the first contributing hit; the last time at which the condition held
	Count       int       // contributing hits
	Hits        []Member  // the earliest of them, of each rule
	Value       float64   // of the window that is furthest into the condition
	Final       bool      // nothing that comes on time can change it any more
	Late        bool      // a hit behind the watermark had a part in it
	Cut         bool      // some of its hits had to go for a budget: the count is about right, the value may have been higher
	Why         string
}

// Member is a hit that contributes to a firing. What another correlation found has that one's fingerprint or its beginning
// behind a ~ for an event.
type Member struct {
	Event string
	Ref   string
	Time  time.Time
	Rules []string // the watched rules that hit
	Value string   // of a value type
}

// Subject is the part of the fingerprint that is the same for all firings of the correlation about the group.
func (f Firing) Subject() string { return subject(f.Correlation, string(appendList(nil, f.Group))) }

// subject stands for a correlation and a group: attackers choose the values of groups, so it is a cryptographic hash.
func subject(correlation, key string) string {
	sum := sha256.Sum256(append(appendText(nil, correlation), key...))
	return hex.EncodeToString(sum[:16])
}

// slot numbers the beginnings of firings: as two of a group begin more than a timespan apart, no two have the same.
func (r *runner) slot(first int64) int64 {
	n := first / r.span
	if first%r.span < 0 {
		n--
	}
	return n
}

func (r *runner) fingerprint(g *group, slot int64) string {
	return subject(r.spec.ID, g.key) + "-" + strconv.FormatInt(slot, 10)
}

// tell emits the bursts of a group that are final or worth telling.
func (r *runner) tell(g *group) {
	if g.more == nil {
		return
	}
	open := g.more.bursts[:0]
	for i := range g.more.bursts {
		b := &g.more.bursts[i]
		if r.final(g, b) {
			r.emit(g, b, true, false)
			continue
		}
		if r.worth(g, b) {
			r.emit(g, b, false, false)
		}
		open = append(open, *b)
	}
	clear(g.more.bursts[len(open):])
	g.more.bursts = open
}

// final reports whether no hit that is on time can add to a burst.
func (r *runner) final(g *group, b *burst) bool {
	end := b.last + r.span
	return end < r.watermark && (r.mode == trailing || len(g.hits) == 0 || g.hits[0].at > end)
}

// worth reports whether a burst has to be told: it is new or has a new name, or has grown to twice its size, or has gone on
// for a timespan. A firing under attack changes with every hit; to tell each time would be an attack of our own.
func (r *runner) worth(g *group, b *burst) bool {
	return len(b.told) != 1 || b.told[0] != r.slot(b.first) ||
		b.released+len(r.held(g, b)) >= 2*b.toldCount || b.last >= b.toldLast+r.span
}

// emit tells a burst.
func (r *runner) emit(g *group, b *burst, final, evicted bool) {
	held := r.held(g, b)
	members := slices.Clone(r.pick(b.kept, held))
	slices.SortFunc(members, func(a, b hit) int { return a.order(&b) })
	slot := r.slot(b.first)
	f := Firing{
		Correlation: r.spec.ID, Group: unpackList(g.key), Fingerprint: r.fingerprint(g, slot),
		Start: moment(b.first), End: moment(b.last), Count: b.released + len(held), Value: b.peak,
		Final: final, Late: b.late, Cut: evicted || r.begin(b) <= g.more.trimmed,
	}
	for _, old := range b.told {
		if old != slot {
			f.Supersedes = append(f.Supersedes, r.fingerprint(g, old))
		}
	}
	for i := range members {
		f.Hits = append(f.Hits, r.member(&members[i]))
	}
	if len(f.Hits) > 0 {
		f.Start = f.Hits[0].Time
	}
	f.Why = r.why(&f)
	b.told, b.toldCount, b.toldLast = append(b.told[:0], slot), f.Count, b.last
	if final {
		r.counts.Firings++
	}
	r.changed = true
	r.m.out = append(r.m.out, f)
}

func (r *runner) member(h *hit) Member {
	event, ref, value, _, _ := unpackHit(h.text)
	return Member{Event: event, Ref: ref, Time: moment(h.at), Rules: r.named(h.rules), Value: r.shown(value)}
}

// named are the rules of a mask.
func (r *runner) named(mask uint32) []string {
	var out []string
	for ; mask != 0; mask &= mask - 1 {
		out = append(out, r.spec.Rules[bits.TrailingZeros32(mask)])
	}
	return out
}

// shown is a packed value for people.
func (r *runner) shown(value string) string {
	switch {
	case r.spec.numbers() && value != "":
		return decimal(fromNumeral(value))
	case len(r.spec.Fields) > 1:
		return strings.Join(unpackList(value), ", ")
	default:
		return value
	}
}
