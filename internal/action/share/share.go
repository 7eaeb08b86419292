package share

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
)

// With is who else may use a thing: everybody, and single accounts, in order.
type With struct {
	Public   bool
	Accounts []string
}

// Kind is a kind of thing that is shared.
type Kind struct {
	About action.Info // without Undo and Params, which are those of all kinds
	Look  func(ctx context.Context, cfg aws.Config, t effect.Target) (With, error)
	Call  func(t effect.Target, operation string, with With) ([]effect.Call, error) // adds or removes shares
	Send  func(ctx context.Context, cfg aws.Config, call effect.Call) error
}

// The operations of Kind.Call.
const (
	Add    = "add"
	Remove = "remove"
)

// Stop makes the action that stops sharing things of a kind.
func Stop(k Kind) setting.Of[With] {
	k.About.Undo, k.About.UndoHelpsAttacker = effect.Exact, true
	k.About.Params = []action.Param{{Name: "accounts", Text: "accounts to stop sharing with too, such as 111122223333,444455556666, or all; without it only everybody"}}
	return setting.Of[With]{
		About: k.About, Find: setting.InRegion, Look: k.Look, Goal: less, Send: k.Send,
		Calls: func(t effect.Target, from, to With) ([]effect.Call, error) {
			if gone := from.without(to); gone.Public || len(gone.Accounts) > 0 {
				return k.Call(t, Remove, gone)
			}
			if more := to.without(from); more.Public || len(more.Accounts) > 0 {
				return k.Call(t, Add, more)
			}
			return nil, nil
		},
	}
}

// Members writes shares into the input of a call that has a member for groups and one, UserIds, for accounts.
func (w With) Members(in setting.In, groups string) setting.In {
	if w.Public {
		in[groups] = []string{"all"}
	}
	if len(w.Accounts) > 0 {
		in["UserIds"] = w.Accounts
	}
	return in
}

// without is what of the shares another does not have.
func (w With) without(o With) With {
	return With{
		Public:   w.Public && !o.Public,
		Accounts: slices.DeleteFunc(slices.Clone(w.Accounts), func(a string) bool { return slices.Contains(o.Accounts, a) }),
	}
}

// less is what stays shared.
func less(t effect.Target, now With) (setting.Goal[With], error) {
	g := setting.Goal[With]{To: With{Accounts: now.Accounts}, Met: "it is not shared with everybody", Missing: "it is shared with everybody"}
	if named := t.Params["accounts"]; named != "" {
		g.Met, g.Missing = "it is shared neither with everybody nor with "+named, "it is still shared with everybody or with "+named
		g.To.Accounts = slices.DeleteFunc(slices.Clone(now.Accounts), func(a string) bool {
			return named == "all" || slices.Contains(strings.Split(named, ","), a)
		})
	}
	var lines []string
	gone := now.without(g.To)
	if gone.Public {
		g.Loses, lines = append(g.Loses, "everybody with an AWS account"), append(lines, "- shared with: all")
	}
	for _, a := range gone.Accounts {
		g.Loses, lines = append(g.Loses, "account "+a), append(lines, "- shared with: "+a)
	}
	g.Diff = strings.Join(lines, "\n")
	return g, nil
}
