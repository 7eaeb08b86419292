package seed

import (
	"context"
	"fmt"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/expect/standing"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/store"
)

// refOf is the resource of a finding, made up where it has none.
func refOf(f finding.Finding) *resource.Ref {
	if f.Resource != nil {
		return f.Resource
	}
	return &resource.Ref{Type: "AWS::IAM::AccessKey", Account: f.Account, ID: "AKIAEXAMPLE"}
}

// letters are what could not be read.
func (m *maker) letters(ctx context.Context, n int) error {
	return m.st.Update(ctx, func(tx *store.Tx) error {
		for i := range n {
			at := m.now.Add(-time.Duration(n-i) * time.Hour)
			body := fmt.Appendf(nil, `{"eventVersion":"1.11","eventName":"PutBucketPolicy","n":%d,`, i)
			l := event.Letter{
				ID: m.id(at), Reason: one(m, []string{"broken JSON at byte 66", "name is missing", "provenance: the object lies under account 444455556666"}), Bytes: body, Size: int64(len(body)),
				At: at, State: event.Dead, Origin: event.Origin{Source: "s3", Place: "s3://example-trail/AWSLogs/111122223333/a.json.gz", Offset: int64(i)},
			}
			if i%5 == 0 {
				l.State = event.Replayed
			}
			if err := tx.AddLetter(ctx, l); err != nil {
				return err
			}
		}
		return nil
	})
}

// resources are what exists, with what it came to in the last thirty days.
func (m *maker) resources(ctx context.Context, n int) error {
	for from := 0; from < n; from += batch {
		err := m.st.Update(ctx, func(tx *store.Tx) error {
			for i := from; i < min(from+batch, n); i++ {
				if err := tx.SaveStanding(ctx, m.standing(i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for back := range 31 {
		day := standing.Day(m.now).AddDate(0, 0, -back)
		err := m.st.Update(ctx, func(tx *store.Tx) error {
			for _, a := range accounts() {
				if err := tx.SaveScores(ctx, day, a, m.scores(a, day, n, back), m.now); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *maker) standing(i int) standing.Row {
	s := subjects()[i%len(subjects())]
	ref := resource.Ref{Type: s.kind, Account: accounts()[i%len(accounts())], ID: fmt.Sprintf("%s-%05d", s.name, i)}
	if !ref.Type.Global() {
		ref.Region = "eu-central-1"
	}
	row := standing.Row{Ref: ref, Owner: teams()[i%len(teams())], ReadAt: m.now.Add(-time.Hour), JudgedAt: m.now.Add(-time.Hour), SweptAt: m.now.Add(-time.Hour)}
	for j := range 4 {
		id := m.Expectations[(i+j)%len(m.Expectations)]
		switch {
		case m.dice.IntN(12) == 0:
			row.Failing = append(row.Failing, id)
		case m.dice.IntN(30) == 0:
			row.Unknown = append(row.Unknown, id)
		default:
			row.Passing = append(row.Passing, id)
		}
	}
	return row
}

// scores get better, day by day.
func (m *maker) scores(account string, day time.Time, n, back int) (out []standing.Score) {
	each := max(n/len(accounts())/4, 4)
	for i, id := range m.Expectations {
		if i >= 60 {
			break
		}
		fail := each * (8 + back/2 + m.dice.IntN(4)) / 100
		out = append(out, standing.Score{
			Group: standing.Group{Expectation: id, Account: account, Team: teams()[i%len(teams())]}, Day: day,
			Count: standing.Count{Pass: each - fail, Fail: fail, Unknown: m.dice.IntN(2)},
		})
	}
	return out
}
