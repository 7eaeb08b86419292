package console

import (
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/report"
)

// reportForm is the page for reporting something.
type reportForm struct {
	Open     bool // also for those who have not signed in
	Name     string
	Stranger bool
	MaxFiles int
	MaxMB    int
}

func (d *reportDesk) form(v visit) page {
	f := reportForm{Open: d.Reporting.Config.Open, Stranger: v.visitor.Stranger, MaxFiles: report.MostFiles, MaxMB: report.MostFile >> 20}
	if v.visitor.Person != "" {
		f.Name = v.visitor.Name
	}
	return page{name: "report", title: "Report something", here: "/report", content: f}
}

// sentPage shows the code, once.
type sentPage struct {
	ID   report.ID
	Code report.Code
	Name string // in whose name it is; empty: in nobody's
}

func (d *reportDesk) send(v visit) (page, error) {
	s, err := d.read(v)
	if err != nil {
		return page{}, err
	}
	defer s.Close()
	said := report.Said{Via: "web", Title: s.text("title"), Text: told(s), Files: s.files, Anonymous: true, Open: v.visitor.Stranger}
	if s.text("name") == "mine" && v.visitor.Person != "" {
		said.Anonymous, said.Person = false, v.visitor.Person
	}
	if said.Title == "" {
		return page{}, fault.New(fault.Invalid, "say in one line what is wrong: go back, what you have written is still there")
	}
	if err := d.mayTake(v, said); err != nil {
		return page{}, err
	}
	got, code, err := d.Reporting.Reports().Send(v.Context(), said)
	if fault.Is(err, fault.Denied) {
		return page{}, &tooMany{why: err.Error()}
	}
	if err != nil {
		return page{}, err
	}
	return page{name: "sent", title: "Thank you", here: "/report", content: sentPage{got.ID, code, got.Person}}, nil
}

// told are the words of a form, put together.
func told(s *sheet) string {
	text := s.text("text")
	for _, f := range []struct{ name, word string }{{"when", "When"}, {"where", "Where"}, {"contact", "Contact"}} {
		if t := strings.Join(strings.Fields(s.text(f.name)), " "); t != "" {
			text += "\n" + f.word + ": " + t
		}
	}
	return strings.TrimSpace(text)
}

// mayTake counts a report where it is not in somebody's name; those that are, the store counts.
func (d *reportDesk) mayTake(v visit, said report.Said) error {
	var wait time.Duration
	switch mark := d.mark(v.Request, v.visitor); {
	case said.Open:
		wait = d.open.Take(mark, v.now)
	case said.Anonymous:
		wait = d.unnamed.Take(mark, v.now)
	}
	if wait > 0 {
		return &tooMany{wait, "More reports come than are taken. Your report was not sent. " + callInstead}
	}
	return d.room(v, said.Files)
}

// room says whether files of strangers are still taken today.
func (d *reportDesk) room(v visit, files []report.File) error {
	if !v.visitor.Stranger {
		return nil
	}
	size := 0
	for _, f := range files {
		size += f.Size
	}
	if size > 0 && !d.bytes.AllowN(v.now, size) {
		return &tooMany{why: "No more files are taken here today. Send your report without them, and say what you have: whoever answers can tell you where to bring it."}
	}
	return nil
}
