package baseline

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/fault"
)

// Brief is what a learner reads of some events of one minute, to be kept until their turn comes.
type Brief struct {
	First time.Time // of the earliest of them
	Doc   []byte    // see ReadBrief; the same events give the same bytes
}

// mostBrief is how many events one brief tells of, and mostDoc how many bytes one may unfold to: what CloudTrail writes of an
// event ends at 256 KiB, and a brief has less.
const (
	mostBrief = 256
	mostDoc   = mostBrief << 18
)

// digest is one event. Origin says where the record is, in place of the record.
type digest struct {
	Event    event.ID         `json:"e"`
	Time     time.Time        `json:"t"`
	Account  string           `json:"a,omitempty"`
	Region   string           `json:"r,omitempty"`
	Name     string           `json:"n,omitempty"`
	Source   string           `json:"s,omitempty"`
	ReadOnly bool             `json:"ro,omitempty"`
	Error    string           `json:"x,omitempty"`
	Address  string           `json:"ip,omitempty"`
	Agent    string           `json:"ua,omitempty"`
	Actor    event.Actor      `json:"by"`
	Touched  []event.Resource `json:"on,omitempty"`
	Origin   event.Origin     `json:"o"`
	Log      event.Log        `json:"l,omitempty"`
	Endpoint string           `json:"vpce,omitempty"`
	Delivery bool             `json:"ec2,omitempty"` // an instance's own credentials
}

// Briefs puts events down in short, a minute at a time. Of logs other than CloudTrail's, events of nobody only tell that the
// log is not silent: one a minute is kept of each. What claims to be of
// another day than today or before, which no learner takes, is left out: it would wait for ever.
func Briefs(events []*event.Event, now time.Time) ([]Brief, error) {
	late := now.Add(24 * time.Hour)
	all := slices.DeleteFunc(slices.Clone(events), func(e *event.Event) bool { return e.Time.After(late) })
	slices.SortFunc(all, earlier)
	var (
		out  []Brief
		some []digest
		last = map[string]time.Time{} // by log, the last minute that is kept
	)
	for i, e := range all {
		minute := e.Time.Truncate(time.Minute)
		if e.Log != event.CloudTrail && e.Actor == (event.Actor{}) {
			key := logKey(e.Account, e.Region, e.Log)
			if at, ok := last[key]; ok && at.Equal(minute) {
				e = nil
			}
			last[key] = minute
		}
		if e != nil {
			some = append(some, digestOf(e))
		}
		if len(some) > 0 && (len(some) == mostBrief || i+1 == len(all) || !all[i+1].Time.Truncate(time.Minute).Equal(minute)) {
			doc, err := fold(some)
			if err != nil {
				return nil, err
			}
			out, some = append(out, Brief{some[0].Time, doc}), nil
		}
	}
	return out, nil
}

// InOrder brings events into the order in which they are learnt, and leaves copies out.
func InOrder(events []*event.Event) []*event.Event {
	slices.SortFunc(events, earlier)
	return slices.CompactFunc(events, func(a, b *event.Event) bool { return a.ID != "" && a.Key() == b.Key() && a.Time.Equal(b.Time) })
}

func earlier(a, b *event.Event) int {
	if c := a.Time.Compare(b.Time); c != 0 {
		return c
	}
	if c := strings.Compare(string(a.ID), string(b.ID)); c != 0 {
		return c
	}
	return strings.Compare(a.Account, b.Account)
}

func digestOf(e *event.Event) digest {
	d := digest{
		Event: e.ID, Time: e.Time.UTC(), Account: e.Account, Region: e.Region, Name: e.Name, Source: e.Source, ReadOnly: e.ReadOnly, Error: e.ErrorCode,
		Address: e.SourceIP, Agent: e.UserAgent, Actor: e.Actor, Touched: e.Resources, Origin: e.Origin, Log: e.Log, Delivery: delivered(e),
	}
	d.Endpoint, _ = e.Record().Get(event.VPCEndpointID).Text()
	return d
}

func fold(some []digest) ([]byte, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("fold a brief: %w", err)
	}
	if err := json.NewEncoder(w).Encode(some); err != nil {
		return nil, fmt.Errorf("fold a brief: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("fold a brief: %w", err)
	}
	return b.Bytes(), nil
}

// ReadBrief gives the events of a brief as far as a learner reads them: their records hold nothing else. An error is
// fault.Invalid.
func ReadBrief(doc []byte) ([]*event.Event, error) {
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(doc)), mostDoc))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "unfold a brief of baselines")
	}
	var some []digest
	if err := json.Unmarshal(text, &some); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read a brief of baselines")
	}
	out := make([]*event.Event, len(some))
	for i := range some {
		if out[i], err = some[i].event(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// event makes a record of what is read from the record itself, and says where in it that lies.
func (d *digest) event() (*event.Event, error) {
	endpoint, err := json.Marshal(d.Endpoint)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read a brief of baselines")
	}
	session := "{}"
	if d.Delivery {
		session = `{"ec2RoleDelivery":"2.0"}`
	}
	const before, between = `{"vpcEndpointId":`, `,"userIdentity":{"sessionContext":`
	var r event.Record
	r.Begin()
	r.Raw = fmt.Appendf(nil, "%s%s%s%s}}", before, endpoint, between, session)
	at := len(before) + len(endpoint)
	r.Set(event.VPCEndpointID, len(before), at)
	r.Set(event.IdentitySession, at+len(between), at+len(between)+len(session))
	e := event.New(r, d.Origin)
	e.ID, e.Time, e.Account, e.Region, e.Name, e.Source = d.Event, d.Time, d.Account, d.Region, d.Name, d.Source
	e.ReadOnly, e.ErrorCode, e.SourceIP, e.UserAgent, e.Actor, e.Resources, e.Log = d.ReadOnly, d.Error, d.Address, d.Agent, d.Actor, d.Touched, d.Log
	return e, nil
}
