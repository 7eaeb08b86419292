package console

import (
	"jobzero/internal/fault"
	"jobzero/internal/report"
)

// followedPage is what became of a report, for whoever has its code.
type followedPage struct {
	report.Progress
	Code  report.Code
	Said  string
	MayUp bool // to the top, now
}

// follow shows what became of a report, and does what whoever has its code asks for. The code comes in the form and stands in no address.
func (d *reportDesk) follow(v visit) (page, error) {
	s, err := d.read(v)
	if err != nil {
		return page{}, err
	}
	defer s.Close()
	code, err := report.ParseCode(s.text("code"))
	if err != nil {
		return page{}, err
	}
	out := followedPage{Code: code}
	switch all := d.Reporting.Reports(); s.text("do") {
	case "add":
		if err := d.room(v, s.files); err != nil {
			return page{}, err
		}
		out.Progress, err = all.Add(v.Context(), code, s.text("text"), s.files)
		out.Said = "It is noted, and whoever has the report is told."
	case "escalate":
		out.Progress, _, err = all.Escalate(v.Context(), code)
		out.Said = "Those at the top are being told."
	case "":
		out.Progress, err = all.Follow(v.Context(), code)
	default:
		err = fault.New(fault.Invalid, "there is no such thing to do with a report")
	}
	if err != nil {
		return page{}, err
	}
	n := len(out.Escalated)
	out.MayUp = n == 0 || v.now.Sub(out.Escalated[n-1]) >= report.EscalateAgain
	return page{name: "followed", title: "Your report", here: following(v), content: out}, nil
}

func followForm(v visit) (page, error) {
	return page{name: "follow", title: "Follow a report", here: following(v)}, nil
}

// following is the part of the console that a report is followed in.
func following(v visit) string {
	if v.visitor.Stranger {
		return "/report/follow"
	}
	return "/report"
}
