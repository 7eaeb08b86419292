package baseline

// Days is how many days of principals the risk was seen on.
func (l *Learner) Days() uint64 { return l.peaks.N() }

// Family is agent.
func Family(text string) string { return agent(text) }
