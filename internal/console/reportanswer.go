package console

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"jobzero/internal/fault"
	"jobzero/internal/report"
	"jobzero/internal/ticket"
)

// reportOf is the report of a ticket, nil where it is none of a report.
func (c *Console) reportOf(ctx context.Context, k ticket.Ticket) (*report.Report, error) {
	if c.reports == nil || !report.Of(k.Subject) {
		return nil, nil
	}
	r, err := c.Reporting.Reports().One(ctx, report.ID(k.ID))
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &r, err
}

// answerReport tells whoever reported it; they see it with their code.
func (c *Console) answerReport(o order) (to, said string, err error) {
	id := o.PathValue("id")
	if c.reports == nil {
		return "", "", fault.New(fault.Unavailable, "this is done with `jobzero report reply %s`", id)
	}
	_, err = c.Reporting.Reports().Reply(o.Context(), report.ID(id), o.visitor.Person, o.reason)
	return "/tickets/" + id, "told", err
}

// endings are those of the kinds of files that reports have.
func endings() map[string]string {
	return map[string]string{
		"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "application/pdf": "pdf", "text/plain; charset=utf-8": "txt",
	}
}

// download hands a file of a report to those who have its ticket. It comes from a stranger: no browser shows it, and its name is ours.
func (d *reportDesk) download(w http.ResponseWriter, r *http.Request) {
	visitor, err := d.Visitors.Visitor(r)
	if err == nil {
		err = d.allowed(act{needs: Settle, team: d.ticketTeam}, visit{r, visitor, d.Now()})
	}
	var (
		f    report.File
		data []byte
	)
	n, bad := strconv.Atoi(r.PathValue("n"))
	if err == nil && bad != nil {
		err = fault.New(fault.NotFound, "a report has no file %q", r.PathValue("n"))
	}
	if err == nil {
		f, data, err = d.Reporting.Reports().File(r.Context(), report.ID(r.PathValue("id")), n)
	}
	if err != nil {
		if enter := d.Visitors.Enter(r); enter != "" && fault.Is(err, fault.Denied) {
			http.Redirect(w, r, enter, http.StatusSeeOther) //nolint:gosec // where to sign in is what the house says
			return
		}
		d.fail(w, r, visitor, err)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="report-%s-%d.%s"`, r.PathValue("id"), n, endings()[f.Kind]))
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = w.Write(data) //nolint:gosec // no browser shows it: see its headers. The visitor may have gone: there is nobody left to tell
}
