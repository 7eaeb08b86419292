package burndown

// Example is a file of goals that shows every key. The manual prints it and a test reads it.
func Example() string {
	return `# How much people may still come by hand, by team. Between start and end the goal falls on a straight line.
goals:
  - team: shop
    per: week                       # or day
    start: 2026-03-02
    end: 2026-06-29
    sessions: {from: 40, to: 0}     # one person in one role in one account on one day
    reads: {from: 900, to: 0}       # of what is stored: objects, items, secrets, messages
  - team: platform
    per: day
    start: 2026-03-02
    end: 2026-12-31
    sessions: {from: 6, to: 1}
`
}
