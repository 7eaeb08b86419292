package console

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/time/rate"

	"jobzero/internal/auth"
	"jobzero/internal/fault"
	"jobzero/internal/report"
	"jobzero/internal/report/flood"
)

// Reporter is what whoever reports something can do.
type Reporter interface {
	Send(ctx context.Context, s report.Said) (report.Report, report.Code, error)
	Follow(ctx context.Context, c report.Code) (report.Progress, error)
	Add(ctx context.Context, c report.Code, text string, files []report.File) (report.Progress, error)
	Escalate(ctx context.Context, c report.Code) (p report.Progress, told []string, err error)
}

// Answerer is what those do who have a report's ticket.
type Answerer interface {
	One(ctx context.Context, id report.ID) (report.Report, error)
	File(ctx context.Context, id report.ID, n int) (report.File, []byte, error)
	Reply(ctx context.Context, id report.ID, person, text string) (report.Report, error)
}

// Reporting is how anybody says what is wrong.
type Reporting struct {
	Reports func() interface {
		Reporter
		Answerer
	}
	Config report.Config
	Gate   Quiet
	Local  Visitors // who is let in where nobody can sign in; nil: nobody
	Folder string   // where files lie while they come
}

// Quiet says who asks and from where without a trace. Auth's gate is one.
type Quiet interface {
	Quietly(r *http.Request) (auth.Visitor, bool, error)
	Source(r *http.Request) string
}

// What strangers, and everybody, may do here. Each process counts for itself; the reports themselves are counted in the store too.
const (
	triesAnHour   = 60       // forms that are sent from one source, or by one person
	unnamedAnHour = 10       // reports without a name of one person
	bytesADay     = 64 << 20 // of files that come through the open door
	uploads       = 4        // forms with files that are read at once, of strangers, and of others
	smallForm     = 64 << 10 // bytes of a form that waits for no turn
)

// reportDesk takes what people say. It keeps nothing of where they come from: limits count by marks that tell nobody anything.
type reportDesk struct {
	*Console
	tries   *flood.Limit
	open    *flood.Limit // reports of strangers
	unnamed *flood.Limit // reports without a name of those who are known
	bytes   *rate.Limiter
	turns   map[bool]chan struct{} // by whether it is a stranger's
}

func newReportDesk(c *Console) *reportDesk {
	return &reportDesk{
		Console: c, tries: flood.New(flood.Rate{Hour: triesAnHour}, flood.Rate{}),
		open:    flood.New(flood.Rate{Hour: c.Reporting.Config.Each}, flood.Rate{Hour: c.Reporting.Config.All}),
		unnamed: flood.New(flood.Rate{Hour: unnamedAnHour}, flood.Rate{}),
		bytes:   rate.NewLimiter(rate.Limit(bytesADay/(24*time.Hour).Seconds()), bytesADay),
		turns:   map[bool]chan struct{}{true: make(chan struct{}, uploads), false: make(chan struct{}, uploads)},
	}
}

func (d *reportDesk) routes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /report":                 d.at(func(v visit) (page, error) { return d.form(v), nil }),
		"POST /report":                d.at(d.send),
		"GET /report/follow":          d.at(followForm),
		"POST /report/follow":         d.at(d.follow),
		"GET /tickets/{id}/files/{n}": d.download,
		"GET /report/{rest...}":       d.at(nowhere),
	}
}

// tooMany is what is more than is taken.
type tooMany struct {
	wait time.Duration
	why  string
}

// Error says how long to wait, where that is known.
func (t *tooMany) Error() string {
	if t.wait <= 0 {
		return t.why
	}
	return fmt.Sprintf("%s Try again in %s.", t.why, span(t.wait.Round(time.Second)))
}

const callInstead = "If somebody is in danger or it cannot wait, call the one on duty."

// at lets in whoever may report, without a trace, and shows a page. What goes wrong is logged without who it was.
func (d *reportDesk) at(show look) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if gone := recover(); gone != nil { // net/http would log it with the address
				d.Log.Error("a page for reports has failed", "defect", fmt.Sprint(gone))
				http.Error(w, "This page could not be made.", http.StatusInternalServerError)
			}
		}()
		who, err := d.who(r)
		if fault.Is(err, fault.Denied) && d.Reporting.Local == nil {
			http.Redirect(w, r, "/auth?to=/report", http.StatusSeeOther)
			return
		}
		if err == nil && r.Method == http.MethodPost {
			err = d.patience(w, r, who)
		}
		var p page
		if err == nil {
			p, err = show(visit{r, who, d.Now()})
		}
		if err != nil {
			d.fail(w, r, who, err)
			return
		}
		d.write(w, r, who, p)
	}
}

// who is visiting: somebody who has signed in, whoever works on the machine itself, or, where the door is open, a stranger.
func (d *reportDesk) who(r *http.Request) (Visitor, error) {
	v, ok, err := d.Reporting.Gate.Quietly(r)
	switch {
	case err != nil:
		return Visitor{}, fault.Wrap(fault.Unavailable, err, "who you are cannot be looked up now: try again")
	case ok && v.Somewhere(auth.Report):
		return Visitor{Person: v.ID, Name: v.Name, Leave: "/auth/leave"}, nil
	}
	if d.Reporting.Local != nil {
		if v, err := d.Reporting.Local.Visitor(r); err == nil {
			return v, nil
		}
	}
	if d.Reporting.Config.Open {
		return Visitor{Name: "nobody has signed in", Stranger: true}, nil
	}
	return Visitor{}, fault.New(fault.Denied, "sign in to report something here: the settings do not have this page open to everybody")
}

// patience bounds how many forms come from somewhere, and gives those with files more time.
func (d *reportDesk) patience(w http.ResponseWriter, r *http.Request, who Visitor) error {
	if wait := d.tries.Take(d.mark(r, who), d.Now()); wait > 0 {
		return &tooMany{wait, "Too many forms came from where you are. " + callInstead}
	}
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	if r.ContentLength < 0 || r.ContentLength > smallForm {
		const reading, answering = 2 * time.Minute, 30 * time.Second
		c, now := http.NewResponseController(w), time.Now()
		// A door that cannot be asked for more time has its own; then what is too slow is cut off sooner.
		_ = c.SetReadDeadline(now.Add(reading))
		_ = c.SetWriteDeadline(now.Add(reading + answering))
	}
	return nil
}

// mark is by what somebody is counted: a person, or where a stranger comes from. It goes no further than into a limit, which does not keep it.
func (d *reportDesk) mark(r *http.Request, who Visitor) string {
	if who.Person != "" {
		return "person " + who.Person
	}
	return "source " + d.Reporting.Gate.Source(r)
}

// partsFor are the parts of the console that a visitor is shown.
func (c *Console) partsFor(v Visitor) []part {
	if v.Stranger {
		return []part{{"/report", "Report something", "s"}, {"/report/follow", "Follow a report", "f"}, {"/auth", "Sign in", ""}}
	}
	return c.parts()
}
