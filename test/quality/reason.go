package quality

import (
	"path"
	"slices"
	"strings"

	"jobzero/internal/fault"
)

// Kind is why a verdict of somebody else is not ours.
type Kind string

// The kinds. The first two are found by the program; the others are written down by a person.
const (
	Uncovered Kind = "uncovered" // no rule is about the call
	Unread    Kind = "unread"    // the log is not read as events
	Names     Kind = "names"     // they look for names, addresses or regions of their own organisation
	Several   Kind = "several"   // it takes several events, or a memory of earlier ones
	Elsewhere Kind = "elsewhere" // another part of the product finds it: threat intelligence, baselines
	Sampled   Kind = "sample"    // the sample lacks or misnames what AWS writes, and so what the rule looks at
	Opinion   Kind = "opinion"   // we hold that the event by itself is not worth an alert
	Ours      Kind = "ours"      // another rule of ours alerts, rightly, about the same event
)

// Reason is a kind and, in a sentence, why.
type Reason struct {
	Kind Kind
	Why  string
}

// Reasons are what a person wrote about samples.
type Reasons struct{ lines []*line }

type line struct {
	corpus, sample string // sample may have the wildcards of path.Match, of which no slash is special
	reason         Reason
	used           bool
}

// ReadReasons reads lines "corpus | sample | kind | why". Lines that are empty or begin with # do not count. Errors are
// fault.Invalid and name file and line.
func ReadReasons(file, text string) (*Reasons, error) {
	kinds := []Kind{Names, Several, Elsewhere, Sampled, Opinion, Ours}
	var out Reasons
	for i, l := range strings.Split(text, "\n") {
		if l = strings.TrimSpace(l); l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		parts := strings.Split(l, "|")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		if len(parts) != 4 || slices.Contains(parts, "") {
			return nil, fault.New(fault.Invalid, "%s:%d: want four parts, corpus | sample | kind | why", file, i+1)
		}
		if !slices.Contains(kinds, Kind(parts[2])) {
			return nil, fault.New(fault.Invalid, "%s:%d: there is no kind %s: want one of %v", file, i+1, parts[2], kinds)
		}
		if _, err := path.Match(plain(parts[1]), ""); err != nil {
			return nil, fault.New(fault.Invalid, "%s:%d: %s is no pattern: close the bracket", file, i+1, parts[1])
		}
		out.lines = append(out.lines, &line{corpus: parts[0], sample: plain(parts[1]), reason: Reason{Kind(parts[2]), parts[3]}})
	}
	return &out, nil
}

// plain takes the slashes out of a name, which path.Match would not let a star match.
func plain(name string) string { return strings.ReplaceAll(name, "/", " ") }

// Of is the first reason that fits a sample; without a kind when there is none.
func (r *Reasons) Of(corpus, sample string) Reason {
	if r == nil {
		return Reason{}
	}
	for _, l := range r.lines {
		if fits, err := path.Match(l.sample, plain(sample)); err == nil && fits && l.corpus == corpus {
			l.used = true
			return l.reason
		}
	}
	return Reason{}
}

// Unused are the lines that no sample needed so far: what they excuse is no longer so.
func (r *Reasons) Unused() (out []string) {
	for _, l := range r.lines {
		if !l.used {
			out = append(out, l.corpus+" | "+l.sample)
		}
	}
	return out
}
