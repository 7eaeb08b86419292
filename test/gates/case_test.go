package gates

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"path"
	"strings"
	"testing"
	"time"

	"jobzero/content"
	"jobzero/internal/doc"
	"jobzero/internal/expect"
	"jobzero/internal/org"
	"jobzero/internal/resource"
)

// state is one case of an expectation: a resource, what else is known, and the verdict that is due.
type state struct {
	about *expect.Expectation
	name  string // such as s3-bucket-versioned/pass/enabled
	want  expect.Result
	is    resource.Resource
	facts expect.Facts
}

// cases reads the cases that have a verdict; those of unknown have none to lose.
func cases(t testing.TB) []state {
	t.Helper()
	set, errs := expect.Load(content.FS(), "expectations")
	for _, err := range errs {
		t.Fatal(err)
	}
	var out []state
	for _, e := range set.All() {
		file := strings.TrimSuffix(e.File, path.Ext(e.File)) + ".test"
		data, err := fs.ReadFile(content.FS(), file)
		if err != nil {
			t.Fatal(err)
		}
		archive, err := doc.Archive(file, data)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			want, ok := map[string]expect.Result{"pass": expect.Pass, "fail": expect.Fail, "notapplicable": expect.NotApplicable}[path.Dir(f.Name)]
			if !ok {
				continue
			}
			s := state{about: e, name: e.ID + "/" + strings.TrimSuffix(f.Name, ".json"), want: want}
			if err := s.read(f.Data); err != nil {
				t.Fatalf("%s: %v", s.name, err)
			}
			out = append(out, s)
		}
	}
	return out
}

func (s *state) read(data []byte) (err error) {
	var c struct {
		resource.Resource
		Now    time.Time       `json:"now"`
		Intent json.RawMessage `json:"intent"`
		Org    json.RawMessage `json:"org"`
	}
	c.Now = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err = d.Decode(&c); err != nil {
		return err
	}
	s.is, s.facts.Now = c.Resource, c.Now
	if c.Intent != nil {
		if s.facts.Intent, err = org.ParseIntent("intent.json", c.Intent); err != nil {
			return err
		}
	}
	if c.Org != nil {
		s.facts.Org, err = org.Parse("org.json", c.Org)
	}
	return err
}

// clone is a copy of a value of JSON that shares nothing with it.
func clone[T any](v T) T {
	switch v := any(v).(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = clone(e)
		}
		return any(out).(T)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = clone(e)
		}
		return any(out).(T)
	}
	return v
}
