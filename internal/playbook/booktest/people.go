package booktest

import (
	"context"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/playbook"
)

// note writes down since when steps wait for people.
func (s *scene) note() {
	asking := map[string]bool{}
	for _, r := range s.runs() {
		for _, st := range r.Steps {
			if st.State == playbook.StepAsking || st.State == playbook.StepTasked {
				asking[st.ID] = true
			}
		}
	}
	for id := range asking {
		if !s.asking[id] {
			s.asked[id] = s.now
		}
	}
	s.asking = asking
}

// due is when the next deed is done. Nobody answers what does not ask, unless it is to be refused because it asks no more.
func (s *scene) due() (at time.Time, ok bool) {
	if len(s.people) == 0 {
		return at, false
	}
	d := s.people[0]
	from := s.last
	if step := d.step(); step != "" {
		since, asked := s.asked[step]
		if !asked || !s.asking[step] && d.Refused == "" {
			return at, false
		}
		if since.After(from) {
			from = since
		}
	}
	return from.Add(d.After), true
}

// next does the next deed.
func (s *scene) next(ctx context.Context) error {
	d := s.people[0]
	s.people, s.last = s.people[1:], s.now
	err := s.deed(ctx, d)
	switch {
	case d.Refused == "":
		return err
	case err == nil:
		return fault.New(fault.Invalid, "people: it was to be refused with %q, and was not", d.Refused)
	case !strings.Contains(err.Error(), d.Refused):
		return fault.New(fault.Invalid, "people: it was to be refused with %q, and was with: %v", d.Refused, err)
	}
	return nil
}

func (s *scene) deed(ctx context.Context, d deed) error {
	if d.By == "" {
		d.By = "mia"
	}
	switch d.World {
	case "settled", "again":
		s.settled = d.World == "settled"
		return nil
	case "frozen", "thawed":
		if s.frozen = ""; d.World == "frozen" {
			s.frozen = "the case says so"
		}
		return nil
	}
	runs := s.runs()
	if len(runs) == 0 {
		return fault.New(fault.NotFound, "there is no run to say anything about")
	}
	id, o := runs[len(runs)-1].ID, playbook.Order{Person: d.By, Reason: "the case"}
	a := playbook.Answer{Run: id, Step: d.step(), Yes: d.Approve != "" || d.Done != "", Order: o}
	switch {
	case d.Approve != "" || d.Deny != "":
		return playbook.Respond(ctx, s.memory, a, s.now)
	case d.Done != "" || d.Failed != "":
		return playbook.Finish(ctx, s.memory, a, s.now)
	case d.Order == "pause":
		return playbook.Pause(ctx, s.memory, id, o, s.now)
	case d.Order == "resume":
		return playbook.Resume(ctx, s.memory, id, o, s.now)
	case d.Order == "cancel":
		return playbook.Cancel(ctx, s.memory, id, o, s.now)
	}
	_, err := playbook.RequestUndoRun(ctx, s.memory, id, o, s.now)
	return err
}
