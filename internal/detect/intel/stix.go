package intel

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// sdo is what is read of an object of STIX: of indicators, of those who made them, and of observables.
type sdo struct {
	Type        string     `json:"type"`
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Pattern     string     `json:"pattern"`
	PatternType string     `json:"pattern_type"`
	ValidFrom   *time.Time `json:"valid_from"`
	ValidUntil  *time.Time `json:"valid_until"`
	Revoked     bool       `json:"revoked"`
	Confidence  *int       `json:"confidence"`
	Spec        string     `json:"spec_version"`

	Value   any               `json:"value"` // of observables
	Hashes  map[string]string `json:"hashes"`
	UserID  string            `json:"user_id"`
	Login   string            `json:"account_login"`
	Number  *int64            `json:"number"`
	Display string            `json:"display_name"`
}

// stixObject takes one object of a bundle.
func (r *reading) stixObject(raw json.RawMessage, line int) error {
	var o sdo
	if err := json.Unmarshal(raw, &o); err != nil {
		r.bad(line, "not an object of STIX: %v", err)
		return nil
	}
	switch {
	case o.Revoked:
		r.report.Passed++
		return nil
	case o.Type == "indicator":
		return r.stixIndicator(&o, line)
	}
	return r.observable(&o, line)
}

func (o *sdo) indicator(file string, line int) (Indicator, error) {
	i := Indicator{ID: o.ID, Source: file, Note: o.Name, Confidence: Unsaid, Line: line}
	if i.Note == "" {
		i.Note = o.Description
	}
	if o.ValidFrom != nil {
		i.From = o.ValidFrom.UTC()
	}
	if o.ValidUntil != nil {
		i.Until = o.ValidUntil.UTC()
	}
	if o.Confidence != nil {
		if i.Confidence = *o.Confidence; i.Confidence < 0 || i.Confidence > 100 {
			return i, fmt.Errorf("%s: confidence %d: want 0 to 100", o.ID, i.Confidence)
		}
	}
	return i, nil
}

// stixIndicator takes an indicator: one for each value where any of them is enough, else one that is found by a value and tested
// as a whole.
func (r *reading) stixIndicator(o *sdo, line int) error {
	i, err := o.indicator(r.file, line)
	if err == nil && o.PatternType != "" && o.PatternType != "stix" {
		err = fmt.Errorf("%s: the pattern is written for %.40s, not in the language of STIX", o.ID, o.PatternType)
	}
	if err != nil {
		r.bad(line, "%v", err)
		return nil
	}
	e, err := parsePattern(o.Pattern)
	if err == nil && !e.needs() {
		err = errors.New("the pattern says only what an event must not have: it would be about nearly all of them")
	}
	if err != nil {
		r.bad(line, "%s: %v", o.ID, err)
		return nil
	}
	if !e.plain() {
		i.test = e
	}
	all, found := e.atoms()
	if !found {
		i.Kind, i.Value = Nothing, cut(o.Pattern) // it has to be tried on every event
		return r.taken(i)
	}
	for _, a := range all {
		i.Kind, i.Value = a.kind, a.value
		if err := r.taken(i); err != nil {
			return err
		}
	}
	return nil
}

// observable takes a thing that was seen. Nobody says that it is bad, so its confidence is low.
func (r *reading) observable(o *sdo, line int) error {
	const low = 15 // the middle of Low in appendix A
	i, err := o.indicator(r.file, line)
	if err != nil {
		r.bad(line, "%v", err)
		return nil
	}
	if i.Confidence == Unsaid {
		i.Confidence = low
	}
	var values []string
	text, _ := o.Value.(string)
	switch o.Type {
	case "ipv4-addr", "ipv6-addr", "domain-name", "url", "email-addr":
		i.Kind, values = kindOf(o.Type), []string{text}
	case "file", "artifact": //nolint:misspell // the word of STIX
		for name, h := range o.Hashes {
			if kindOf(strings.ToLower(strings.ReplaceAll(name, "-", ""))) == Hash {
				i.Kind, values = Hash, append(values, h)
			}
		}
	case "user-account":
		for _, v := range []string{o.UserID, o.Login} {
			if v != "" {
				i.Kind, values = User, append(values, v)
			}
		}
	case "autonomous-system":
		if o.Number != nil {
			i.Kind, values = ASN, []string{strconv.FormatInt(*o.Number, 10)}
		}
	}
	if len(values) == 0 {
		r.report.Passed++
		return nil
	}
	for _, v := range values {
		i.Value = v
		if err := r.add(i); err != nil {
			return err
		}
	}
	return nil
}
