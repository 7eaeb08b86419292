package digest

import (
	"bytes"
	"errors"
	"io/fs"
	"time"
)

// hour is how often digests come.
const hour = time.Hour

// standing says how far a digest is proven.
type standing int

const (
	bad     standing = iota // something about it is wrong
	unknown                 // nothing proves it
	linked                  // the digest after it is proven, and holds its hash
	signed                  // a signature fits
)

// chain is the digests of one trail, walked from the newest to the oldest.
type chain struct {
	*inspection
	names   []name // oldest first, backfills among them
	present map[string]bool
	said    map[string][]claim // by the key of the digest that it is about
	after   *neighbour         // nil behind a digest that is wrong or tells nothing
	cover   spans
	found   int // digests of the time asked for
}

// neighbour is the digest after the one that is looked at, backfills aside.
type neighbour struct {
	key      string
	start    time.Time
	standing standing
	before   name // the digest that it names as the one before it
	absent   bool // that one, and it was told
	begins   bool // a chain: it names none
	asked    bool // it is of the time asked for
}

// passes says whether the chain goes past a digest, from this one to an older one.
func (a *neighbour) passes(n name) bool {
	return !a.begins && a.before.key != n.key && n.end.After(a.before.end)
}

// verify walks the chain.
func (c *chain) verify() error {
	c.present, c.said = map[string]bool{}, map[string][]claim{}
	for _, n := range c.names {
		c.present[n.key] = true
	}
	from, to := c.window()
	for i := to; i >= from; i-- {
		if err := c.step(c.names[i]); err != nil {
			return err
		}
	}
	c.covered = append(c.covered, c.cover.merged())
	c.ends()
	return nil
}

// window is the range of names to read: those of the time asked for, the one before, so that a gap shows, and two after it. The
// first of these may begin in that time still, and the second then proves the first.
func (c *chain) window() (from, to int) {
	to = len(c.names) - 1
	if !c.o.Since.IsZero() {
		for from <= to && !c.names[from].end.After(c.o.Since) {
			from++
		}
		for more := 1; from > 0 && more > 0; from-- {
			if !c.names[from-1].backfill {
				more--
			}
		}
	}
	if !c.o.Until.IsZero() {
		k := from
		for k <= to && !c.names[k].end.After(c.o.Until) {
			k++
		}
		for more := 2; k <= to && more > 0; k++ {
			if !c.names[k].backfill {
				more--
			}
		}
		to = k - 1
	}
	return from, to
}

// asked says whether a time is of interest. What is outside is read for what it says of its neighbours, and not told of.
func (c *chain) asked(from, to time.Time) bool {
	return (c.o.Since.IsZero() || to.After(c.o.Since)) && (c.o.Until.IsZero() || from.Before(c.o.Until))
}

// step verifies one digest.
func (c *chain) step(n name) error {
	var text bytes.Buffer
	hash, meta, err := c.plain(n.key, maxDigest, &text)
	if c.ctx.Err() != nil {
		return c.ctx.Err()
	}
	var d *Digest
	if err == nil {
		d, err = Parse(text.Bytes())
	}
	if err != nil {
		c.unusable(n, err)
		return nil
	}
	asked := c.asked(d.Start, d.End)
	s := c.judge(n, d, evidence{hash, meta, c.said[n.key]}, asked)
	delete(c.said, n.key)
	if !n.backfill && s != bad {
		s = c.join(n, d, s)
	}
	if asked {
		c.count(n, d, s)
		err = c.logs(d, n, s)
	} else if s >= linked {
		for _, l := range d.Logs { // not of the time asked for, but no strangers
			c.listed[markOf(place(l.Object))] = struct{}{}
		}
	}
	c.keep(n, d, s, asked)
	return err
}

// unusable takes a digest that tells nothing.
func (c *chain) unusable(n name, err error) {
	if !n.backfill {
		c.after = nil
	}
	if !c.asked(n.end.Add(-hour), n.end) {
		return
	}
	c.found++
	c.Digests.Found++
	u, unread := errors.AsType[*unreadable](err)
	switch {
	case unread:
		c.Digests.Unknown++
		c.add(u.kind, n.key, u.text, "")
	case errors.Is(err, fs.ErrNotExist): // it was there when the folder was listed
		c.Digests.Wrong++
		c.add(DigestMissing, n.key, "it vanished while it was being verified", "")
	default:
		c.Digests.Wrong++
		c.add(DigestBroken, n.key, err.Error(), "")
	}
}

// count counts a digest.
func (c *chain) count(n name, d *Digest, s standing) {
	c.found++
	c.Digests.Found++
	if len(d.Logs) == 0 {
		c.Digests.Empty++
	}
	if n.backfill {
		c.Digests.Backfill++
	}
	switch s {
	case bad:
		c.Digests.Wrong++
		return
	case unknown:
		c.Digests.Unknown++
	case linked:
		c.Digests.Linked++
	case signed:
		c.Digests.Signed++
	}
	c.about(d.Start, d.End)
}

// keep remembers a digest and what it says of the one before it, until that one comes.
func (c *chain) keep(n name, d *Digest, s standing, asked bool) {
	before := name{}
	if d.Previous != nil {
		before, _ = c.digestName(place(d.Previous.Object))
		if c.present[before.key] {
			c.said[before.key] = append(c.said[before.key], claim{Link: *d.Previous, by: n.key, standing: s})
		}
	}
	if s == bad {
		if !n.backfill && (c.after == nil || !c.after.passes(n)) { // a chain that goes past it goes on without it
			c.after = nil
		}
		return
	}
	absent := d.Previous != nil && !c.present[before.key]
	if absent && c.asked(before.end.Add(-hour), before.end) {
		c.Digests.Missing++
		c.add(DigestMissing, before.key, "the digest "+base(n.key)+" names it as the one before it, and it is not there", "")
	}
	if n.backfill {
		return
	}
	if asked || s >= linked {
		c.cover = append(c.cover, span{d.Start, d.End})
	}
	c.after = &neighbour{key: n.key, start: d.Start, standing: s, before: before, absent: absent, begins: d.Previous == nil, asked: asked}
}

// ends says what is to be said of the chain's two ends.
func (c *chain) ends() {
	last := c.names[len(c.names)-1]
	if c.found == 0 {
		c.add(NoDigest, last.key, "the trail "+last.trail+" has no digest of the time asked for; this is its last", "")
	}
	if !c.o.Until.IsZero() && last.end.Add(c.o.Silence).Before(c.o.Until) {
		c.add(Silent, last.key, "it is the last digest of the trail "+last.trail+" and ends at "+clock(last.end)+", more than "+c.o.Silence.String()+" before "+clock(c.o.Until), "")
	}
	if a := c.after; a != nil && a.begins && a.key == c.first() && (a.asked || c.found == 0) {
		c.add(Start, a.key, "validation of the trail "+last.trail+" begins at "+clock(a.start), "")
		if !c.o.Since.IsZero() && a.start.After(c.o.Since) {
			c.add(LateStart, a.key, "no digest of the trail "+last.trail+" is about the time from "+clock(c.o.Since)+" to "+clock(a.start), "")
		}
	}
}

// first is the key of the oldest digest, backfills aside.
func (c *chain) first() string {
	for _, n := range c.names {
		if !n.backfill {
			return n.key
		}
	}
	return ""
}

// clock writes a time as CloudTrail does.
func clock(t time.Time) string { return t.UTC().Format(time.RFC3339) }
