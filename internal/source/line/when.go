package line

import (
	"math"
	"strconv"
	"time"

	"jobzero/internal/fault"
)

// earliest and latest are the years between which a log's time makes sense; outside, a field is not the time that it is taken for.
const (
	earliest = 2000
	latest   = 2200
)

// When reads a time in one of the layouts; "seconds" and "milliseconds" stand for a number since 1970. Errors are fault.Invalid
// and name the field.
func When(name, text string, layouts ...string) (time.Time, error) {
	if text == "" || text == "-" {
		return time.Time{}, fault.New(fault.Invalid, "%s is missing: the time is not known", name)
	}
	for _, layout := range layouts {
		t, ok := when(text, layout)
		if ok && t.Year() >= earliest && t.Year() < latest {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fault.New(fault.Invalid, "%s %.60q is no time", name, text)
}

// The layouts that are numbers.
const (
	Seconds      = "seconds"
	Milliseconds = "milliseconds"
)

func when(text, layout string) (time.Time, bool) {
	switch layout {
	case Seconds:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return time.Unix(n, 0), true
		}
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || math.Abs(f) > 1e12 {
			return time.Time{}, false
		}
		return time.UnixMicro(int64(math.Round(f * 1e6))), true
	case Milliseconds:
		n, err := strconv.ParseInt(text, 10, 64)
		return time.UnixMilli(n), err == nil
	}
	t, err := time.Parse(layout, text)
	return t, err == nil
}
