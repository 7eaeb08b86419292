package console

import (
	"context"
	"html/template"
	"log/slog"
	"maps"
	"net/http"
	"time"

	"jobzero/internal/oncall/pager"
	"jobzero/internal/playbook"
	"jobzero/internal/triage"
)

// Options are what New needs. What may be nil is left out of the pages where it is.
type Options struct {
	Reader    Reader
	Keeper    Keeper // nil: nobody can keep a view
	Triage    triage.Store
	Playbooks playbook.Store
	Knowledge func() Knowledge
	Visitors  Visitors
	Road      func(context.Context) ([]Leg, error)
	Rates     func() Rates
	Replay    func(ctx context.Context, id string) (said string, err error) // nil: only the command line does
	Duty      func(context.Context, time.Time) ([]Duty, error)              // nil: nobody says who is on duty
	Explain   Explainer                                                     // nil: only the command line does
	Forecasts Forecasts                                                     // nil: as above
	Shifts    func(ctx context.Context, from, to time.Time) ([]Shift, error)
	Reporting Reporting  // without reports nobody reports here
	OnCall    OnCall     // nil: duty is looked at and not changed here
	Desk      pager.Desk // answers pages
	Strangers Strangers  // who is nobody here and has a link; with OnCall
	Now       func() time.Time
	Version   string
	Secure    bool // browsers come by https
	Log       *slog.Logger
}

// Console is the pages. Make it with New.
type Console struct {
	Options
	pages   map[string]*template.Template
	files   files
	scores  scores
	reports *reportDesk // nil: nobody reports here
}

// New makes the pages. What browsers are told of all of them, and that forms of other sites do nothing, is the business of auth, behind whose gate they are.
func New(o Options) (http.Handler, error) {
	c := &Console{Options: o}
	var err error
	if c.files, err = readFiles(); err != nil {
		return nil, err
	}
	if c.pages, err = parsePages(c.files, o.Now); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for pattern, page := range c.looks() {
		mux.Handle("GET "+pattern, c.looking(page))
	}
	for pattern, act := range c.acts() {
		mux.Handle("POST "+pattern, c.acting(act))
	}
	mux.HandleFunc("POST /tickets/views", c.keepView)
	mux.Handle("POST /detections/{id}/explain", c.sent(mostRecords, c.explaining))
	mux.HandleFunc("POST /detections/{id}/forecast", c.askForecast)
	if c.Reporting.Reports != nil {
		c.reports = newReportDesk(c)
		for pattern, h := range c.reports.routes() {
			mux.HandleFunc(pattern, h)
		}
	}
	if c.OnCall != nil {
		c.links(mux)
	}
	mux.HandleFunc("GET /static/{file}", c.files.serve)
	mux.HandleFunc("POST /look", c.changeLook)
	mux.Handle("GET /", c.looking(nowhere))
	return mux, nil
}

// looks are the pages by their paths.
func (c *Console) looks() map[string]look {
	all := map[string]look{
		"/{$}": c.now, "/tickets": c.tickets, "/tickets/{id}": c.ticket, "/findings": c.findings, "/findings/{id}": c.finding,
		"/detections": c.detections, "/detections/{id}": c.detection, "/detections/{id}/explain": c.explain, "/detections/{id}/forecast": c.forecast, "/expectations": c.expectations, "/expectations/{id}": c.expectation,
		"/playbooks": c.playbooks, "/playbooks/{id}": c.playbook, "/playbooks/{id}/graph.svg": c.playbookGraph,
		"/runs": c.runs, "/runs/{id}": c.run, "/runs/{id}/graph.svg": c.runGraph,
		"/inventory": c.inventory, "/deadletters": c.letters, "/deadletters/{id}": c.letter, "/road": c.road, "/keys": keys,
	}
	if c.Shifts != nil {
		all["/oncall"] = c.oncall
	}
	if c.OnCall != nil {
		maps.Copy(all, c.dutyLooks())
	}
	return all
}
