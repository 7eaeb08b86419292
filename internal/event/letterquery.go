package event

// LetterQuery asks for one page of a list of dead letters, the newest first. Its zero value asks for the first page of all.
type LetterQuery struct {
	State LetterState // empty: in any
	After string      // the last that was seen; empty: begin with the newest
	Size  int         // of the page; 0: the store's own
}

// LetterPage is one page of a list, without the bytes of the letters.
type LetterPage struct {
	Letters []Letter `json:"letters"`
	Next    string   `json:"next,omitempty"` // what After of the next page is; empty: there is no more
}
