package storetest

import (
	"bytes"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/report"
	"jobzero/internal/store"
)

// reports: one is found by its code and by its ID, with its files, and changes only from what was read.
func reports(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	f, err := report.NewFile("../a\x00.png", []byte("\x89PNG\r\n\x1a\n\x00\xff"))
	if err != nil {
		t.Fatal(err)
	}
	r, code, err := report.Make("01A", report.Said{Anonymous: true, Via: "cli", Title: "A door \xff stands open", Files: []report.File{f}}, noon())
	if err != nil {
		t.Fatal(err)
	}
	r.Version = 1
	do(t, s, func(tx *store.Tx) error { return tx.SaveReport(t.Context(), r) })
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.ReportByCode(t.Context(), code)
		if err != nil || got.ID != "01A" || len(got.Files) != 1 || got.Files[0].Name != "a.png" || got.Code == string(code) {
			t.Errorf("%+v, %v", got, err)
		}
		if b, err := tx.ReportFile(t.Context(), "01A", got.Files[0]); err != nil || !bytes.Equal(b, f.Bytes) {
			t.Errorf("%q, %v", b, err)
		}
		if _, err := tx.ReportByCode(t.Context(), "0000"); !fault.Is(err, fault.NotFound) {
			t.Errorf("another code: %v", err)
		}
		if n, err := tx.CountReports(t.Context(), "", false, noon().Add(-time.Second)); n != 1 || err != nil {
			t.Errorf("%d anonymous ones, %v", n, err)
		}
		if n, err := tx.CountReports(t.Context(), "", false, noon()); n != 0 || err != nil {
			t.Errorf("%d since then, %v", n, err)
		}
		if n, err := tx.CountReports(t.Context(), "", true, noon().Add(-time.Second)); n != 0 || err != nil {
			t.Errorf("%d through the open door, %v", n, err)
		}
		return nil
	})
	if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveReport(t.Context(), r) }); !fault.Is(err, fault.Conflict) {
		t.Errorf("a change of what has moved on: %v", err)
	}
}
