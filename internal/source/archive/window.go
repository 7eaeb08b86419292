package archive

import (
	"os"
	"slices"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// Delivery is how long after an event its log file may be delivered. CloudTrail means to deliver within minutes and says nothing
// of the worst case; what is delayed longer than this is not found by the window's last day.
const Delivery = 6 * time.Hour

// Late is the same for the other logs. S3 and CloudFront promise nothing, and say that most come within hours and a few within a day:
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html.
const Late = 24 * time.Hour

// Window is a part of an archive. The zero value is all of it.
type Window struct {
	Accounts []string  // twelve digits; none: all
	Regions  []string  // none: all
	Since    time.Time // the first moment; zero: from the beginning
	Until    time.Time // the first moment that is too late; zero: to the end

	// Logs are the only ones that are wanted; none: all. A file of which nobody knows which log it holds is of any.
	Logs []event.Log

	day string // 2006/01/02: what was delivered on this day, whenever it happened; see Part
}

// Empty reports whether every record is of the window, of whatever log.
func (w Window) Empty() bool {
	return len(w.Accounts) == 0 && len(w.Regions) == 0 && w.Since.IsZero() && w.Until.IsZero() && w.day == ""
}

// days are the first and the last day of delivery of a kind of log, as 2006/01/02; empty where there is none. An event is never
// delivered before it happened, but clocks differ, and some logs are filed under the time at which they began: an hour before the
// window counts too.
func (w Window) days(folder string) (first, last string) {
	if w.day != "" {
		return w.day, w.day
	}
	if !w.Since.IsZero() {
		first = w.Since.UTC().Add(-time.Hour).Format(dayForm)
	}
	if !w.Until.IsZero() {
		late := Late
		if strings.EqualFold(folder, "CloudTrail") {
			late = Delivery
		}
		last = w.Until.UTC().Add(late).Format(dayForm)
	}
	return first, last
}

const dayForm = "2006/01/02"

// Admits reports whether a key or path may hold records of the window, or lead to such. What the layout says nothing of may. A path
// that ends with a slash is a folder's; others are those of files, whose names say things too.
func (w Window) Admits(path string) bool {
	p := read(path)
	k, known := kindOf(p.Kind)
	if name := nameOf(path); p.Day == "" && name.known {
		if p.Kind == "" {
			k, known = name.kind, true
		}
		if p.Account == "" {
			p.Account, p.Region = name.account, name.region
		}
		p.Day = name.day
	}
	if known && len(w.Logs) > 0 && (k.other || !slices.Contains(w.Logs, k.log)) {
		return false
	}
	if p.Account != "" && len(w.Accounts) > 0 && !slices.Contains(w.Accounts, p.Account) {
		return false
	}
	if p.Region != "" && len(w.Regions) > 0 && !slices.Contains(w.Regions, p.Region) {
		return false
	}
	first, last := w.days(p.Kind)
	n := len(p.Day)
	return (first == "" || p.Day >= first[:min(n, len(first))]) && (last == "" || p.Day <= last[:min(n, len(last))])
}

// Leaves is the opposite of Admits, for who asks what on disk to leave out: a folder there has no slash at its end, and is never
// taken for a file.
func (w Window) Leaves(path string) bool {
	if w.Admits(path) {
		return false
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return !w.Admits(path + "/")
	}
	return true
}

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
