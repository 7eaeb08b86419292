package console

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// curve is numbers by day. The page has it as a picture, which a script replaces by one that answers to the mouse: see static/chart.js.
type curve struct {
	Name string // of the numbers
	Unit string // after each of them, such as " %"
	Line string // points of a line in a picture of chartWide by chartHigh; empty: there are bars
	Bars []dayBar
	Data string // the same as JSON for the script: days in seconds since 1970, and numbers
}

// dayBar is one day of a picture.
type dayBar struct{ X, Y, Wide, High float64 }

// dayValue is the number of a day.
type dayValue struct {
	Day time.Time
	N   float64
}

// The size of the picture, and how many days it has room for at least: a few days are not stretched over all of it.
const (
	chartWide = 720.0
	chartHigh = 90.0
	leastDays = 14
)

// lineOf draws shares of a hundred that change slowly, between the least and the most of them.
func lineOf(name string, days []dayValue) *curve {
	if len(days) < 2 {
		return nil
	}
	c := newCurve(name, " %", false, days)
	least, most := days[0].N, days[0].N
	for _, d := range days {
		least, most = min(least, d.N), max(most, d.N)
	}
	var b strings.Builder
	for _, d := range days {
		y := chartHigh / 2
		if most > least {
			y = chartHigh - 4 - (d.N-least)/(most-least)*(chartHigh-8)
		}
		fmt.Fprintf(&b, "%.1f,%.1f ", at0(days, d)*chartWide/max(1, span0(days)), y)
	}
	c.Line = strings.TrimSpace(b.String())
	return c
}

// barsOfDays draws how many there were on each day. A day without any leaves room.
func barsOfDays(name string, days []dayValue) *curve {
	if len(days) == 0 {
		return nil
	}
	c := newCurve(name, "", true, days)
	most := 1.0
	for _, d := range days {
		most = max(most, d.N)
	}
	wide := chartWide / max(span0(days)+1, leastDays)
	for _, d := range days {
		high := max(1, chartHigh*d.N/most)
		c.Bars = append(c.Bars, dayBar{X: at0(days, d) * wide, Y: chartHigh - high, Wide: wide * 0.85, High: high})
	}
	return c
}

func newCurve(name, unit string, bars bool, days []dayValue) *curve {
	data := struct {
		Name string    `json:"name"`
		Unit string    `json:"unit"`
		Bars bool      `json:"bars"`
		X    []int64   `json:"x"`
		Y    []float64 `json:"y"`
	}{Name: name, Unit: unit, Bars: bars}
	for _, d := range days {
		data.X, data.Y = append(data.X, d.Day.Unix()), append(data.Y, d.N)
	}
	text, _ := json.Marshal(data) // numbers that are none do not come here
	return &curve{Name: name, Unit: unit, Data: string(text)}
}

// at0 is how many days after the first a day is, and span0 how many the last.
func at0(days []dayValue, d dayValue) float64 { return d.Day.Sub(days[0].Day).Hours() / 24 }
func span0(days []dayValue) float64           { return at0(days, days[len(days)-1]) }
