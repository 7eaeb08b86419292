package store

import (
	"context"
	"time"

	"jobzero/internal/detect/reconcile"
	"jobzero/internal/event"
	"jobzero/internal/store/db"
)

// AddSight remembers that a way has brought an event, whichever was first. The same twice is once.
func (t *Tx) AddSight(ctx context.Context, x reconcile.Sight) error {
	err := t.q.AddSight(ctx, db.AddSightParams{
		Account: column(x.Account), ID: column(string(x.ID)), Region: column(x.Region), Name: column(x.Name), Ways: int64(x.Ways),
		At: stamp(x.At), HeardAt: stamp(x.Heard),
	})
	return t.s.fail(err, "remember that event "+string(x.ID)+" has come")
}

// MatchSight notes that a way has brought an event, if another way's copy of it is waited for or told as the only one.
func (t *Tx) MatchSight(ctx context.Context, account string, id event.ID, way reconcile.Ways) error {
	err := t.q.MatchSight(ctx, db.MatchSightParams{Account: column(account), ID: column(string(id)), Way: int64(way)})
	return t.s.fail(err, "note that event "+string(id)+" has come")
}

// WaitingSights are events that only one way has brought, first heard before a time and not told yet, the earliest first.
func (t *Tx) WaitingSights(ctx context.Context, before time.Time, limit int) ([]reconcile.Sight, error) {
	rows, err := t.q.WaitingSights(ctx, db.WaitingSightsParams{Before: stamp(before), Most: most(limit)})
	return sights(rows), t.s.fail(err, "read events that one way has brought")
}

// WholeSights are events that both ways have brought and that happened before a time, the earliest first.
func (t *Tx) WholeSights(ctx context.Context, before time.Time, limit int) ([]reconcile.Sight, error) {
	rows, err := t.q.WholeSights(ctx, db.WholeSightsParams{Before: stamp(before), Most: most(limit)})
	return sights(rows), t.s.fail(err, "read events that both ways have brought")
}

// LackingSights are events of a gap, those first that were told first.
func (t *Tx) LackingSights(ctx context.Context, account, region string, limit int) ([]reconcile.Sight, error) {
	rows, err := t.q.LackingSights(ctx, db.LackingSightsParams{Account: column(account), Region: column(region), Most: most(limit)})
	return sights(rows), t.s.fail(err, "read what S3 lacks of "+account)
}

func sights(rows []db.Sight) []reconcile.Sight {
	out := make([]reconcile.Sight, len(rows))
	for i, r := range rows {
		out[i] = reconcile.Sight{
			Account: r.Account, ID: event.ID(r.ID), Region: r.Region, Name: r.Name, Ways: reconcile.Ways(r.Ways),
			At: instant(r.At), Heard: instant(r.HeardAt), Told: instant(r.ToldAt),
		}
	}
	return out
}

// TellSight notes when an event was found to be lacking in S3.
func (t *Tx) TellSight(ctx context.Context, x reconcile.Sight) error {
	err := t.q.TellSight(ctx, db.TellSightParams{ToldAt: stamp(x.Told), Account: x.Account, ID: string(x.ID)})
	return t.s.fail(err, "note that S3 lacks event "+string(x.ID))
}

// DropSight forgets an event.
func (t *Tx) DropSight(ctx context.Context, x reconcile.Sight) error {
	err := t.q.DropSight(ctx, db.DropSightParams{Account: x.Account, ID: string(x.ID)})
	return t.s.fail(err, "forget event "+string(x.ID))
}

// CountSight forgets an event that S3 lacks but for being one more of its gap, which can no more be filled then.
func (t *Tx) CountSight(ctx context.Context, x reconcile.Sight) error {
	err := t.q.AddGap(ctx, db.AddGapParams{Account: x.Account, Region: x.Region, FirstAt: stamp(x.At), ToldAt: stamp(x.Told)})
	if err != nil {
		return t.s.fail(err, "count what S3 lacks of "+x.Account)
	}
	return t.DropSight(ctx, x)
}

// Gaps are what S3 lacks, without examples.
func (t *Tx) Gaps(ctx context.Context) ([]reconcile.Gap, error) {
	rows, err := t.q.Lacking(ctx)
	if err != nil {
		return nil, t.s.fail(err, "read what S3 lacks")
	}
	type place struct{ account, region string }
	var out []reconcile.Gap
	at := map[place]int{}
	for _, r := range rows {
		at[place{r.Account, r.Region}] = len(out)
		out = append(out, reconcile.Gap{
			Account: r.Account, Region: r.Region, Events: int(r.Events), From: instant(r.FirstAt), To: instant(r.LastAt), Told: instant(r.ToldAt),
		})
	}
	beyond, err := t.q.Gaps(ctx)
	for _, r := range beyond {
		i, ok := at[place{r.Account, r.Region}]
		if !ok {
			i = len(out)
			out = append(out, reconcile.Gap{Account: r.Account, Region: r.Region, From: instant(r.FirstAt)})
		}
		g := &out[i]
		g.Beyond = int(r.Beyond)
		g.From, g.To, g.Told = instant(min(stamp(g.From), r.FirstAt)), instant(max(stamp(g.To), r.LastAt)), instant(max(stamp(g.Told), r.ToldAt))
	}
	return out, t.s.fail(err, "read what S3 lacks")
}

// DropGap forgets what was told of a gap until a time, and says how many events that were and could still have come.
func (t *Tx) DropGap(ctx context.Context, g reconcile.Gap, until time.Time) (int, error) {
	account, region := column(g.Account), column(g.Region)
	n, err := t.q.DropLacking(ctx, db.DropLackingParams{ToldAt: stamp(until), Account: account, Region: region})
	if err == nil {
		err = t.q.DropGap(ctx, db.DropGapParams{ToldAt: stamp(until), Account: account, Region: region})
	}
	return int(n), t.s.fail(err, "forget what S3 lacked of "+g.Account)
}

// AddTally adds to the numbers of a day. Teller is a number of the process: two with one number only wait for each other.
func (t *Tx) AddTally(ctx context.Context, teller int, x reconcile.Tally) error {
	err := t.q.AddTally(ctx, db.AddTallyParams{
		Account: column(x.Account), Region: column(x.Region), DayAt: stamp(x.Day), Teller: int64(teller),
		Matched: int64(x.Matched), Missed: int64(x.Missed), Lacking: int64(x.Lacking), Passed: int64(x.Passed),
	})
	return t.s.fail(err, "count what came of "+x.Account)
}

// Tallies are the numbers of the days from a time on, by account, region and day.
func (t *Tx) Tallies(ctx context.Context, since time.Time) ([]reconcile.Tally, error) {
	rows, err := t.q.Tallies(ctx, stamp(since))
	out := make([]reconcile.Tally, len(rows))
	for i, r := range rows {
		out[i] = reconcile.Tally{
			Account: r.Account, Region: r.Region, Day: instant(r.DayAt),
			Matched: int(r.Matched), Missed: int(r.Missed), Lacking: int(r.Lacking), Passed: int(r.Passed),
		}
	}
	return out, t.s.fail(err, "read what the comparison of both ways came to")
}
