package claim

import (
	"strconv"
	"time"

	"jobzero/internal/rawjson"
)

// layouts are the ways in which vendors write a time. Zones are numbers or the letters that stand here: Go takes any other
// letters for a zone of its own making.
func layouts() []string {
	return []string{
		time.RFC3339Nano,
		"2006-01-02T15:04:05.999999999Z0700",   // CloudWatch
		"Mon Jan 2 15:04:05.999999 UTC 2006",   // Inspector
		"Jan 2, 2006, 3:04:05 PM",              // Inspector, before 2024; in UTC
		"Mon, 2 Jan 2006 15:04:05 GMT",         // Health
		"2006-01-02T15:04:05.999999999",        // no zone: taken as UTC
		"2006-01-02 15:04:05.999999999Z07:00",  // exports
		"2006-01-02 15:04:05.999999999 +00:00", // exports
	}
}

// Time is an optional time: a text in one of the vendors' ways, or a number of seconds or milliseconds since 1970.
func (o Object) Time(name string) time.Time {
	v := o.get(name)
	if v.IsNull() || o.doc.err != nil {
		return time.Time{}
	}
	t, ok := moment(v)
	// JSON and the stores know the years of four digits.
	if !ok || t.Year() < 1 || t.Year() > 9999 {
		o.Fail(name, "%.60s is no time such as 2024-08-01T13:29:57Z", v)
		return time.Time{}
	}
	return t
}

// NeedTime is a time that must be there.
func (o Object) NeedTime(name string) time.Time {
	t := o.Time(name)
	if t.IsZero() {
		o.Fail(name, "is missing")
	}
	return t
}

func moment(v rawjson.Value) (time.Time, bool) {
	if v.Kind() == "number" {
		return sinceEpoch(string(v))
	}
	text, ok := v.Text()
	if !ok {
		return time.Time{}, false
	}
	for _, l := range layouts() {
		if t, err := time.Parse(l, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// sinceEpoch tells seconds from milliseconds by their size: as seconds 1e11 is the year 5138, as milliseconds it is 1973.
func sinceEpoch(text string) (time.Time, bool) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 || n > 253402300799e3 {
		return time.Time{}, false
	}
	if n < 1e11 {
		n *= 1000
	}
	return time.UnixMilli(int64(n)).UTC(), true
}
