package cacao

import (
	"bytes"

	"jobzero/internal/playbook/book"
)

// ExportOver is Export in place of what was exported before: a playbook is created once, and was changed last when it became what it is
// (section 3.1). before may be anything, or nothing.
func ExportOver(d book.Definition, when Dates, before []byte) ([]byte, error) {
	text, err := Export(d, when)
	if err != nil || bytes.Equal(text, before) {
		return text, err
	}
	now, _, err := Read("export", text)
	if err != nil {
		return nil, err
	}
	old, _, err := Read("before", before)
	if err != nil || old.ID != now.ID {
		return text, nil //nolint:nilerr // no playbook, or another one: nothing to go on from
	}
	was := old.dates()
	as, err := Export(d, was)
	if err != nil {
		return nil, err
	}
	if same(as, before) {
		return before, nil
	}
	return Export(d, Dates{was.Created, when.Modified})
}
