package console

import (
	"cmp"
	"slices"
	"time"
)

// oncallPage is a week of who is on duty.
type oncallPage struct {
	From, To     time.Time
	Back, On     string // the weeks before and after
	Duty         []Duty
	Rotas        []rotaWeek
	Zones        []string
	Hours        []int // where the picture has lines
	NowX         int   // where now is in it; -1: not in this week
	Wide, Window int
	More         bool // there are handoffs, pages and the rota besides
}

// rotaWeek is the week of one rota: a row a day.
type rotaWeek struct {
	Rota   string
	Days   []dayRow
	Sites  []string
	Shifts []Shift
}

// dayRow is one day in UTC.
type dayRow struct {
	Day   time.Time
	Boxes []shiftBox
}

// shiftBox is the part of a shift that lies on a day, in a picture of one row.
type shiftBox struct {
	Shift
	X, Wide int
	Tone    int // of its site
	Night   bool
}

const (
	dayWide = 960 // of a row of the picture: forty an hour
	aWeek   = 7 * 24 * time.Hour
)

func (c *Console) oncall(v visit) (page, error) {
	from := monday(v.now)
	if d, err := time.Parse(time.DateOnly, v.URL.Query().Get("week")); err == nil {
		from = monday(d)
	}
	out := oncallPage{From: from, To: from.Add(aWeek), Zones: []string{"America/Los_Angeles", "America/New_York", "Europe/Dublin", "Australia/Sydney"}, Wide: dayWide, NowX: -1, More: c.OnCall != nil}
	out.Back, out.On = "/oncall?week="+from.Add(-aWeek).Format(time.DateOnly), "/oncall?week="+out.To.Format(time.DateOnly)
	for h := 0; h <= 24; h += 3 {
		out.Hours = append(out.Hours, h)
	}
	all, err := c.Shifts(v.Context(), out.From, out.To)
	if err != nil {
		return page{}, err
	}
	if c.Duty != nil {
		if out.Duty, err = c.Duty(v.Context(), v.now); err != nil {
			return page{}, err
		}
	}
	out.Rotas = weeks(all, from)
	return page{name: "oncall", title: "On-call", here: "/oncall", content: out}, nil
}

func monday(t time.Time) time.Time {
	day := t.UTC().Truncate(24 * time.Hour)
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}

// weeks puts shifts into the days of a week, rota by rota.
func weeks(all []Shift, from time.Time) (out []rotaWeek) {
	slices.SortStableFunc(all, func(a, b Shift) int { return cmp.Or(cmp.Compare(a.Rota, b.Rota), a.From.Compare(b.From)) })
	for _, s := range all {
		if len(out) == 0 || out[len(out)-1].Rota != s.Rota {
			w := rotaWeek{Rota: s.Rota}
			for d := range 7 {
				w.Days = append(w.Days, dayRow{Day: from.AddDate(0, 0, d)})
			}
			out = append(out, w)
		}
		out[len(out)-1].put(s)
	}
	return out
}

// put draws a shift on each day on which a part of it lies.
func (w *rotaWeek) put(s Shift) {
	w.Shifts = append(w.Shifts, s)
	tone := slices.Index(w.Sites, s.Site)
	if tone < 0 {
		tone, w.Sites = len(w.Sites), append(w.Sites, s.Site)
	}
	for i, d := range w.Days {
		begin, end := maxTime(s.From, d.Day), minTime(s.To, d.Day.Add(24*time.Hour))
		if end.After(begin) {
			x := int(begin.Sub(d.Day).Minutes() * dayWide / (24 * 60))
			w.Days[i].Boxes = append(w.Days[i].Boxes, shiftBox{Shift: s, X: x, Wide: int(end.Sub(begin).Minutes() * dayWide / (24 * 60)), Tone: tone % 6})
		}
	}
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
