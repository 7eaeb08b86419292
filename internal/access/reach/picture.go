package reach

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/policy"
)

// Picture is a graph as people look at it: boxes in layers from left to right.
type Picture struct {
	Title string   `json:"title"`
	Facts []string `json:"facts,omitempty"` // what is said below the title
	Boxes []Box    `json:"nodes"`
	Lines []Line   `json:"edges"`
}

// Box is somebody, or many who are not shown.
type Box struct {
	ID      int    `json:"id"`
	Name    string `json:"name"` // ARN, or what it is
	Label   string `json:"label"`
	Below   string `json:"account,omitempty"`
	Kind    string `json:"kind"` // start, user, role, rights, administrator, others, goal
	Layer   int    `json:"layer"`
	Perhaps bool   `json:"perhaps,omitempty"`
}

// Line is a step.
type Line struct {
	From    int      `json:"from"`
	To      int      `json:"to"`
	Method  string   `json:"method,omitempty"`
	Title   string   `json:"title,omitempty"`
	Through string   `json:"through,omitempty"`
	Unknown []string `json:"unknown,omitempty"`
	Perhaps bool     `json:"perhaps,omitempty"`
}

// A picture with more than these is one that nobody can read.
const (
	maxChildren = 6
	maxLayer    = 14
	maxBoxes    = 90
)

// drawing is a picture that is being made.
type drawing struct {
	g     *Graph
	p     Picture
	boxes map[Node]int
	lines map[[2]int]bool
	full  map[int]int // boxes by layer
}

func (g *Graph) drawing(title string) *drawing {
	return &drawing{g: g, p: Picture{Title: title, Boxes: []Box{}, Lines: []Line{}}, boxes: map[Node]int{}, lines: map[[2]int]bool{}, full: map[int]int{}}
}

// box finds or makes the box of a node.
func (d *drawing) box(n Node, layer int, perhaps bool) int {
	if id, ok := d.boxes[n]; ok {
		return id
	}
	name := d.g.Name(n)
	b := Box{ID: len(d.p.Boxes), Name: name, Label: name, Kind: "role", Layer: layer, Below: d.g.Account(n), Perhaps: perhaps}
	if n.kind != admin {
		b.Label = tail(d.g.holders[n.who].ARN)
		if !isRole(d.g.holders[n.who].ARN) {
			b.Kind = "user"
		}
	}
	switch n.kind {
	case admin:
		b.Kind, b.Label = "administrator", "administrator"
	case raised:
		b.Kind, b.Label = "rights", b.Label+" + all rights"
	case joined:
		b.Kind, b.Label = "rights", b.Label+" in "+tail(d.g.groupOf(n).ARN)
	case freed:
		b.Kind, b.Label = "rights", b.Label+", no boundary"
	case holder:
	}
	if layer == 0 {
		b.Kind = "start"
	}
	d.boxes[n] = b.ID
	d.full[layer]++
	d.p.Boxes = append(d.p.Boxes, b)
	return b.ID
}

func tail(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	return parts[len(parts)-1]
}

// line draws a step between boxes that are there.
func (d *drawing) line(e Edge, from, to int, perhaps bool) {
	if d.lines[[2]int{from, to}] {
		return
	}
	d.lines[[2]int{from, to}] = true
	l := Line{From: from, To: to, Method: e.Method.Name, Title: e.Method.Title, Through: e.Through, Unknown: e.Unknown, Perhaps: perhaps}
	d.p.Lines = append(d.p.Lines, l)
}

// Picture is that of what a credential becomes. Of many who are reached from one, some are shown, and the others counted.
func (r *Radius) Picture(g *Graph) Picture {
	d := g.drawing("What " + r.Start + " reaches")
	d.p.Facts = r.facts()
	w := r.walk
	children := map[Node][]Node{}
	leads := map[Node]int{} // how much hangs on a node
	for _, n := range slices.Backward(w.order) {
		if v := w.seen[n]; v.edge.Method != nil {
			children[v.edge.From] = append(children[v.edge.From], n)
			leads[v.edge.From] += leads[n] + 1
		}
	}
	d.tree(w, w.order[0], 0, children, leads)
	return d.p
}

// tree draws what is reached from a node, whatever leads on first.
func (d *drawing) tree(w *walk, root Node, layer int, children map[Node][]Node, leads map[Node]int) {
	type place struct {
		n     Node
		layer int
	}
	queue := []place{{root, layer}}
	d.box(root, 0, false)
	for ; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		list := children[at.n]
		slices.Reverse(list)
		slices.SortStableFunc(list, func(a, b Node) int { return weigh(b, leads) - weigh(a, leads) })
		shown := 0
		for _, n := range list {
			if shown == maxChildren || d.full[at.layer+1] >= maxLayer || len(d.p.Boxes) >= maxBoxes {
				break
			}
			v := w.seen[n]
			perhaps := v.truth == policy.Maybe
			d.line(v.edge, d.boxes[at.n], d.box(n, at.layer+1, perhaps), perhaps)
			queue = append(queue, place{n, at.layer + 1})
			shown++
		}
		if rest := len(list) - shown; rest > 0 {
			d.others(at.n, at.layer+1, rest)
		}
	}
}

func weigh(n Node, leads map[Node]int) int {
	if n.kind == admin {
		return 1_000_000 + leads[n]
	}
	return leads[n]
}

// others is a box for those who are not shown.
func (d *drawing) others(from Node, layer, n int) {
	id := len(d.p.Boxes)
	d.p.Boxes = append(d.p.Boxes, Box{ID: id, Name: fmt.Sprintf("%d others", n), Label: fmt.Sprintf("%s others", thousands(n)), Kind: "others", Layer: layer})
	d.p.Lines = append(d.p.Lines, Line{From: d.boxes[from], To: id})
}

// PathsPicture is that of paths, such as escalations or those to a resource, which is the goal; empty: none.
func (g *Graph) PathsPicture(title, goal string, paths []Path) Picture {
	d := g.drawing(title)
	last := map[int]bool{}
	deep := 0
	for i, p := range paths {
		if len(d.p.Boxes) >= maxBoxes {
			d.p.Facts = append(d.p.Facts, fmt.Sprintf("%s of %s paths are not shown", thousands(len(paths)-i), thousands(len(paths))))
			break
		}
		perhaps := p.Truth == policy.Maybe
		at := d.box(p.From, 0, false)
		for j, e := range p.Steps {
			to := d.box(e.To, j+1, perhaps)
			d.p.Boxes[to].Layer = max(d.p.Boxes[to].Layer, d.p.Boxes[at].Layer+1)
			d.line(e, at, to, e.Truth == policy.Maybe)
			deep = max(deep, d.p.Boxes[to].Layer)
			at = to
		}
		last[at] = last[at] || perhaps
	}
	if goal == "" {
		return d.p
	}
	id := len(d.p.Boxes)
	d.p.Boxes = append(d.p.Boxes, Box{ID: id, Name: goal, Label: tail(goal), Below: accountOf(goal), Kind: "goal", Layer: deep + 1})
	for at := range id {
		if perhaps, ok := last[at]; ok {
			d.p.Lines = append(d.p.Lines, Line{From: at, To: id, Perhaps: perhaps})
		}
	}
	return d.p
}

func (r *Radius) facts() []string {
	administered, sure, perhaps := 0, 0, 0
	for _, a := range r.Accounts {
		if a.Administered == policy.Yes {
			administered++
		}
		sure += a.Principals
		perhaps += a.Perhaps
	}
	out := []string{fmt.Sprintf("score %s: administrator of %s of %s accounts; %s users and roles, and %s perhaps", thousands(r.Score), thousands(administered),
		thousands(len(r.Accounts)), thousands(sure), thousands(perhaps))}
	var data []string
	for _, d := range r.Data {
		class := d.Class
		if class == "" {
			class = "not classed"
		}
		data = append(data, fmt.Sprintf("%s of %s %s", thousands(d.Reads), thousands(d.Total), class))
	}
	if len(data) > 0 {
		out = append(out, "reads "+strings.Join(data, ", "))
	}
	if r.Cut {
		out = append(out, "it is more: the work was cut off by its limit")
	}
	return out
}

// thousands is a number with commas.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}
