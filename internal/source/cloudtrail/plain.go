package cloudtrail

import (
	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// isPlain reports whether Parse would surely take a record whose members are of the kinds that their levels want. It looks at
// bytes and makes nothing; whatever is unusual is left to Parse, so that the two can never disagree.
func isPlain(r *event.Record) bool {
	id, source := r.Get(event.EventID), r.Get(event.EventSource)
	if !isText(id) || len(id) > maxID || !isText(r.Get(event.EventName)) || !isText(source) {
		return false
	}
	if len(source) > 4 && string(source[1:5]) == "aws:" || !isStamp(r.Get(event.EventTime)) {
		return false
	}
	if a := r.Get(event.RecipientAccountID); len(a) != 14 || !IsAccount(string(a[1:13])) {
		return false
	}
	return true
}

// isText reports whether the value is a text that is not empty.
func isText(v rawjson.Value) bool { return len(v) > 2 && v[0] == '"' }

// isStamp reports whether the value is a time as CloudTrail writes it, such as "2024-08-01T13:29:57Z". Days above 28 depend on
// the month and are left to the calendar.
func isStamp(v rawjson.Value) bool {
	const form = `"0000-00-00T00:00:00Z"`
	if len(v) != len(form) {
		return false
	}
	for i := range form {
		if c := v[i]; form[i] == '0' && (c < '0' || c > '9') || form[i] != '0' && c != form[i] {
			return false
		}
	}
	two := func(i int) byte { return (v[i]-'0')*10 + v[i+1] - '0' }
	month, day := two(6), two(9)
	return month >= 1 && month <= 12 && day >= 1 && (day <= 28 || isDay(v)) && two(12) <= 23 && two(15) <= 59 && two(18) <= 59
}
