package intel

import (
	"encoding/json"
	"fmt"
	"strings"

	"jobzero/internal/fault"
)

// mispHead is what is read of an event of MISP besides its attributes.
type mispHead struct {
	Info   string `json:"info"`
	Threat any    `json:"threat_level_id"` // 1 to 4, as a number or a text
	Org    struct {
		Name string `json:"name"`
	} `json:"Orgc"`
}

// mispAttribute is one attribute.
type mispAttribute struct {
	UUID    string `json:"uuid"`
	Type    string `json:"type"`
	Value   string `json:"value"`
	Comment string `json:"comment"`
	ToIDs   any    `json:"to_ids"` // true, 1 or "1"
	Deleted any    `json:"deleted"`
}

// mispItem is an attribute with its line.
type mispItem struct {
	mispAttribute
	line int
}

// maxAttributes bounds an event: its head, which says how bad it is, may stand behind its attributes.
const maxAttributes = 1 << 20

// mispEvent takes an event: the value of Event.
func (r *reading) mispEvent(s *stream) error {
	var (
		head  = map[string]json.RawMessage{}
		items []mispItem
	)
	attribute := func() error {
		raw, line, err := s.value()
		if err != nil {
			return err
		}
		return r.mispAttribute(raw, line, &items)
	}
	err := s.object(func(name string) error {
		switch name {
		case "Attribute":
			return s.array(attribute)
		case "Object":
			return s.array(func() error {
				return s.object(func(name string) error {
					if name == "Attribute" {
						return s.array(attribute)
					}
					_, _, err := s.value()
					return err
				})
			})
		}
		raw, _, err := s.value()
		if name == "info" || name == "threat_level_id" || name == "Orgc" {
			head[name] = raw
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.mispItems(head, items)
}

func (r *reading) mispAttribute(raw json.RawMessage, line int, items *[]mispItem) error {
	var a mispAttribute
	if err := json.Unmarshal(raw, &a); err != nil {
		r.bad(line, "not an attribute of MISP: %v", err)
		return nil
	}
	if !says(a.ToIDs) || says(a.Deleted) {
		r.report.Passed++
		return nil
	}
	if len(*items) == maxAttributes {
		return fault.New(fault.Invalid, "%s:%d: the event has more than %d attributes", r.file, line, maxAttributes)
	}
	*items = append(*items, mispItem{a, line})
	return nil
}

// says reads what MISP writes as true, 1 or "1".
func says(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case float64:
		return v != 0
	case string:
		return v == "1" || strings.EqualFold(v, "true")
	}
	return false
}

// mispItems takes the attributes of an event, all with what its head says.
func (r *reading) mispItems(raw map[string]json.RawMessage, items []mispItem) error {
	all, err := json.Marshal(raw)
	if err != nil {
		return err
	}
	var head mispHead
	if err := json.Unmarshal(all, &head); err != nil {
		r.bad(1, "the head of the event: %v", err)
	}
	source := r.file
	if head.Org.Name != "" {
		source += " by " + head.Org.Name
	}
	for _, a := range items {
		i := Indicator{ID: a.UUID, Source: source, Note: head.Info, Confidence: threat(head.Threat), Line: a.line}
		if a.Comment != "" {
			i.Note = strings.TrimSpace(a.Comment + "; " + head.Info)
		}
		kinds, values := mispValues(a.Type, a.Value)
		if len(kinds) == 0 {
			r.report.Passed++ // a name of a file, a piece of a text: nothing that an event has
			continue
		}
		for n, k := range kinds {
			i.Kind, i.Value = k, values[n]
			if err := r.add(i); err != nil {
				return err
			}
		}
	}
	return nil
}

// threat is MISP's threat level as a confidence: high, medium, low; MISP has no other number.
func threat(level any) int {
	switch fmt.Sprint(level) {
	case "1":
		return 85
	case "2":
		return 50
	case "3":
		return 15
	}
	return Unsaid
}

// mispValues cuts an attribute into what events have. A value of two parts has a bar between them.
func mispValues(kind, value string) (kinds []Kind, values []string) {
	add := func(k Kind, v string) { kinds, values = append(kinds, k), append(values, v) }
	first, second, _ := strings.Cut(value, "|")
	switch kind = strings.ToLower(kind); kind {
	case "ip-src", "ip-dst":
		add(Address, value)
	case "ip-src|port", "ip-dst|port":
		add(Address, first)
	case "domain", "hostname":
		add(Domain, value)
	case "domain|ip":
		add(Domain, first)
		add(Address, second)
	case "hostname|port":
		add(Domain, first)
	case "url", "uri":
		add(URL, value)
	case "md5", "sha1", "sha256", "sha512":
		add(Hash, value)
	case "filename|md5", "filename|sha1", "filename|sha256", "filename|sha512":
		add(Hash, second)
	case "email", "email-src", "email-dst", "email-reply-to":
		add(Email, value)
	case "user-agent", "http-user-agent":
		add(UserAgent, value)
	case "as":
		add(ASN, value)
	case "text", "other", "comment":
		if k := ShapeOf(value); k == AccessKey || k == Account {
			add(k, value)
		}
	}
	return kinds, values
}
