package console

import (
	"slices"
	"time"
)

// roadPage is the road as it is at this moment.
type roadPage struct{ Legs []legView }

// legView is a leg with its last hour as bars.
type legView struct {
	Leg
	Bars []bar
	Peak int
	Late bool
}

// bar is one minute, drawn in a picture of sixty by thirty.
type bar struct{ X, Y, High int }

func (c *Console) road(v visit) (page, error) {
	legs, err := c.Road(v.Context())
	if err != nil {
		return page{}, err
	}
	var out roadPage
	for _, l := range legs {
		out.Legs = append(out.Legs, legView{Leg: l, Bars: bars(l.Hour), Peak: peak(l.Hour), Late: l.Lag >= behind})
	}
	return page{name: "road", title: "Road", here: "/road", content: out}, nil
}

func peak(minutes []int) int {
	if len(minutes) == 0 {
		return 0
	}
	return slices.Max(minutes)
}

const barHigh = 30

// bars draws numbers; anything that is not nothing is seen.
func bars(minutes []int) (out []bar) {
	most := max(peak(minutes), 1)
	for i, n := range minutes {
		if n > 0 {
			high := max(n*barHigh/most, 1)
			out = append(out, bar{i * 3, barHigh - high, high})
		}
	}
	return out
}

// Hour is how many minutes of a leg are kept.
const Hour = int(time.Hour / time.Minute)
