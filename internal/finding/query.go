package finding

// Query asks for one page of a list of findings, the last seen first. Its zero value asks for the first page of all.
type Query struct {
	State    State  // empty: in any
	By       string // id of the rule or expectation
	Account  string
	Severity Severity // at least so severe
	After    string   // Next of the page before; empty: begin with the last seen
	Size     int      // of the page; 0: the store's own
}

// Page is one page of a list.
type Page struct {
	Findings []Finding `json:"findings"`
	Next     string    `json:"next,omitempty"` // what After of the next page is; empty: there is no more
	// Cut says that the page is short because only so much is looked at for one page: there may be more behind Next.
	Cut bool `json:"cut,omitempty"`
}
