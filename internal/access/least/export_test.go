package least

import (
	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
)

// InEveryShape writes the smaller policy in each shape, whether it is needed or not, cut into policies of a size; nil where it cannot be cut.
func InEveryShape(s *Subject, o Options, most int) ([][]*policy.Document, error) {
	st, err := read(s.Policies)
	if err != nil {
		return nil, err
	}
	n := needs{}
	n.use(o.Used)
	n.declare(o.Declared, st.granted())
	n.unseen(st.granted(), o.Logged, o.Drop)
	parts := narrow(st, n)
	var out [][]*policy.Document
	for _, sh := range shapes {
		packed, ok := pack(append(denials(st.deny), parts.write(sh)...), most)
		if !ok {
			continue
		}
		docs := []*policy.Document{}
		for _, list := range packed {
			t, err := textOf("shape", list)
			if err != nil {
				return nil, err
			}
			docs = append(docs, t.Document)
		}
		out = append(out, docs)
	}
	return out, nil
}

// Granted reports whether a policy grants any action of dangers, on whichever resources.
func Granted(d *policy.Document, which ...Danger) bool {
	st, err := read([]estate.Held{{Document: d}})
	if err != nil {
		return false
	}
	for _, danger := range which {
		if len(st.granted().both(dangers()[danger], newSet())) > 0 {
			return true
		}
	}
	return false
}
