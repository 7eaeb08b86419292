package correlate

// Recount is Size, counted anew.
func (m *Machine) Recount() (groups, bytes int) {
	for _, r := range m.order {
		for _, g := range r.groups {
			groups++
			bytes += g.size()
		}
	}
	return groups, bytes
}

// Appointments is how many entries the queues have.
func (m *Machine) Appointments() int {
	n := 0
	for _, r := range m.order {
		n += len(r.queue)
	}
	return n
}
