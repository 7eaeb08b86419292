package console

import (
	"context"

	"jobzero/internal/expect/standing"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// inventoryPage is what exists, account by account.
type inventoryPage struct {
	Accounts []account
	Account  string
	Type     string
	Failing  bool
	Rows     []standing.Row
	One      *standing.Row // the resource that was asked for by its key
	More     string
	Start    string
}

// account is one with its name, where it is known.
type account struct{ ID, Name string }

const (
	inventoryRows = 100
	mostAccounts  = 2_000
)

func (c *Console) inventory(v visit) (page, error) {
	get := v.URL.Query()
	out := inventoryPage{Account: get.Get("account"), Type: get.Get("type"), Failing: get.Get("failing") != ""}
	k := c.Knowledge()
	err := c.Reader.View(v.Context(), func(tx Tx) (err error) {
		if key := get.Get("key"); key != "" {
			row, ok, err := tx.Standing(v.Context(), key)
			if err == nil && !ok {
				err = fault.New(fault.NotFound, "nothing is known of %s", key)
			}
			out.One, out.Account = &row, row.Account
			return err
		}
		if out.Accounts, err = accountsOf(v.Context(), tx, k.Accounts); err != nil {
			return err
		}
		if out.Account == "" && len(out.Accounts) > 0 {
			out.Account = out.Accounts[0].ID
		}
		var last string
		of := resource.Ref{Account: out.Account, Type: resource.Type(out.Type)}
		out.Rows, last, err = tx.StandingPage(v.Context(), of, out.Failing, get.Get("after"), inventoryRows)
		if len(out.Rows) == inventoryRows {
			out.More = onward(v.URL, last)
		}
		return err
	})
	if get.Get("after") != "" {
		out.Start = onward(v.URL, "")
	}
	return page{name: "inventory", title: "Inventory", here: "/inventory", content: out}, err
}

// accountsOf are those that have resources.
func accountsOf(ctx context.Context, tx Tx, names map[string]string) (out []account, err error) {
	for id := ""; len(out) < mostAccounts; {
		next, more, err := tx.StandingAccount(ctx, id)
		if err != nil || !more {
			return out, err
		}
		id = next
		out = append(out, account{id, names[id]})
	}
	return out, nil
}
