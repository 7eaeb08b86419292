package store

import (
	"context"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/report"
	"jobzero/internal/store/db"
)

// Report gives one report, or fault.NotFound.
func (t *Tx) Report(ctx context.Context, id report.ID) (report.Report, error) {
	doc, err := t.q.Report(ctx, column(string(id)))
	if missing(err) {
		return report.Report{}, fault.New(fault.NotFound, "there is no report %s", id)
	}
	if err != nil {
		return report.Report{}, t.s.fail(err, "read report "+string(id))
	}
	return decode[report.Report]("report "+string(id), doc)
}

// ReportByCode gives the report of a code, or fault.NotFound. The code itself is in no error.
func (t *Tx) ReportByCode(ctx context.Context, c report.Code) (report.Report, error) {
	doc, err := t.q.ReportByCode(ctx, c.Hash())
	if missing(err) {
		return report.Report{}, fault.New(fault.NotFound, "there is no report of this code")
	}
	if err != nil {
		return report.Report{}, t.s.fail(err, "read a report by its code")
	}
	return decode[report.Report]("a report", doc)
}

// SaveReport keeps a report, and of a new one its files. Its version is one more than that of the row, or 1 for a new one; fault.Conflict says that
// the row moved on.
func (t *Tx) SaveReport(ctx context.Context, r report.Report) error {
	doc, err := encode("report "+string(r.ID), r)
	if err != nil {
		return err
	}
	row := db.Report{ID: column(string(r.ID)), Code: r.Code, Person: column(r.Person), MadeAt: stamp(r.Made), Version: r.Version, Doc: doc, Open: flag(r.Open)}
	n, err := t.q.SaveReport(ctx, db.SaveReportParams(row))
	switch {
	case err != nil:
		return t.s.fail(err, "save report "+string(r.ID))
	case n == 0:
		return fault.New(fault.Conflict, "report %s was changed in between: read again", r.ID)
	}
	t.seal(reportName(row), reportSum(row))
	for _, f := range r.Files {
		data, err := f.Data()
		if err != nil {
			return err
		}
		if len(data) == 0 {
			continue // the report was read from here, and its files are there
		}
		if err := t.q.AddReportFile(ctx, db.AddReportFileParams{Report: row.ID, Sum: f.Sum, Bytes: data}); err != nil {
			return t.s.fail(err, "keep a file of report "+string(r.ID))
		}
	}
	return nil
}

// ReportFile gives the bytes of a file of a report.
func (t *Tx) ReportFile(ctx context.Context, id report.ID, f report.File) ([]byte, error) {
	b, err := t.q.ReportFile(ctx, db.ReportFileParams{Report: column(string(id)), Sum: f.Sum})
	if missing(err) {
		return nil, fault.New(fault.NotFound, "report %s has no such file", id)
	}
	return b, t.s.fail(err, "read a file of report "+string(id))
}

// CountReports counts those of somebody since a time; of nobody: the anonymous ones, of which those that came through the open door are apart.
func (t *Tx) CountReports(ctx context.Context, person string, open bool, since time.Time) (int, error) {
	n, err := t.q.CountReports(ctx, db.CountReportsParams{Person: column(person), Open: flag(open), Since: stamp(since)})
	return int(n), t.s.fail(err, "count reports")
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func reportRows(ctx context.Context, t *Tx, after string) ([]row, error) {
	all, err := t.q.SealedReports(ctx, db.SealedReportsParams{After: after, Most: auditPage})
	out := make([]row, len(all))
	for i, r := range all {
		out[i] = row{reportName(r.Report), r.Report.ID, reportSum(r.Report), r.Chained}
	}
	return out, err
}

func reportName(r db.Report) string { return "report " + r.ID }

func reportSum(r db.Report) string {
	return rowSum(reportName(r), r.Code, r.Person, r.MadeAt, r.Version, r.Doc)
}

// TakeMail notes that a message was taken in, as a report or as none; false when it was before.
func (t *Tx) TakeMail(ctx context.Context, mail string, id report.ID, now time.Time) (bool, error) {
	n, err := t.q.TakeReportMail(ctx, db.TakeReportMailParams{Mail: column(mail), Report: column(string(id)), TakenAt: stamp(now)})
	return n == 1, t.s.fail(err, "note an e-mail")
}

// MailTaken reports whether a message was taken in, and which report was made of it.
func (t *Tx) MailTaken(ctx context.Context, mail string) (id report.ID, taken bool, err error) {
	row, err := t.q.ReportMail(ctx, column(mail))
	if missing(err) {
		return "", false, nil
	}
	return report.ID(row.Report), err == nil, t.s.fail(err, "look for an e-mail")
}

// CountMail counts the reports that e-mails have become since a time.
func (t *Tx) CountMail(ctx context.Context, since time.Time) (int, error) {
	n, err := t.q.CountReportMail(ctx, stamp(since))
	return int(n), t.s.fail(err, "count e-mails")
}
