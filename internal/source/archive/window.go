package archive

import (
	"slices"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// Delivery is how long after an event its log file may be delivered. CloudTrail means to deliver within minutes and says nothing
// of the worst case; what is delayed longer than this is not found by the window's last day.
const Delivery = 6 * time.Hour

// Window is a part of an archive. The zero value is all of it.
type Window struct {
	Accounts []string  // twelve digits; none: all
	Regions  []string  // none: all
	Since    time.Time // the first moment; zero: from the beginning
	Until    time.Time // the first moment that is too late; zero: to the end

	day string // 2006/01/02: what was delivered on this day, whenever it happened; see Part
}

// Empty reports whether the window is all of the archive.
func (w Window) Empty() bool {
	return len(w.Accounts) == 0 && len(w.Regions) == 0 && w.Since.IsZero() && w.Until.IsZero() && w.day == ""
}

// days are the first and the last day of delivery, as 2006/01/02; empty where there is none. An event is never delivered before
// it happened, but clocks differ: an hour before the window counts too.
func (w Window) days() (first, last string) {
	if w.day != "" {
		return w.day, w.day
	}
	if !w.Since.IsZero() {
		first = w.Since.UTC().Add(-time.Hour).Format(dayForm)
	}
	if !w.Until.IsZero() {
		last = w.Until.UTC().Add(Delivery).Format(dayForm)
	}
	return first, last
}

const dayForm = "2006/01/02"

// Admits reports whether a key or path may hold records of the window, or lead to such. What the layout says nothing of may.
func (w Window) Admits(path string) bool {
	p := Read(path)
	if p.Account != "" && len(w.Accounts) > 0 && !slices.Contains(w.Accounts, p.Account) {
		return false
	}
	if p.Region != "" && len(w.Regions) > 0 && !slices.Contains(w.Regions, p.Region) {
		return false
	}
	first, last := w.days()
	n := len(p.Day)
	return (first == "" || p.Day >= first[:min(n, len(first))]) && (last == "" || p.Day <= last[:min(n, len(last))])
}

// Leaves is the opposite of Admits, for who asks what to leave out.
func (w Window) Leaves(path string) bool { return !w.Admits(path) }

// Holds reports whether a record is of the window. What a record does not say cannot leave it out.
func (w Window) Holds(r *event.Record) bool {
	if !w.Since.IsZero() || !w.Until.IsZero() {
		if at, ok := timeOf(r.Get(event.EventTime)); ok && (at.Before(w.Since) || !w.Until.IsZero() && !at.Before(w.Until)) {
			return false
		}
	}
	return among(w.Accounts, r.Get(event.RecipientAccountID)) && among(w.Regions, r.Get(event.AWSRegion))
}

// HoldsEvent is Holds for an event.
func (w Window) HoldsEvent(e *event.Event) bool {
	some := func(list []string, name string) bool {
		return len(list) == 0 || name == "" || slices.Contains(list, name)
	}
	return !e.Time.Before(w.Since) && (w.Until.IsZero() || e.Time.Before(w.Until)) && some(w.Accounts, e.Account) && some(w.Regions, e.Region)
}

func timeOf(v rawjson.Value) (time.Time, bool) {
	text, ok := v.Plain()
	if !ok {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339, string(text))
	return at, err == nil
}

func among(list []string, v rawjson.Value) bool {
	text, ok := v.Plain()
	return len(list) == 0 || !ok || len(text) == 0 || slices.Contains(list, string(text))
}

// Place is what the layout says about a key or path. Parts that it does not say are empty.
type Place struct {
	Root    string // up to and with AWSLogs/
	Account string
	Kind    string // CloudTrail, CloudTrail-Digest, vpcflowlogs …
	Region  string
	Day     string // as much of 2006/01/02 as is said
}

// Read reads the layout AWSLogs/[o-id/]account/kind/region/year/month/day/ in which AWS delivers logs; see
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html. Of several AWSLogs the last
// counts. Partial paths are read as far as they go.
func Read(path string) Place {
	path = strings.ReplaceAll(path, `\`, "/")
	const top = "AWSLogs"
	at := -1
	for from := 0; ; {
		i := strings.Index(path[from:], top)
		if i < 0 {
			break
		}
		i += from
		from = i + len(top)
		if (i == 0 || path[i-1] == '/') && (from == len(path) || path[from] == '/') {
			at = from
		}
	}
	if at < 0 {
		return Place{}
	}
	p := Place{Root: path[:at] + "/"}
	rest := strings.TrimPrefix(path[at:], "/")
	part := func(fits func(string) bool) string {
		word, more, _ := strings.Cut(rest, "/")
		if !fits(word) {
			rest = ""
			return ""
		}
		rest = more
		return word
	}
	if strings.HasPrefix(rest, "o-") {
		_, rest, _ = strings.Cut(rest, "/")
	}
	p.Account = part(func(s string) bool { return digits(s, 12) })
	p.Kind = part(func(s string) bool { return s != "" })
	p.Region = part(func(s string) bool { return s != "" && strings.Count(s, "-") >= 2 && !strings.Contains(s, ".") })
	for _, n := range []int{4, 2, 2} {
		word := part(func(s string) bool { return digits(s, n) })
		if word == "" {
			break
		}
		if p.Day != "" {
			p.Day += "/"
		}
		p.Day += word
	}
	return p
}

func digits(s string, n int) bool { return len(s) == n && strings.Trim(s, "0123456789") == "" }
