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
	row := db.Report{ID: column(string(r.ID)), Code: r.Code, Person: column(r.Person), MadeAt: stamp(r.Made), Version: r.Version, Doc: doc}
	n, err := t.q.SaveReport(ctx, db.SaveReportParams(row))
	switch {
	case err != nil:
		return t.s.fail(err, "save report "+string(r.ID))
	case n == 0:
		return fault.New(fault.Conflict, "report %s was changed in between: read again", r.ID)
	}
	t.seal(reportName(row), reportSum(row))
	for _, f := range r.Files {
		if len(f.Bytes) == 0 {
			continue // it was read, and its files are there
		}
		if err := t.q.AddReportFile(ctx, db.AddReportFileParams{Report: row.ID, Sum: f.Sum, Bytes: f.Bytes}); err != nil {
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

// CountReports counts those of somebody since a time; of nobody: the anonymous ones.
func (t *Tx) CountReports(ctx context.Context, person string, since time.Time) (int, error) {
	n, err := t.q.CountReports(ctx, db.CountReportsParams{Person: column(person), Since: stamp(since)})
	return int(n), t.s.fail(err, "count reports")
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
