package genestate

import (
	"bytes"
	"context"
	"io"

	"jobzero/internal/access/estate"
)

// Files are those that a reader of the live API would write; each is made when it is opened.
func Files(s Size) (out []estate.File) {
	add := func(name string, write func(io.Writer) error) {
		out = append(out, estate.File{Name: name, Open: func() (io.ReadCloser, error) {
			var text bytes.Buffer
			err := write(&text)
			return io.NopCloser(&text), err
		}})
	}
	add("organisation.json", func(w io.Writer) error { return Organisation(w, s) })
	for n := range s.Accounts {
		add(Account(n)+".iam.json", func(w io.Writer) error { return Details(w, s, n) })
		add(Account(n)+".resources.json", func(w io.Writer) error { return Resources(w, s, n) })
	}
	return out
}

// Estate makes an organisation up and reads it.
func Estate(ctx context.Context, s Size) (*estate.Estate, error) {
	e := estate.New()
	if err := e.ReadFiles(ctx, Files(s), nil); err != nil {
		return nil, err
	}
	return e, e.Done()
}
