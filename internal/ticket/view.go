package ticket

// View is a filter of the list of tickets that a person has given a name, and that is theirs alone.
type View struct {
	Name  string
	Query string // of the list's address, such as state=human&severity=high
}
