package playbook

// RunQuery asks for one page of a list of runs, the last begun first. Its zero value asks for the first page of all.
type RunQuery struct {
	Playbook string
	States   []RunState // empty: in any
	After    string     // Next of the page before; empty: begin with the last begun
	Size     int        // of the page; 0: the store's own
}

// RunPage is one page of a list.
type RunPage struct {
	Runs []Run  `json:"runs"`
	Next string `json:"next,omitempty"` // what After of the next page is; empty: there is no more
	// Cut says that the page is short because only so much is looked at for one page: there may be more behind Next.
	Cut bool `json:"cut,omitempty"`
}
