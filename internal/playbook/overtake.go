package playbook

import "jobzero/internal/finding"

// overtake settles what was given to a person and is nobody's work any more, since the access key that it was done with is contained. It changes
// the findings on the desk, and gives those that have to be saved.
func overtake(k desk) (out []finding.Finding) {
	for i := range k.findings {
		f := &k.findings[i]
		if f.State == finding.Human && k.ticket.Overtook(*f) {
			f.State, f.Settled, f.Note = finding.Done, k.ticket.Clocks.Contained, "it was before the key was contained, and changed nothing"
			out = append(out, *f)
		}
	}
	return out
}
