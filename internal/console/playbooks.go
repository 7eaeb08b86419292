package console

import (
	"context"
	"slices"

	"jobzero/internal/fault"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/chart"
)

// playbooksPage is what playbooks there are, and what came of them.
type playbooksPage struct{ Playbooks []playbookRow }

type playbookRow struct {
	book.Definition
	Running, Settled, GaveUp, Planned, All int
}

func (c *Console) playbooks(v visit) (page, error) {
	var counts map[string]map[playbook.RunState]int
	err := c.Reader.View(v.Context(), func(tx Tx) (err error) {
		counts, err = tx.CountRuns(v.Context())
		return err
	})
	var out playbooksPage
	for _, d := range c.Knowledge().Playbooks {
		out.Playbooks = append(out.Playbooks, rowOf(d, counts[d.ID]))
	}
	slices.SortStableFunc(out.Playbooks, func(a, b playbookRow) int { return b.All - a.All })
	return page{name: "playbooks", title: "Playbooks", here: "/playbooks", content: out}, err
}

func rowOf(d book.Definition, n map[playbook.RunState]int) playbookRow {
	r := playbookRow{Definition: d, Settled: n[playbook.Settled], GaveUp: n[playbook.GaveUp], Planned: n[playbook.Planned]}
	r.Running = n[playbook.Running] + n[playbook.Verifying] + n[playbook.Undoing]
	for _, x := range n {
		r.All += x
	}
	return r
}

// playbookPage is one playbook.
type playbookPage struct {
	playbookRow
	Nodes []chart.Node
	Runs  []playbook.Run
}

func (c *Console) playbook(v visit) (page, error) {
	d, g, err := c.graph(v.PathValue("id"))
	if err != nil {
		return page{}, err
	}
	out := playbookPage{Nodes: g.Nodes}
	err = c.Reader.View(v.Context(), func(tx Tx) error {
		counts, err := tx.CountRuns(v.Context())
		if err != nil {
			return err
		}
		out.playbookRow = rowOf(d, counts[d.ID])
		out.Runs, err = latest(v.Context(), tx, d.ID)
		return err
	})
	return page{name: "playbook", title: d.Title, here: "/playbooks", content: out}, err
}

func latest(ctx context.Context, tx Tx, id string) ([]playbook.Run, error) {
	const few = 20
	p, err := tx.RunPage(ctx, playbook.RunQuery{Playbook: id, Size: few})
	return p.Runs, err
}

func (c *Console) playbookGraph(v visit) (page, error) {
	_, g, err := c.graph(v.PathValue("id"))
	if err != nil {
		return page{}, err
	}
	return page{raw: g.SVG()}, nil
}

// graph is a playbook with the graph of it and of those that it runs as steps.
func (c *Console) graph(id string) (book.Definition, chart.Chart, error) {
	all := c.Knowledge().Playbooks
	at := slices.IndexFunc(all, func(d book.Definition) bool { return d.ID == id })
	if at < 0 {
		return book.Definition{}, chart.Chart{}, fault.New(fault.NotFound, "there is no playbook %q", id)
	}
	parts, err := all[at].Whole(all)
	if err != nil {
		return book.Definition{}, chart.Chart{}, err
	}
	g, err := chart.New(parts, chart.Run{})
	return all[at], g, err
}
