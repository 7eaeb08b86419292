package cli

import (
	"fmt"
	"strconv"

	"jobzero/internal/hunt"
)

// forecastDays is how many days the table lists; JSON has all.
const forecastDays = 31

// showForecast says what rules would have led to.
func (s *shell) showForecast(o hunt.Outlook, form format) error {
	if form == formatJSON {
		return s.object(o)
	}
	p := &page{colour: coloured(s.out)}
	p.line(0, "%s", p.paint("1", o.Verdict))
	if o.Note != "" {
		p.line(0, "%s", o.Note)
	}
	if o.Alerts.Total == 0 {
		_, err := s.out.Write([]byte(p.text.String()))
		return err
	}
	p.line(0, "")
	p.line(0, "alerts   %s in all, %s, at most %s (%s)", count(o.Alerts.Total), hunt.PerDay(o.Alerts.Mean, "alert"), count(o.Alerts.Most), o.Alerts.MostDay)
	p.line(0, "tickets  %s in all, %s, at most %s (%s)", count(o.Tickets.Total), hunt.PerDay(o.Tickets.Mean, "ticket"), count(o.Tickets.Most), o.Tickets.MostDay)
	p.line(0, "")
	if _, err := s.out.Write([]byte(p.text.String())); err != nil {
		return err
	}
	return s.forecastTables(o)
}

func (s *shell) forecastTables(o hunt.Outlook) error {
	days := table{columns: []column{{name: "DAY"}, {name: "ALERTS"}, {name: "TICKETS"}}}
	for _, d := range o.ByDay[max(0, len(o.ByDay)-forecastDays):] {
		days.add(d.Day, count(d.Alerts), count(d.Tickets))
	}
	rules := table{columns: []column{{name: "RULE", give: 1}, {name: "SEVERITY", colour: severityColour}, {name: "ALERTS"}, {name: "TICKETS"}}}
	noise := table{columns: []column{{name: "LIKELY NOISE, TO FILTER", give: 2}, {name: "SHARE"}, {name: "DAYS"}, {name: "LEAVES"}, {name: "OF RULE", give: 1}}}
	for _, r := range o.Rules {
		rules.add(r.Title, r.Level, count(r.Alerts), hunt.PerDay(r.Tickets, "ticket"))
		for _, n := range r.Noise {
			noise.add(n.Field+": "+n.Value, share(n.Percent), strconv.Itoa(n.Days), hunt.PerDay(n.Left, "alert"), r.Title)
		}
	}
	who := table{columns: []column{{name: "WHO", give: 1}, {name: "ALERTS"}, {name: "SHARE"}}}
	for _, x := range o.Principals {
		who.add(x.Name, count(x.Alerts), share(x.Percent))
	}
	where := table{columns: []column{{name: "ACCOUNT"}, {name: "ALERTS"}, {name: "SHARE"}}}
	for _, x := range o.Accounts {
		where.add(x.Name, count(x.Alerts), share(x.Percent))
	}
	for i, t := range []*table{&days, &rules, &who, &where, &noise} {
		if len(t.rows) == 0 {
			continue
		}
		if i > 0 {
			if err := s.print(""); err != nil {
				return err
			}
		}
		if err := t.write(s.out); err != nil {
			return err
		}
	}
	if !o.NoiseKnown {
		return s.print("\nThree days or more are needed to tell noise from the rest.")
	}
	return nil
}

func share(percent float64) string { return fmt.Sprintf("%.0f %%", percent) }
