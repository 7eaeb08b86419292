package cli

import (
	"strings"

	"jobzero/internal/access/reach"
	"jobzero/internal/policy"
)

// The forms of answers over a graph in JSON.
type (
	reachedJSON struct {
		Principal  string        `json:"principal"`
		Score      int           `json:"score"`
		Accounts   []reachedIn   `json:"accounts"`
		Principals []becomes     `json:"principals"`
		Resources  []reachedOf   `json:"resources"`
		Data       []reachedData `json:"data"`
		Stays      []stays       `json:"stays"`
		Cut        bool          `json:"cut,omitempty"`
		Graph      reach.Picture `json:"graph"`
	}
	reachedIn struct {
		Account       string `json:"account"`
		Administrator string `json:"administrator"` // certain, perhaps, no
		Principals    int    `json:"principals"`
		Perhaps       int    `json:"perhaps"`
	}
	becomes struct {
		Principal string `json:"principal"`
		Steps     int    `json:"steps"`
		Sure      string `json:"sure"`
		Method    string `json:"method"`
		From      string `json:"from"`
	}
	reachedOf struct {
		Type     string `json:"type"`
		Of       int    `json:"of"`
		Sees     int    `json:"sees"`
		Reads    int    `json:"reads"`
		Changes  int    `json:"changes"`
		Controls int    `json:"controls"`
		Perhaps  int    `json:"perhaps"`
	}
	reachedData struct {
		Class   string `json:"class"`
		Of      int    `json:"of"`
		Reads   int    `json:"reads"`
		Perhaps int    `json:"perhaps"`
	}
	stays struct {
		Method string `json:"method"`
		Does   string `json:"does"`
		As     string `json:"as"`
		Sure   string `json:"sure"`
	}
	pathJSON struct {
		Principal     string     `json:"principal"`
		Administrator string     `json:"administrator_of,omitempty"` // an account
		Can           []string   `json:"can,omitempty"`              // of a resource
		Sure          string     `json:"sure"`
		Steps         []stepJSON `json:"steps"`
	}
	stepJSON struct {
		From    string     `json:"from"`
		To      string     `json:"to"`
		Method  string     `json:"method"`
		Does    string     `json:"does"`
		Through string     `json:"through,omitempty"`
		Calls   []callJSON `json:"calls,omitempty"`
		When    []string   `json:"when,omitempty"` // what has to be so and is not known
		Unknown []string   `json:"unknown,omitempty"`
		Leaves  string     `json:"leaves,omitempty"`
	}
	callJSON struct {
		Action   string   `json:"action"`
		Resource string   `json:"resource"`
		By       []reason `json:"by,omitempty"`
	}
	fixJSON struct {
		Fix       string `json:"fix"` // the policy
		Of        string `json:"of,omitempty"`
		Statement string `json:"statement"`
		Trust     bool   `json:"trust,omitempty"`
		Before    int    `json:"before"`
		After     int    `json:"after"`
		Steps     [2]int `json:"steps"` // before and after
	}
)

func radiusOf(g *reach.Graph, r *reach.Radius) reachedJSON {
	out := reachedJSON{
		Principal: r.Start, Score: r.Score, Cut: r.Cut, Graph: r.Picture(g), Accounts: []reachedIn{}, Principals: []becomes{}, Resources: []reachedOf{},
		Data: []reachedData{}, Stays: []stays{},
	}
	for _, a := range r.Accounts {
		out.Accounts = append(out.Accounts, reachedIn{a.ID, sureness(a.Administered), a.Principals, a.Perhaps})
	}
	for _, p := range r.Principals {
		out.Principals = append(out.Principals, becomes{p.ARN, p.Steps, sureness(p.Truth), p.Method, p.From})
	}
	for _, x := range r.Resources {
		out.Resources = append(out.Resources, reachedOf{string(x.Type), x.Total, x.Sees, x.Reads, x.Changes, x.Controls, x.Perhaps})
	}
	for _, d := range r.Data {
		out.Data = append(out.Data, reachedData{d.Class, d.Total, d.Reads, d.Perhaps})
	}
	for _, x := range r.Stays {
		out.Stays = append(out.Stays, stays{x.Name, x.Title, x.As, sureness(x.Truth)})
	}
	return out
}

func pathOf(g *reach.Graph, p reach.Path) pathJSON {
	out := pathJSON{Principal: g.Name(p.From), Sure: sureness(p.Truth), Steps: []stepJSON{}}
	for _, e := range p.Steps {
		x := stepJSON{
			From: g.Name(e.From), To: g.Name(e.To), Method: e.Method.Name, Does: e.Method.Title, Through: e.Through, When: e.Method.When, Unknown: e.Unknown,
			Leaves: e.Method.Leaves,
		}
		for _, c := range e.Calls {
			call := callJSON{Action: c.Action, Resource: c.Resource}
			for _, by := range c.By {
				call.By = append(call.By, reason{by.Layer, by.Document.Name, by.Statement.Name(), "Allow"})
			}
			x.Calls = append(x.Calls, call)
		}
		out.Steps = append(out.Steps, x)
	}
	return out
}

// how is a path in one line: what is done, and whom it leads to.
func (p pathJSON) how() string {
	var out []string
	for _, x := range p.Steps {
		to := lastPart(x.To)
		if strings.HasPrefix(x.To, "all rights") || strings.HasPrefix(x.To, "administrator of") {
			to = x.To
		}
		word := x.Does + ": " + to
		if len(x.Unknown) > 0 {
			word += " (it hangs on " + strings.Join(x.Unknown, ", ") + ")"
		}
		out = append(out, word)
	}
	return strings.Join(out, "; then ")
}

func fixOf(f reach.Fix) fixJSON {
	return fixJSON{f.Policy, f.Holder, f.Statement.Name(), f.Trust, f.ClimbersBefore, f.ClimbersAfter, [2]int{f.StepsBefore, f.StepsAfter}}
}

// worst is the surest of paths.
func worst(paths []reach.Path) (out policy.Truth) {
	for _, p := range paths {
		out = max(out, p.Truth)
	}
	return out
}
