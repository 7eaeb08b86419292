package ledger

// known are the numbers of what readers lend, by the pointer: what is asked of every event.
type known struct {
	whos   map[*who]pair
	wheres map[*where]pair
	acts   map[*Act]uint32
}

// pair is the numbers of principal and root, or of account and region.
type pair struct{ one, other uint32 }

// maxKnown is how many pointers are remembered of each kind. Each holds its value, so that no other value gets its place.
const maxKnown = 1 << 17

func newKnown() known {
	return known{map[*who]pair{}, map[*where]pair{}, map[*Act]uint32{}}
}

// quick adds a cell to a row that is there, as put would; false when put has to.
func (l *Ledger) quick(e *Entry, u *use, resource string, c cell) bool {
	if l.coarse.Rows != 0 || len(resource) > maxResource {
		return false
	}
	k, ok := l.begun(e, u)
	if !ok {
		return false
	}
	if r := l.row(k, resource); r != nil {
		l.add(r, c)
		return true
	}
	top := climb(resource, trunk)
	w, ok := l.words.find(top)
	if !ok || top == resource {
		return false
	}
	g := l.groups[place{k.principal, k.act, w}]
	if g == nil || g.level == leaf {
		return false
	}
	if r := l.row(k, climb(resource, g.level)); r != nil {
		l.add(r, c)
		return true
	}
	return false
}

// row is that of a key and a resource; nil when there is none.
func (l *Ledger) row(k key, resource string) *row {
	n, ok := l.words.find(resource)
	if !ok {
		return nil
	}
	k.resource = n
	return l.rows[k]
}

// add adds a cell to a row of a ledger whose days may be folded.
func (l *Ledger) add(r *row, c cell) {
	c.day = l.dayOf(c.day)
	l.note(r, c)
	l.trim()
}

// begun is the key of a use without its resource; false when some word has no number yet.
func (l *Ledger) begun(e *Entry, u *use) (k key, ok bool) {
	by, ok := l.known.whos[e.who]
	if !ok {
		if by.one, ok = l.words.find(e.who.principal); !ok {
			return k, false
		}
		if by.other, ok = l.roots.find(e.who.root); !ok {
			return k, false
		}
		remember(l.known.whos, e.who, by)
	}
	in, ok := l.known.wheres[e.where]
	if !ok {
		if in.one, ok = l.words.find(e.where.account); !ok {
			return k, false
		}
		if in.other, ok = l.words.find(e.where.region); !ok {
			return k, false
		}
		remember(l.known.wheres, e.where, in)
	}
	act, ok := l.known.acts[u.act]
	if !ok {
		if act, ok = l.acts.find(*u.act); !ok {
			return k, false
		}
		remember(l.known.acts, u.act, act)
	}
	return key{principal: by.one, root: by.other, act: act, account: in.one, region: in.other}, true
}

func remember[P comparable, N any](into map[P]N, p P, n N) {
	if len(into) >= maxKnown {
		clear(into)
	}
	into[p] = n
}
