package expr

// Roads reports whether the direct road leads to an answer.
func (p *Program) Roads(in *Input) bool {
	_, ok := p.direct(in)
	return ok
}
