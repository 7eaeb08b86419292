package auth

import (
	"cmp"
	"context"
	"net/http"
	"time"
)

// recorded does a write between two lines of the record: without the first nothing is done.
func (g *Gate) recorded(v Visitor, next http.Handler, w http.ResponseWriter, r *http.Request) {
	rec := Record{ID: g.NewID(), At: g.Now(), Who: v.ID, Session: v.Session, From: g.address(r), What: r.Method, On: r.URL.Path}
	if err := g.save(r.Context(), rec); err != nil {
		g.log.Error("a write could not be recorded, and was not done", "error", err)
		Refuse(w, r, http.StatusServiceUnavailable, "this cannot be recorded now, and so it is not done: try again")
		return
	}
	seen := &watched{ResponseWriter: w}
	defer func() { //nolint:contextcheck // what was done is recorded even when whoever asked has gone
		gone := recover()
		if rec.Status = cmp.Or(seen.status, http.StatusOK); gone != nil {
			rec.Status = http.StatusInternalServerError
			defer panic(gone)
		}
		if r.Pattern != "" {
			rec.What = r.Pattern
		}
		const patience = 10 * time.Second
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), patience)
		defer cancel()
		if err := g.save(ctx, rec); err != nil {
			g.log.Error("what became of a write could not be recorded; that it was asked for is", "record", rec.ID, "error", err)
		}
	}()
	next.ServeHTTP(seen, r)
}

func (g *Gate) save(ctx context.Context, rec Record) error {
	return g.Store.Update(ctx, func(tx Tx) error { return tx.SaveRecord(ctx, rec) })
}

// note records something about signing in. What cannot be recorded is logged: it keeps nobody out, and lets nobody in.
func (g *Gate) note(r *http.Request, rec Record) {
	rec.ID, rec.At, rec.From = g.NewID(), g.Now(), g.address(r)
	if err := g.save(r.Context(), rec); err != nil {
		g.log.Error("a sign-in could not be recorded", "what", rec.What, "error", err)
	}
}

// watched remembers the status of an answer.
type watched struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status.
func (w *watched) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write is an answer of 200 where nothing else was said.
func (w *watched) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController through.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }
