package report

import (
	"strings"
	"time"

	"jobzero/internal/fault"
)

// Add is what whoever said it says later, with their code: more words, more files, or both.
func (r *Report) Add(text string, files []File, now time.Time) error {
	text = cut(strings.TrimSpace(text), mostText)
	switch {
	case text == "" && len(files) == 0:
		return fault.New(fault.Invalid, "there is nothing in it: write something, or choose a file")
	case len(r.Replies) >= mostReplies:
		return fault.New(fault.Conflict, "there are %d answers already", mostReplies)
	case len(files) > MostFiles:
		return fault.New(fault.Invalid, "%d files: up to %d are taken at once", len(files), MostFiles)
	case len(r.Files)+len(files) > mostInAll:
		return fault.New(fault.Conflict, "%d files were sent already, and up to %d are kept for one report", len(r.Files), mostInAll)
	}
	for _, f := range files {
		text = strings.TrimSpace(text + "\nFile: " + f.Name)
	}
	r.Files = append(r.Files, files...)
	r.Replies = append(r.Replies, Reply{At: now, Text: text})
	return nil
}

// Recode gives the report another code, and forgets the one that it had.
func (r *Report) Recode() Code {
	code := newCode()
	r.Code = code.hash()
	return code
}
