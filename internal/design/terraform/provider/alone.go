package provider

import "slices"

// outside makes a resource of its own of what belongs to nothing that the text has, or to nobody knows what, where CloudFormation
// has a type for it: a rule of a security group opens it, whichever it is.
func (x *room) outside() {
	if x.res.Fate != Unknown {
		return
	}
	x.res.Fate = Outside
	if x.r.Blank {
		return
	}
	list := open().alone[x.r.Type]
	i := slices.IndexFunc(list, func(e *entry) bool { return e.when[0] == "" || x.r.Values[e.when[0]] == e.when[1] })
	if i < 0 {
		return
	}
	e := list[i]
	n := 1
	if e.side != "" {
		m := &mapping{e: e, r: x.r, out: &Result{}}
		n = len(m.peers(x.r.Values, peering{side: e.side}))
	}
	x.e = e
	x.be()
	for k := 1; k < n && x.e != nil; k++ {
		more := &room{r: x.r, e: e, res: &Result{}, nth: k}
		more.be()
		more.finish()
		more.res.Left, more.res.Values = nil, Tally{} // it counts once
		x.res.More = append(x.res.More, *more.res)
	}
}
