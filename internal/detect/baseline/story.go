package baseline

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"jobzero/internal/finding"
)

// Story is what is unusual about one principal, or one log that fell silent, told as one thing.
type Story struct {
	Principal string // empty when it is about a log
	Log       string // account, region and log, when it is about one
	Account   string
	Region    string // of a log
	Risk      float64
	OneIn     float64 // so many days of principals reach that risk once
	Since, At time.Time
	Count     int        // surprises, of which those below are the greatest
	Surprises []Surprise // by time
	Normal    string     // what is normal, for whom and since when
}

// Risk is how a principal stands.
type Risk struct {
	Story
	Known bool // the principal was seen
	Told  bool // the risk was as high as to be told
}

// Story is the risk of a principal and what it is made of, at the time of the newest event.
func (l *Learner) Story(principal string) Risk {
	a := l.actors[principal]
	if a == nil {
		return Risk{Story: Story{Principal: principal, Normal: "nothing is known of it"}}
	}
	r := Risk{Story: l.story(a), Known: true, Told: a.story != nil && a.story.told > 0}
	if a.story != nil {
		r.Risk = a.story.riskAt(int64(l.newest)*3600, l.o.HalfLife)
	}
	return r
}

func (l *Learner) story(a *actor) Story {
	s := Story{Principal: a.who.Principal, Account: a.who.Account, Normal: l.normal(a) + tellPeers(a)}
	if a.story == nil {
		return s
	}
	s.Risk, s.Count = a.story.risk, int(a.story.count)
	s.OneIn = 1 / max(l.rarity(s.Risk), 1e-9)
	s.Since, s.At = time.Unix(a.story.since, 0).UTC(), time.Unix(a.story.at, 0).UTC()
	s.Surprises = append([]Surprise(nil), a.story.best...)
	return s
}

// Why is the story in words, a line for each thing.
func (s *Story) Why() string {
	lines := []string{upperFirst(s.subject() + ": " + s.Normal + ".")}
	for i := range s.Surprises {
		p := &s.Surprises[i]
		line := p.Time.UTC().Format("2006-01-02 15:04:05") + " " + p.String()
		if p.Stage != "" {
			line += "; who attacks " + p.Stage
		}
		lines = append(lines, line+".")
	}
	if s.Log == "" {
		if more := s.Count - len(s.Surprises); more > 0 {
			lines = append(lines, "And "+plural(more, "lesser surprise")+".")
		}
		lines = append(lines, fmt.Sprintf("The risk is %.1f, as high as on 1 of %s days of principals.", s.Risk, digits(max(1, s.OneIn))))
	}
	return strings.Join(lines, "\n")
}

func (s *Story) subject() string {
	if s.Log != "" {
		return s.Log
	}
	return s.Principal
}

// The names under which findings are made.
const (
	ByPrincipal = "baseline.principal"
	BySilence   = "baseline.silence"
)

// Finding makes of a story what triage reads. The fingerprint is the principal's: whatever else it does belongs to the same
// ticket. The sighting is the event that brought the risk so high.
func (s *Story) Finding(now time.Time) finding.Finding {
	f := finding.Finding{
		Kind: finding.Baseline, By: ByPrincipal, Title: "A principal behaves unlike itself and its peers", Severity: finding.Medium,
		Why: s.Why(), Account: s.Account, Region: s.Region, Principal: s.Principal, Occurred: s.Since, Detected: now,
	}
	if s.OneIn >= 10_000 {
		f.Severity = finding.High
	}
	if s.Log != "" {
		f.By, f.Title, f.Principal = BySilence, "A log has fallen silent", "log "+s.Log
	}
	f.Fingerprint = finding.Print(finding.Baseline, f.By, s.Account, f.Principal)
	f.Sighting = s.At.UTC().Format(time.RFC3339)
	for i := range s.Surprises {
		p := &s.Surprises[i]
		v := finding.Evidence{Kind: "event", At: p.Time, Text: p.String()}
		if len(p.Raw) > 0 {
			v.Data = json.RawMessage(p.Raw)
		} else if p.Event != "" {
			v.Text += fmt.Sprintf(" (event %s, %s)", p.Event, p.Origin)
		}
		f.Evidence = append(f.Evidence, v)
		if p.Event != "" && p.Time.Equal(s.At) {
			f.Sighting = string(p.Event)
		}
	}
	return f
}

func upperFirst(s string) string {
	if s != "" && s[0] >= 'a' && s[0] <= 'z' && !strings.HasPrefix(s, "arn:") {
		return string(s[0]-('a'-'A')) + s[1:]
	}
	return s
}
