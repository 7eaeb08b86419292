package console

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"

	"jobzero/internal/detect/explain"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
)

// mostRecords is how many bytes of records may be given to be explained.
const mostRecords = 1 << 20

// Explained is what a rule makes of records.
type Explained struct {
	Accounts []explain.Account
	Events   int
	Unread   []string // what of it could not be read, and why
}

// explainPage asks for records, and says what a rule makes of those that were given.
type explainPage struct {
	ID, Title string
	Text      string // what was given
	From      string // the finding whose event it is; empty: somebody has given it
	Asked     bool
	Explained
}

// explain shows what a rule makes of the event of a finding, or asks for records.
func (c *Console) explain(v visit) (page, error) {
	out, err := c.explainable(v.PathValue("id"))
	if err != nil {
		return page{}, err
	}
	if out.From = v.URL.Query().Get("finding"); out.From != "" {
		if out.Text, err = c.eventOf(v.Context(), out.From); err != nil {
			return page{}, err
		}
	}
	return c.explained(v.Context(), out)
}

// explaining is the same for records that come with a form. It changes nothing, so whoever may look may ask.
func (c *Console) explaining(v visit) (page, error) {
	out, err := c.explainable(v.PathValue("id"))
	if err != nil {
		return page{}, err
	}
	if err := v.ParseForm(); err != nil {
		return page{}, fault.Wrap(fault.Invalid, err, "read the records: at most %d bytes of them can be explained here, `jobzero explain` takes more", mostRecords)
	}
	out.Text = strings.TrimSpace(v.PostForm.Get("records"))
	if out.Text == "" {
		return page{}, fault.New(fault.Invalid, "there is no record to explain: paste one as JSON, or a file with {\"Records\": […]}")
	}
	return c.explained(v.Context(), out)
}

func (c *Console) explained(ctx context.Context, out explainPage) (page, error) {
	if out.Asked = out.Text != ""; out.Asked {
		var err error
		if out.Explained, err = c.Explain(ctx, out.ID, strings.NewReader(out.Text)); err != nil {
			return page{}, err
		}
	}
	return page{name: "explain", title: "Explain " + out.Title, here: "/detections", content: out}, nil
}

func (c *Console) explainable(id string) (explainPage, error) {
	r, err := c.ruleOf(id)
	if err == nil && c.Explain == nil {
		err = fault.New(fault.Unavailable, "this is done with `jobzero explain --rule %s --event FILE`", id)
	}
	return explainPage{ID: r.ID, Title: r.Title}, err
}

// eventOf is the record that a finding was made of.
func (c *Console) eventOf(ctx context.Context, id string) (text string, err error) {
	err = c.Reader.View(ctx, func(tx Tx) error {
		f, ok, err := tx.Finding(ctx, finding.Fingerprint(id))
		if err != nil {
			return err
		}
		at := eventIn(f)
		if !ok || at < 0 {
			return fault.New(fault.NotFound, "there is no finding %q that has kept its event", id)
		}
		text = indented(f.Evidence[at].Data)
		return nil
	})
	return text, err
}

// eventIn is where in the evidence of a finding its event is, -1 when it was not kept.
func eventIn(f finding.Finding) int {
	return slices.IndexFunc(f.Evidence, func(e finding.Evidence) bool { return e.Kind == "event" && len(e.Data) > 0 })
}

// sent shows the page that follows from a form that changes nothing.
func (c *Console) sent(most int64, show look) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, most)
		c.looking(show).ServeHTTP(w, r)
	})
}

// Explainer says what a rule makes of records.
type Explainer func(ctx context.Context, rule string, records io.Reader) (Explained, error)
