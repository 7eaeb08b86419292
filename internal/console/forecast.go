package console

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/fault"
)

// Forecast is what a rule would have led to in the archive. There is one of a rule at a time, and the newest is kept as long as the process is.
type Forecast struct {
	Days  int    // that were asked for
	By    string // who asked
	Asked time.Time
	Done  time.Time // zero: it is being looked for
	Share float64   // of the archive that has been read, where that is known
	Err   string    // why there is none

	Verdict, Note   string
	From, To        string
	Alerts, Tickets Amount
	ByDay           []DayAmount
	Noise           []Noise // likely, to be filtered
	Who, Accounts   []Share
}

// Amount is so much in all, and a day.
type Amount struct {
	Total, Most int
	Mean        float64
	MostDay     string
}

// DayAmount is a day with alerts.
type DayAmount struct {
	Day             string
	Alerts, Tickets int
}

// Noise is what many alerts have in common, and what is left without it.
type Noise struct {
	Field, Value string
	Percent      float64 // of the alerts
	Days         int     // on which it was seen
	Left         float64 // alerts a day, when it is filtered
}

// Share is how many of the alerts one has.
type Share struct {
	Name    string
	Alerts  int
	Percent float64
}

// Forecasts run rules over the archive.
type Forecasts interface {
	// Forecast is the newest of a rule.
	Forecast(rule string) (Forecast, bool)
	// AskForecast has one made. An error is fault.Conflict when another is being made, and fault.Unavailable without an archive.
	AskForecast(ctx context.Context, rule string, days int, person string) error
}

// forecastPage is what a rule would have led to.
type forecastPage struct {
	ID, Title string
	Known     bool
	May       bool
	Choices   []int // that one may ask for
	Chart     *curve
	Forecast
}

// mostDays is how far back a forecast may go.
const mostDays = 366

func (c *Console) forecast(v visit) (page, error) {
	r, err := c.forecastable(v.PathValue("id"))
	if err != nil {
		return page{}, err
	}
	out := forecastPage{ID: r.ID, Title: r.Title, Choices: []int{7, 30, 90}, May: v.visitor.may(Operate, "")}
	if out.Forecast, out.Known = c.Forecasts.Forecast(r.ID); out.Known {
		var days []dayValue
		for _, d := range out.ByDay {
			day, _ := time.Parse(time.DateOnly, d.Day) // it was written by us
			days = append(days, dayValue{day, float64(d.Alerts)})
		}
		out.Chart = barsOfDays("Alerts", days)
	}
	return page{name: "forecast", title: "Would have fired: " + out.Title, here: "/detections", content: out}, nil
}

// askForecast has a forecast made, and goes to where it will be.
func (c *Console) askForecast(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	visitor, err := c.Visitors.Visitor(r)
	if err == nil {
		err = visitor.must(Operate, "") // it reads much, which costs money
	}
	var rule detect.Rule
	if err == nil {
		rule, err = c.forecastable(r.PathValue("id"))
	}
	var days int
	if err == nil {
		if days, err = strconv.Atoi(r.PostFormValue("days")); err != nil || days < 1 || days > mostDays {
			err = fault.New(fault.Invalid, "want a number of days from 1 to %d", mostDays)
		}
	}
	if err == nil {
		err = c.Forecasts.AskForecast(r.Context(), rule.ID, days, visitor.Person)
	}
	if err != nil {
		c.fail(w, r, visitor, err)
		return
	}
	http.Redirect(w, r, "/detections/"+rule.ID+"/forecast", http.StatusSeeOther)
}

func (c *Console) forecastable(id string) (r detect.Rule, err error) {
	r, err = c.ruleOf(id)
	if err == nil && c.Forecasts == nil {
		err = fault.New(fault.Unavailable, "this is done with `jobzero hunt --rule %s --forecast`", id)
	}
	return r, err
}
