package console

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/report"
)

const (
	mostParts  = 24       // of a form
	mostField  = 20 << 10 // bytes of one
	mostFields = 128 << 10
	mostBody   = report.MostFiles*report.MostFile + mostFields
)

// sheet is a form as it was sent. Close it when what is in its files has been taken over.
type sheet struct {
	fields map[string]string
	files  []report.File
	kept   []io.Closer
}

// Close lets go of the files.
func (s *sheet) Close() {
	for _, k := range s.kept {
		_ = k.Close() // they have no name any more: nothing is left of them either way
	}
}

// text is what stands in a field.
func (s *sheet) text(name string) string { return strings.TrimSpace(s.fields[name]) }

// read takes a form in as it comes, its files into a folder. One with files waits for no turn: it is told when there is none.
func (d *reportDesk) read(v visit) (*sheet, error) {
	kind, _, err := mime.ParseMediaType(v.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return plainForm(v.Request)
	}
	if v.ContentLength < 0 || v.ContentLength > smallForm {
		turn := d.turns[v.visitor.Stranger]
		select {
		case turn <- struct{}{}:
			defer func() { <-turn }()
		default:
			return nil, &tooMany{why: "Several people are sending files just now. Send your report without files, or try again in a minute. Files can be added later, with the code."}
		}
	}
	parts, err := v.MultipartReader()
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read the form")
	}
	s := &sheet{fields: map[string]string{}}
	if err := d.parts(parts, s); err != nil {
		s.Close()
		return nil, unread(err)
	}
	return s, nil
}

func (d *reportDesk) parts(parts *multipart.Reader, s *sheet) error {
	for n := 0; ; n++ {
		p, err := parts.NextRawPart() // what was encoded for the way would be a browser of 1998
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case n >= mostParts:
			return fault.New(fault.Invalid, "the form has more than %d fields", mostParts)
		case p.FormName() != "file":
			err = s.field(p)
		default:
			err = d.file(p, s)
		}
		if err != nil {
			return err
		}
	}
}

func (s *sheet) field(p *multipart.Part) error {
	text, err := io.ReadAll(io.LimitReader(p, mostField+1))
	switch {
	case err != nil:
		return err
	case len(text) > mostField:
		return fault.New(fault.Invalid, "a field is longer than %d bytes: send the rest as a file", mostField)
	case !slices.Contains(fields(), p.FormName()):
		return nil
	}
	s.fields[p.FormName()] = string(text)
	return nil
}

// fields are those that our forms have.
func fields() []string {
	return []string{"title", "text", "when", "where", "contact", "name", "code", "do"}
}

// file keeps one that was chosen; a field for files where none was chosen comes empty.
func (d *reportDesk) file(p *multipart.Part, s *sheet) error {
	if p.FileName() == "" {
		_, err := io.CopyN(io.Discard, p, mostField)
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	}
	if len(s.files) == report.MostFiles {
		return fault.New(fault.Invalid, "up to %d files are taken at once", report.MostFiles)
	}
	k, f, err := spool(d.Reporting.Folder, p.FileName(), p)
	if err != nil {
		return err
	}
	s.kept, s.files = append(s.kept, k), append(s.files, f)
	return nil
}

// plainForm reads a form without files.
func plainForm(r *http.Request) (*sheet, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, mostFields)
	if err := r.ParseForm(); err != nil {
		return nil, unread(err)
	}
	s := &sheet{fields: map[string]string{}}
	for _, name := range fields() {
		s.fields[name] = r.PostForm.Get(name)
	}
	return s, nil
}

// unread says in words why a form could not be read.
func unread(err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return fault.New(fault.Invalid, "it is too large: up to %d files of %d MB are taken", report.MostFiles, report.MostFile>>20)
	}
	return fault.New(fault.Invalid, "the form did not come as a whole: send it again")
}
