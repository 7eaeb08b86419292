package glass

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"jobzero/internal/event"
)

// Deed is one event of a session of a use.
type Deed struct {
	Event    string    `json:"event"` // its ID, with the account that received it
	At       time.Time `json:"at"`
	Account  string    `json:"account"`
	Region   string    `json:"region,omitempty"`
	Name     string    `json:"name"` // service:Operation, as the record has it
	Resource string    `json:"resource,omitempty"`
	ReadOnly bool      `json:"read_only,omitempty"`
	Error    string    `json:"error,omitempty"`
	IP       string    `json:"ip,omitempty"`
	Began    bool      `json:"began,omitempty"` // the call that began the session
	Role     string    `json:"role"`
	Of       string    `json:"of"` // account of the role
}

// Seen gives the use whose session an event is of, as the event claims; false of all others. The store holds the claim against the use.
func Seen(e *event.Event) (ID, Deed, bool) {
	part := strings.SplitN(e.Actor.ARN, ":", 6)
	if len(part) == 6 && part[2] == "sts" {
		words := strings.Split(part[5], "/")
		if len(words) == 3 && words[0] == "assumed-role" && strings.HasPrefix(words[2], session) {
			d := deed(e)
			d.Of, d.Role = part[4], words[1]
			return ID(words[2][len(session):]), d, true
		}
	}
	if e.Name != "AssumeRole" || e.Source != "sts.amazonaws.com" {
		return "", Deed{}, false
	}
	return began(e)
}

// began reads the call that begins a session.
func began(e *event.Event) (ID, Deed, bool) {
	var r struct {
		RequestParameters struct {
			RoleARN     string `json:"roleArn"`
			SessionName string `json:"roleSessionName"`
		} `json:"requestParameters"`
	}
	if json.Unmarshal(e.Raw, &r) != nil || !strings.HasPrefix(r.RequestParameters.SessionName, session) {
		return "", Deed{}, false
	}
	part := strings.SplitN(r.RequestParameters.RoleARN, ":", 6)
	if len(part) != 6 {
		return "", Deed{}, false
	}
	d := deed(e)
	d.Began, d.Of, d.Role = true, part[4], part[5][strings.LastIndexByte(part[5], '/')+1:]
	return ID(r.RequestParameters.SessionName[len(session):]), d, true
}

func deed(e *event.Event) Deed {
	service, _, _ := strings.Cut(e.Source, ".")
	d := Deed{
		Event: e.Account + "/" + string(e.ID), At: e.Time, Account: e.Account, Region: e.Region, Name: service + ":" + e.Name,
		ReadOnly: e.ReadOnly, Error: e.ErrorCode, IP: e.SourceIP,
	}
	if len(e.Resources) > 0 {
		d.Resource = cmp.Or(e.Resources[0].ARN, e.Resources[0].Type)
	}
	return d
}

// Sum is the record in short.
type Sum struct {
	Events   int        `json:"events"`
	Sessions int        `json:"sessions"` // calls that began one
	Writes   int        `json:"writes"`
	Refused  int        `json:"refused"`
	First    time.Time  `json:"first,omitzero"`
	Last     time.Time  `json:"last,omitzero"`
	Late     int        `json:"late,omitempty"`   // that did something after the end of the use
	Beyond   int        `json:"beyond,omitempty"` // events that were too many to keep, not counted above
	Did      []Activity `json:"did"`
}

// Activity is what was done of one kind.
type Activity struct {
	Name    string `json:"name"`
	Count   int    `json:"count"`
	Refused int    `json:"refused,omitempty"`
	Writes  bool   `json:"writes,omitempty"`
}

// SumUp adds the events of a use up: what changes something first, then the most frequent.
func (u Use) SumUp(deeds []Deed) Sum {
	s := Sum{Beyond: u.Beyond, Did: []Activity{}}
	at := map[string]int{}
	for _, d := range deeds {
		s.Events++
		if s.First.IsZero() || d.At.Before(s.First) {
			s.First = d.At
		}
		if d.At.After(s.Last) {
			s.Last = d.At
		}
		if d.Began {
			if d.Account == d.Of { // the caller's account has a record of the same call
				s.Sessions++
			}
			continue
		}
		i, ok := at[d.Name]
		if !ok {
			i = len(s.Did)
			at[d.Name] = i
			s.Did = append(s.Did, Activity{Name: d.Name, Writes: !d.ReadOnly})
		}
		s.Did[i].Count++
		switch {
		case d.Error != "":
			s.Refused++
			s.Did[i].Refused++
		case !u.Ended.IsZero() && d.At.After(u.Ended):
			s.Late++
		}
		if !d.ReadOnly {
			s.Writes++
		}
	}
	slices.SortFunc(s.Did, func(a, b Activity) int {
		if a.Writes != b.Writes {
			if a.Writes {
				return -1
			}
			return 1
		}
		return cmp.Or(b.Count-a.Count, strings.Compare(a.Name, b.Name))
	})
	return s
}
