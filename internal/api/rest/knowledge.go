package rest

import (
	"context"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/expect/standing"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/ticket"
)

// Know is what the house has loaded, as it is now.
type Know interface {
	Rules() []Rule
	Expectations() []Expectation
	Waivers() []Waiver
	// MayOwn says why somebody cannot be given a ticket.
	MayOwn(to ticket.Owner) error
}

// Rule is a detection.
type Rule struct {
	ID     string   `json:"id"`
	Title  string   `json:"title"`
	Level  string   `json:"level"`
	Status string   `json:"status,omitempty"`
	Tags   []string `json:"tags,omitempty"`
	Text   string   `json:"description,omitempty"`
}

// Expectation is what every resource of some types has to meet.
type Expectation struct {
	ID         string           `json:"id"`
	Title      string           `json:"title"`
	Severity   finding.Severity `json:"severity"`
	Types      []resource.Type  `json:"types"`
	Controls   []string         `json:"controls,omitempty"`
	Why        string           `json:"why,omitempty"`
	Lesson     string           `json:"lesson,omitempty"`
	Expression string           `json:"expression"`
}

// Waiver is something that need not be met for a time.
type Waiver struct {
	ID           string   `json:"id"`
	Expectations []string `json:"expectations"`
	Owner        string   `json:"owner"`
	ApprovedBy   string   `json:"approved_by"`
	Reason       string   `json:"reason"`
	Expires      string   `json:"expires" format:"date"`
	Live         bool     `json:"live"`
}

type rules struct {
	Rules []Rule `json:"rules"`
}

type expectations struct {
	Expectations []Expectation `json:"expectations"`
}

type waivers struct {
	Waivers []Waiver `json:"waivers"`
}

type scoresAsked struct {
	Expectation string `query:"expectation" maxLength:"200"`
	Account     string `query:"account" maxLength:"64"`
	Team        string `query:"team" maxLength:"200"`
	Days        int    `query:"days" minimum:"1" maximum:"365" default:"30" doc:"How far back the days go"`
}

// scored is a trend with the part that passes.
type scored struct {
	Share float64 `json:"share" minimum:"0" maximum:"1"`
	standing.Trend
}

type scoreList struct {
	Scores []scored `json:"scores"`
}

func (s *server) knowledge() {
	route(s, plainGet("list-detections", "/detections", auth.Look, "The rules over events"), func(context.Context, asked[struct{}]) (*answer[rules], error) {
		return &answer[rules]{Body: rules{full(s.Know.Rules())}}, nil
	})
	route(s, plainGet("list-expectations", "/expectations", auth.Look, "What resources have to meet"), func(context.Context, asked[struct{}]) (*answer[expectations], error) {
		return &answer[expectations]{Body: expectations{full(s.Know.Expectations())}}, nil
	})
	route(s, plainGet("list-waivers", "/waivers", auth.Look, "What need not be met, until when"), func(context.Context, asked[struct{}]) (*answer[waivers], error) {
		return &answer[waivers]{Body: waivers{full(s.Know.Waivers())}}, nil
	})
	route(s, plainGet("list-scores", "/scores", auth.Look, "What resources come to, by expectation, account and team"), s.scores)
}

// scores reads what was added up, one expectation at a time, as jobzero score does.
func (s *server) scores(ctx context.Context, a asked[scoresAsked]) (*answer[scoreList], error) {
	today := standing.Day(a.now)
	sums := standing.NewTrends(standing.By{Expectation: true, Account: true, Team: true})
	since := today.AddDate(0, 0, -max(a.in.Days, 30+2*standing.Slack))
	err := s.Store.View(ctx, func(tx Tx) error {
		return sumUp(ctx, tx, standing.Group{Expectation: a.in.Expectation, Account: a.in.Account, Team: a.in.Team}, since, sums)
	})
	if err != nil {
		return nil, err
	}
	out := scoreList{[]scored{}}
	for _, t := range sums.All(today.AddDate(0, 0, -a.in.Days)) {
		out.Scores = append(out.Scores, scored{t.Share(), t})
	}
	return &answer[scoreList]{Body: out}, nil
}

func sumUp(ctx context.Context, tx Tx, of standing.Group, since time.Time, into *standing.Trends) error {
	only := of.Expectation
	for {
		if only == "" {
			id, more, err := tx.Scored(ctx, of.Expectation)
			if err != nil || !more {
				return err
			}
			of.Expectation = id
		}
		found, err := tx.Scores(ctx, of, since)
		if err != nil {
			return err
		}
		for _, x := range found {
			into.Add(x)
		}
		if only != "" {
			return nil
		}
	}
}
