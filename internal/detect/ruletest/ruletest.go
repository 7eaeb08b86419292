// Package ruletest runs the .test files that stand beside rules.
//
// It is: the one reader of the format, for go test here and for jobzero test at a user's.
// It takes: a file system, a path, and source's reading of the logs that a rule is about.
// It gives: a result for each case, with the reason in words when it failed.
// Next door: sigma reads the rules; detect explains why they did or did not match.
//
// name.test stands beside name.yml and is a txtar archive: free text first, then files that begin with a line
// "-- fire/leaked.json --" or "-- quiet/normal.json --". Each file holds records as JSON: one object, several one after
// another, an array, or {"Records": […]}; for a log in lines it holds lines as AWS delivers them, with a header line where the log
// has one. Every record in fire/ must make a rule of name.yml fire, none in quiet/ may. What the records in given/ and those of the
// case say of sessions is known when a rule asks for the fields below lineage; what the files in access/ say of who may do what, when
// it asks for that.
package ruletest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"jobzero/internal/detect/scope"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/doc"
	"jobzero/internal/event"
	"jobzero/internal/fault"
)

// maxBytes is what one .test file may have.
const maxBytes = 8 << 20

// Parse makes an event of one record: a JSON object, or a line. A line that only names the fields of others gives nil.
type Parse func(raw []byte, origin event.Origin) (*event.Event, error)

// Open begins to read the records of one case. Each is of one of the logs.
type Open func(logs []event.Log) Parse

// Result is what became of one case.
type Result struct {
	File string // the .test file
	Case string // such as fire/leaked.json; empty when the file as a whole is wrong
	Rule string // id of the rule, when the file has one rule
	OK   bool
	Why  string // of a failure, in words
}

// Run runs the .test file at name, or every one at or below the folder name, in the order of their paths. A rule file may be
// named as well: it stands for the .test file beside it. What cannot be read is a failed result, so that nothing is
// passed over in silence.
func Run(fsys fs.FS, name string, open Open) []Result {
	return RunWith(sigma.Options{}, fsys, name, open)
}

// RunWith is Run for rules that need to know more than their text says.
func RunWith(o sigma.Options, fsys fs.FS, name string, open Open) []Result {
	if ext := path.Ext(name); ext == ".yml" || ext == ".yaml" {
		name = strings.TrimSuffix(name, ext) + ".test"
	}
	var out []Result
	err := fs.WalkDir(fsys, name, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			out = append(out, Result{File: file, Why: err.Error()})
		case d.IsDir() && file != name && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case !d.IsDir() && path.Ext(file) == ".test":
			out = append(out, runFile(o, fsys, file, open)...)
		}
		return nil
	})
	if err != nil {
		out = append(out, Result{File: name, Why: err.Error()})
	}
	return out
}

func runFile(o sigma.Options, fsys fs.FS, file string, open Open) []Result {
	whole := func(err error) []Result { return []Result{{File: file, Why: err.Error()}} }
	rules, err := rulesOf(o, fsys, file)
	if err != nil {
		return whole(err)
	}
	data, err := read(fsys, file)
	if err != nil {
		return whole(err)
	}
	archive, err := doc.Archive(file, data)
	if err != nil {
		return whole(err)
	}
	given, err := known(archive.Files, file, open(logsOf(rules)))
	if err != nil {
		return whole(err)
	}
	may, err := mayDo(archive.Files, file)
	if err != nil {
		return whole(err)
	}
	scopes := scope.New(sigma.Set{Rules: rules}, nil).Knowing(may)
	var out []Result
	for _, f := range archive.Files {
		if strings.HasPrefix(f.Name, beforehand) || strings.HasPrefix(f.Name, rights) {
			continue
		}
		r := Result{File: file, Case: f.Name}
		if len(rules) == 1 {
			r.Rule = rules[0].ID
		}
		if err := runCase(rules, scopes, given, f, event.Origin{Source: "file", Place: file + "!" + f.Name}, open(logsOf(rules))); err != nil {
			r.Why = err.Error()
		} else {
			r.OK = true
		}
		out = append(out, r)
	}
	if len(out) == 0 {
		return whole(fault.New(fault.Invalid, "%s: no case: name files fire/… and quiet/…", file))
	}
	return out
}

// logsOf are the logs that the rules are about, each once.
func logsOf(rules []*sigma.Compiled) []event.Log {
	var out []event.Log
	for _, r := range rules {
		for _, log := range r.Logs {
			if !slices.Contains(out, log) {
				out = append(out, log)
			}
		}
	}
	return out
}

// rulesOf reads the rules beside a .test file.
func rulesOf(o sigma.Options, fsys fs.FS, file string) ([]*sigma.Compiled, error) {
	base := strings.TrimSuffix(file, ".test")
	for _, ext := range []string{".yml", ".yaml"} {
		data, err := read(fsys, base+ext)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		set, errs := sigma.Read(base+ext, data, o)
		linked, bad := set.Link()
		rules, more := linked.Singles()
		if err := errors.Join(slices.Concat(errs, bad, more)...); err != nil {
			return nil, err
		}
		for _, r := range rules {
			if r.Idle != "" {
				return nil, fault.New(fault.Invalid, "%s: this rule never matches: %s", r.File, r.Idle)
			}
		}
		if len(rules) == 0 {
			return nil, fault.New(fault.Invalid, "%s: no rule in this file", base+ext)
		}
		return rules, nil
	}
	return nil, fault.New(fault.NotFound, "%s: no rule %s.yml beside it", file, base)
}

// entries cuts a case's text into JSON records, or into lines where it does not begin like JSON.
func entries(data []byte) ([]json.RawMessage, error) {
	data = bytes.TrimSpace(data)
	if len(data) == 0 || data[0] == '{' || data[0] == '[' {
		return Records(data)
	}
	var out []json.RawMessage
	for said := range bytes.Lines(data) {
		if said = bytes.TrimRight(said, "\r\n"); len(said) > 0 {
			out = append(out, said)
		}
	}
	return out, nil
}

// Records cuts a case's text into single JSON records. None at all is an error.
func Records(data []byte) ([]json.RawMessage, error) {
	var out []json.RawMessage
	d := json.NewDecoder(bytes.NewReader(data))
	for {
		var v json.RawMessage
		err := d.Decode(&v)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "JSON at byte %d", d.InputOffset())
		}
		var many []json.RawMessage
		var file struct{ Records []json.RawMessage }
		switch {
		case v[0] == '[' && json.Unmarshal(v, &many) == nil:
			out = append(out, many...)
		case v[0] == '{' && json.Unmarshal(v, &file) == nil && file.Records != nil:
			out = append(out, file.Records...)
		default:
			out = append(out, v)
		}
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Invalid, "no record: write one JSON object")
	}
	return out, nil
}

func read(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err == nil && len(data) > maxBytes {
		err = fault.New(fault.Invalid, "%s: more than %d bytes: split the file", name, maxBytes)
	}
	return data, err
}
