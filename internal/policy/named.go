package policy

// Named is a policy of the same text that was read from somewhere else: only its name and the places in it are other ones.
func (d *Document) Named(name string) *Document {
	if d.Name == name {
		return d
	}
	out := *d
	out.Name = name
	out.Statements = make([]*Statement, len(d.Statements))
	for i, s := range d.Statements {
		one := *s
		one.Place.File = name
		if len(s.Conditions) > 0 {
			one.Conditions = make([]*Condition, len(s.Conditions))
		}
		for n, c := range s.Conditions {
			condition := *c
			condition.Place.File = name
			one.Conditions[n] = &condition
		}
		out.Statements[i] = &one
	}
	return &out
}
