package digest

import "strconv"

// claim is what one digest says of the one before it.
type claim struct {
	Link
	by       string // key of the digest that says so
	standing standing
}

// evidence is what there is to judge a digest by.
type evidence struct {
	hash   string // SHA-256 of its content, in hexadecimal
	beside Metadata
	claims []claim // of digests after it
}

// judge says how far a digest is proven, and with tell also what is the matter with it.
func (c *chain) judge(n name, d *Digest, e evidence, tell bool) standing {
	say := func(kind Kind, key, text, group string) {
		if tell {
			c.add(kind, key, text, group)
		}
	}
	if text := c.misplaced(n, d, e.claims); text != "" {
		say(DigestMoved, n.key, text, "")
		return bad
	}
	if d.Previous != nil && !c.leads(n, d.Previous) {
		say(LinkWrong, n.key, "it names as the one before it what is no earlier digest of this trail: "+quoted(d.Previous.Object), "")
		return bad
	}
	proven := unknown
	for _, cl := range e.claims {
		if cl.standing < linked || cl.Hash == "" {
			continue
		}
		if cl.Hash != e.hash {
			say(DigestChanged, n.key, "its SHA-256 is "+e.hash+", the digest "+base(cl.by)+", which is proven, says "+quoted(cl.Hash), "")
			return bad
		}
		proven = linked
	}
	key := c.o.Keys[d.Fingerprint]
	switch {
	case d.Algorithm != signatureAlgorithm:
		if proven == unknown {
			say(AlgorithmNew, n.key, "digests are signed with the algorithm "+quoted(d.Algorithm), "signature "+d.Algorithm)
		}
		return proven
	case key == nil:
		if proven == unknown {
			say(KeyUnknown, n.key, "digests are signed with the key "+quoted(d.Fingerprint)+", which is not among those given", d.Fingerprint)
		}
		return proven
	}
	fit := func(signature string) bool { return fits(key, d.signed(e.hash), signature) }
	return sentence(n, e, fit, say)
}

// sentence judges a digest by the signatures that there are of it.
func sentence(n name, e evidence, fit func(string) bool, say func(Kind, string, string, string)) standing {
	beside := e.beside.Signature != "" && fit(e.beside.Signature)
	fine, tried := beside, e.beside.Signature != ""
	var against []claim
	for _, cl := range e.claims {
		ok := fit(cl.Signature)
		fine = fine || ok
		if cl.standing == bad {
			continue // that it does not fit says nothing of this digest
		}
		tried = true
		if !ok || cl.Hash != "" && cl.Hash != e.hash {
			against = append(against, cl)
		}
	}
	switch {
	case e.beside.Error != "":
		say(MetadataWrong, n.key, "the metadata kept beside it can not be used: "+e.beside.Error, "")
	case fine && e.beside.Signature != "" && !beside:
		say(MetadataWrong, n.key, "the signature kept beside it is not of this digest, which another signature proves", "")
	}
	switch {
	case fine:
		for _, cl := range against {
			say(LinkWrong, cl.by, "what it says of the digest before it, "+base(n.key)+", is not so: that one is proven", "")
		}
		return signed
	case tried:
		say(SignatureWrong, n.key, "no signature that there is of it fits: it was changed, or the digest after it, or what is kept beside it", "")
		return bad
	}
	say(SignatureAbsent, n.key, "no signature of it is here: nothing is kept beside it, and it is the last digest, or the one after it is missing or wrong", "")
	return unknown
}

// misplaced says why a digest is not where it says it belongs, and where the digest after it looks for it; empty when it is.
func (c *chain) misplaced(n name, d *Digest, claims []claim) string {
	belongs := "it says that it belongs to " + quoted("s3://"+d.Bucket+"/"+d.Object)
	if place(d.Object) != n.key {
		return belongs
	}
	if c.o.Bucket != "" && d.Bucket != c.o.Bucket {
		return belongs + ", another bucket than " + c.o.Bucket
	}
	for _, cl := range claims {
		if cl.standing != bad && (cl.Bucket != d.Bucket || cl.Object != d.Object) {
			return belongs + ", the digest after it looks for it at " + quoted("s3://"+cl.Bucket+"/"+cl.Object)
		}
	}
	return ""
}

// leads says whether a link goes to an earlier digest of the trail.
func (c *chain) leads(n name, l *Link) bool {
	before, ok := c.digestName(place(l.Object))
	return ok && before.trail == n.trail && (n.backfill || before.end.Before(n.end))
}

// join holds a digest against the one after it: whether the chain goes through it, and whether their times meet.
func (c *chain) join(n name, d *Digest, s standing) standing {
	a := c.after
	if a == nil {
		return s
	}
	if a.passes(n) {
		if s == signed && a.standing == unknown {
			c.add(LinkWrong, a.key, "it goes past a digest that is proven: "+base(n.key), "")
			return s
		}
		if c.asked(d.Start, d.End) {
			c.add(DigestUnlinked, n.key, "the digest "+base(a.key)+" names another one as the one before it: "+base(a.before.key), "")
		}
		return bad
	}
	from, to := d.End, a.start
	if to.Before(from) {
		from, to = to, from
	}
	if a.absent || !c.asked(from, to) {
		return s
	}
	times := "no digest is about the time from " + clock(d.End) + " to " + clock(a.start)
	switch apart := a.start.Sub(d.End); {
	case apart < 0:
		c.add(Overlap, n.key, "it ends at "+clock(d.End)+", the digest after it begins at "+clock(a.start), "")
	case apart >= hour && a.begins:
		c.add(Gap, n.key, times+": logging or validation was stopped after this digest", "")
	case apart >= hour:
		c.add(Gap, n.key, times, "")
	case a.begins:
		c.add(Restart, n.key, "it is the last of its chain, a new one begins at "+clock(a.start), "")
	case apart > 0:
		c.add(ShortGap, n.key, times, "")
	}
	return s
}

// quoted shows a text of somebody else's, shortened.
func quoted(text string) string {
	const most = 300
	if len(text) > most {
		text = text[:most] + "…"
	}
	return strconv.Quote(text)
}
