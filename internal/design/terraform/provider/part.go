package provider

// parts makes resources of their own of the blocks that CloudFormation has as such, such as the routes of a route table. Of a block
// that is not known there is one of which nothing is known but whose it is.
func (x *room) parts() {
	for _, e := range open().each[x.r.Type] {
		for _, v := range elements(x.r.Values[e.at]) {
			hole, unknown := v.(*Hole)
			block, known := v.(map[string]any)
			if !known && (!unknown || hole.Idle) {
				continue
			}
			r := *x.r
			r.Values, r.Default, r.Tagged = block, nil, false
			if x.r.Refs != nil {
				r.Refs = func(path string) Refs { return x.r.Refs(e.at + "." + path) }
			}
			more := &room{r: &r, e: e, res: &Result{}}
			more.be()
			if more.e == nil {
				continue
			}
			if unknown {
				more.dark(hole)
			}
			more.to.in[e.by] = x.name()
			more.finish()
			x.res.Values.Add(more.res.Values)
			x.res.Left = append(x.res.Left, more.res.Left...)
			more.res.Left, more.res.Values = nil, Tally{} // it counts once
			x.res.More = append(x.res.More, *more.res)
		}
	}
}

// dark makes unknown all that is not the same of every such resource.
func (x *room) dark(hole *Hole) {
	for _, p := range x.typ.Properties {
		if x.to.in[p.Name] == nil {
			x.to.in[p.Name] = &Hole{Cause: hole.Cause}
		}
	}
}

// name is what others call a resource by.
func (x *room) name() any {
	if id, ok := x.r.Values["id"].(string); ok {
		return id
	}
	return &Hole{Cause: x.r.Address + ".id is known only after it is made", From: []Ref{{Address: x.r.Address, Attribute: "id"}}}
}
