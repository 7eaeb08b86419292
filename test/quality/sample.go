package quality

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"jobzero/internal/event"
)

// Sample is what somebody gives as an example, with their verdict: one event, or the events of one attack.
type Sample struct {
	Key    string // names it among the reasons: a rule of theirs and a test, or a technique
	Events []*event.Event
	Want   bool   // an alert
	Judged bool   // false: nobody said whether it wants one
	Log    string // that we do not read, in their words; there are no events then
	Broken int    // events that the product's readers refuse, and that are judged by what is there
}

// Corpus is the samples of one origin.
type Corpus struct {
	Name    string
	Samples []Sample
}

// add takes an event of CloudTrail.
func (s *Sample) add(raw []byte) error {
	e, whole, err := read(raw)
	if err != nil {
		return err
	}
	s.take(e, whole)
	return nil
}

func (s *Sample) take(e *event.Event, whole bool) {
	if !whole {
		s.Broken++
	}
	s.Events = append(s.Events, e)
}

// pantherLogs are the logs of Panther's tests that we read, by Panther's names.
func pantherLogs() map[string]event.Log {
	return map[string]event.Log{
		"AWS.CloudTrail": event.CloudTrail, "AWS.WAFWebACL": event.WAF, "Amazon.EKS.Audit": event.EKSAudit, "AWS.VPCDns": event.Resolver,
		"AWS.VPCFlow": event.VPCFlow, "AWS.S3ServerAccess": event.S3Access,
	}
}

// Panther reads the tests of Panther's rules, one a line. Policies and rules over several events are left out: they judge no
// event.
func Panther(fsys fs.FS) (Corpus, error) {
	out := Corpus{Name: "panther-tests"}
	f, err := fsys.Open("cases.jsonl")
	if err != nil {
		return out, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var c struct {
			Rule     string   `json:"rule_id"`
			Kind     string   `json:"analysis_type"`
			Logs     []string `json:"log_types"`
			Test     string
			Expected bool
			Event    json.RawMessage
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return out, fmt.Errorf("read cases.jsonl: %w", err)
		}
		if c.Kind != "rule" || len(c.Logs) == 0 {
			continue
		}
		s := Sample{Key: c.Rule + ": " + c.Test, Want: c.Expected, Judged: true}
		switch log, ours := pantherLogs()[c.Logs[0]]; {
		case !ours:
			s.Log = c.Logs[0]
		case log == event.CloudTrail:
			err = s.add(c.Event)
		default:
			e, whole := entry(log, inOurWords(log, c.Event))
			s.take(e, whole)
		}
		if err != nil {
			return out, fmt.Errorf("%s: %w", s.Key, err)
		}
		out.Samples = append(out.Samples, s)
	}
	return out, lines.Err()
}

// StreamAlert reads the tests of StreamAlert's rules for AWS, each a file with events and the rules that they trigger.
func StreamAlert(fsys fs.FS) (Corpus, error) {
	out := Corpus{Name: "streamalert-tests"}
	files, err := fs.Glob(fsys, "rules/community/cloud*/*.json")
	for _, file := range files {
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return out, err
		}
		var tests []struct {
			Data        json.RawMessage
			Override    json.RawMessage `json:"override_record"`
			Description string
			Rules       []string `json:"trigger_rules"`
		}
		if err := json.Unmarshal(text, &tests); err != nil {
			return out, fmt.Errorf("read %s: %w", file, err)
		}
		for _, t := range tests {
			data := t.Data
			if len(data) == 0 {
				data = t.Override
			}
			s := Sample{Key: strings.TrimSuffix(path.Base(file), ".json") + ": " + t.Description, Want: len(t.Rules) > 0, Judged: true}
			if err := s.addAll(data); err != nil {
				return out, fmt.Errorf("%s: %w", s.Key, err)
			}
			out.Samples = append(out.Samples, s)
		}
	}
	return out, err
}

// addAll takes the records of a text: {"Records": […]}, what EventBridge sends, arrays, records one after another.
func (s *Sample) addAll(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	for {
		var v json.RawMessage
		switch err := d.Decode(&v); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		var many []json.RawMessage
		var file struct {
			Records []json.RawMessage
			Detail  json.RawMessage
		}
		if json.Unmarshal(v, &many) != nil {
			if err := json.Unmarshal(v, &file); err != nil {
				return err
			}
			switch {
			case file.Records != nil:
				many = file.Records
			case file.Detail != nil:
				many = []json.RawMessage{file.Detail}
			default:
				many = []json.RawMessage{v}
			}
		}
		for _, raw := range many {
			if err := s.add(raw); err != nil {
				return err
			}
		}
	}
}
