package agreement

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// lines reads a file of JSON texts, one a line.
func lines(fsys fs.FS, name string, each func(n int, line []byte) error) error {
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 4<<20)
	for n := 1; s.Scan(); n++ {
		if err := each(n, s.Bytes()); err != nil {
			return fmt.Errorf("read %s:%d: %w", name, n, err)
		}
	}
	return s.Err()
}

// Guard reads the tests of the AWS Guard Rules Registry: a template each, with what one rule says of it as a whole. Tests of the
// language's own way to suppress a rule are no cases: they say nothing of the resource, and what excuses one here is a waiver, which
// is no part of a template.
func Guard(fsys fs.FS) (*Corpus, error) {
	out := newCorpus("guard-rules")
	err := lines(fsys, "cases.jsonl", func(n int, line []byte) error {
		var c struct {
			Rule, Name, Expected string
			Input                json.RawMessage
		}
		if err := json.Unmarshal(line, &c); err != nil {
			return err
		}
		want := Want(strings.ToLower(c.Expected))
		if want == Skip && (bytes.Contains(c.Input, []byte(`"SuppressedRules"`)) || bytes.Contains(c.Input, []byte(`"rules_to_suppress"`))) {
			out.Left["the rule is suppressed in the template's metadata, which says nothing of the resource"]++
			return nil
		}
		out.add(Case{
			Control: c.Rule, Key: c.Rule + ": " + c.Name, Want: want, Kind: CloudFormation, From: strconv.Itoa(n),
			Files: text(CloudFormation, bytes.Clone(c.Input)),
		})
		return nil
	})
	return out, err
}

// Trivy reads the examples of Trivy's checks: a text each, good or bad as a whole.
func Trivy(fsys fs.FS) (*Corpus, error) {
	out := newCorpus("trivy-examples")
	err := lines(fsys, "examples.jsonl", func(n int, line []byte) error {
		var c struct {
			Check, Expected, Text string
			Kind                  Kind
		}
		if err := json.Unmarshal(line, &c); err != nil {
			return err
		}
		out.add(Case{
			Control: c.Check, Key: c.Check + " " + string(c.Kind) + " " + c.Expected, Want: Want(c.Expected), Kind: c.Kind,
			From: strconv.Itoa(n), Files: text(c.Kind, []byte(c.Text)),
		})
		return nil
	})
	return out, err
}
