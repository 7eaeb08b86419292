package chart

import (
	"strconv"

	"jobzero/internal/playbook/book"
)

// Chart is a playbook as a graph. Make one with New.
type Chart struct {
	Playbook string `json:"playbook"`
	Title    string `json:"title"`
	Run      string `json:"run,omitempty"`
	Nodes    []Node `json:"nodes"`
	Edges    []Edge `json:"edges"`

	tree []*book.Node
	at   map[string]int // place in Nodes
}

// Node is where something is done. The first begins the playbook and the last ends it.
type Node struct {
	ID      string    `json:"id"`
	Kind    book.Kind `json:"kind,omitempty"` // empty for the beginning, the guards and the end
	Words   string    `json:"words"`
	Besides []string  `json:"besides,omitempty"` // conditions, approvals, tries
	State   string    `json:"state,omitempty"`   // of the run's step
	Note    string    `json:"note,omitempty"`
	Branch  int       `json:"branch,omitempty"` // that the run took, from 1
	Left    bool      `json:"left,omitempty"`   // on a way that the run did not take

	begun bool // by the run that is shown
}

// Edge is a way from one node to another.
type Edge struct {
	From string `json:"from"`
	To   string `json:"to"`
	If   string `json:"if,omitempty"`
	Left bool   `json:"left,omitempty"` // the run did not take it
}

// Run says how far a run is. Its zero value is none.
type Run struct {
	ID    string
	State string
	Step  func(id string) (state, note string, branch int)
}

// The nodes that are no steps.
const (
	Begin  = "begin"
	Guards = "guards"
	End    = "end"
)

// New makes the graph of a definition with those that it runs as steps; the first of parts is the definition itself.
func New(parts []book.Definition, run Run) (Chart, error) {
	tree, err := book.Tree(parts)
	if err != nil {
		return Chart{}, err
	}
	d := parts[0]
	c := Chart{Playbook: d.ID, Title: d.Title, Run: run.ID, tree: tree, at: map[string]int{}}
	c.add(Node{ID: Begin, Words: begins(d), begun: run.ID != ""})
	from := []exit{{Begin, "", false}}
	if len(d.Guards) > 0 {
		c.add(Node{ID: Guards, Words: guards(d)})
		from = c.into(from, Guards)
	}
	for _, n := range book.Every(tree) {
		x := Node{ID: n.ID, Kind: n.Step.Kind(), Words: n.Step.Words(), Besides: n.Step.Besides()}
		if run.Step != nil {
			x.State, x.Note, x.Branch = run.Step(n.ID)
		}
		c.add(x)
	}
	from = c.walk(tree, from)
	c.add(Node{ID: End, Words: ends(d), State: run.State})
	c.into(from, End)
	return c, nil
}

func (c *Chart) add(n Node) {
	c.at[n.ID] = len(c.Nodes)
	c.Nodes = append(c.Nodes, n)
}

// node is one that there is.
func (c *Chart) node(id string) Node { return c.Nodes[c.at[id]] }

// exit is where a way begins whose end is not known yet.
type exit struct {
	from, cond string
	left       bool
}

// into ends ways at a node, where the next begins.
func (c *Chart) into(from []exit, to string) []exit {
	for _, x := range from {
		c.Edges = append(c.Edges, Edge{From: x.from, To: to, If: x.cond, Left: x.left})
	}
	return []exit{{to, "", false}}
}

// walk goes through steps one after the other, and gives the ways out.
func (c *Chart) walk(nodes []*book.Node, from []exit) []exit {
	for _, n := range nodes {
		from = c.into(from, n.ID)
		if len(n.Branches) == 0 {
			continue
		}
		var out []exit
		for i, b := range n.Branches {
			for _, inside := range book.Every(b) {
				c.Nodes[c.at[inside.ID]].Left = c.Nodes[c.at[inside.ID]].Left || c.leaves(n, i)
			}
			out = append(out, c.walk(b, []exit{{n.ID, label(n, i), c.leaves(n, i)}})...)
		}
		if n.Step.Decide != nil && !elses(n) {
			out = append(out, exit{n.ID, otherwise, c.leaves(n, len(n.Branches))})
		}
		from = out
	}
	return from
}

const otherwise = "else"

// label is the word at a branch.
func label(n *book.Node, i int) string {
	switch {
	case n.Step.Decide != nil && n.Step.Decide[i].If == "":
		return otherwise
	case n.Step.Decide != nil:
		return n.Step.Decide[i].If
	case n.Step.Parallel != nil:
		return "way " + strconv.Itoa(i+1)
	}
	return ""
}

// elses reports whether the last branch of a decision is for all else.
func elses(n *book.Node) bool { return n.Step.Decide[len(n.Step.Decide)-1].If == "" }

// leaves reports whether the run, which has decided, did not take a branch.
func (c *Chart) leaves(n *book.Node, i int) bool {
	x := c.node(n.ID)
	decided := n.Step.Decide != nil && (x.Branch > 0 || x.State == "done" || x.State == "skipped" || x.State == "failed")
	took := x.Branch - 1
	if x.Branch == 0 { // no condition held
		took = len(n.Branches)
	}
	return decided && i != took
}
