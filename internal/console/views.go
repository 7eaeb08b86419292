package console

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"jobzero/internal/fault"
	"jobzero/internal/ticket"
)

// savedView is a filter that people come back to: an address with a name.
type savedView struct {
	Name, Path string
	On         bool
	Own        bool // the visitor's
}

const (
	mostViews    = 30 // of one person
	longestName  = 60
	longestQuery = 500
)

// views are those that everybody has.
func views(person string) []savedView {
	all := []savedView{
		{Name: "For people", Path: "/tickets?state=human"},
		{Name: "At work", Path: "/tickets?state=open&state=investigating&state=remediating&state=verifying"},
		{Name: "High and worse", Path: "/tickets?severity=high&state=open&state=investigating&state=remediating&state=verifying&state=human"},
		{Name: "Waits for over a day", Path: "/tickets?older=1d&state=human"},
		{Name: "Today", Path: "/tickets?newer=1d"},
		{Name: "All", Path: "/tickets"},
	}
	if person != "" {
		all = slices.Insert(all, 0, savedView{Name: "Mine", Path: "/tickets?owner=" + url.QueryEscape(person) + "&state=human"})
	}
	return all
}

// ownViews adds what the visitor has kept, and says which view this list is.
func (c *Console) ownViews(v visit, tx Tx, out *ticketsPage) error {
	here := bare(v.URL.Query())
	if v.visitor.Person != "" && c.Keeper != nil {
		own, err := tx.SavedViews(v.Context(), v.visitor.Person)
		if err != nil {
			return err
		}
		for _, x := range own {
			out.Views = append(out.Views, savedView{Name: x.Name, Path: "/tickets?" + x.Query, Own: true})
		}
		out.Query = here
	}
	for i, x := range out.Views {
		p, err := url.Parse(x.Path)
		if err != nil || p.Query().Encode() != here {
			continue
		}
		out.Views[i].On, out.Query = true, ""
		if x.Own {
			out.Here = x.Name
		}
	}
	return nil
}

// bare is a query without what is left empty and the place in the list.
func bare(q url.Values) string {
	for k, all := range q {
		if all = slices.DeleteFunc(all, func(s string) bool { return s == "" }); len(all) == 0 || k == "after" || k == "said" {
			delete(q, k)
			continue
		}
		q[k] = all
	}
	return q.Encode()
}

// keepView gives the filter of a form a name, or takes one away, and goes to what the list is then.
func (c *Console) keepView(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	visitor, err := c.Visitors.Visitor(r)
	if err == nil {
		err = visitor.must(Look, "")
	}
	if err == nil && (visitor.Person == "" || c.Keeper == nil) {
		err = fault.New(fault.Denied, "nobody is signed in here whose view it could be: keep the address as a bookmark")
	}
	if err == nil {
		if bad := r.ParseForm(); bad != nil {
			err = fault.Wrap(fault.Invalid, bad, "read the form")
		}
	}
	var to string
	if err == nil {
		to, err = c.kept(r.Context(), visit{r, visitor, c.Now()}, ticket.View{Name: strings.TrimSpace(r.PostForm.Get("name")), Query: r.PostForm.Get("query")})
	}
	if err != nil {
		c.fail(w, r, visitor, err)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (c *Console) kept(ctx context.Context, v visit, x ticket.View) (to string, err error) {
	who := v.visitor.Person
	if v.PostForm.Has("forget") {
		return "/tickets?said=forgotten", c.Keeper.Update(ctx, func(d Shelf) error { return d.DropView(ctx, who, x.Name) })
	}
	query, err := url.ParseQuery(x.Query)
	if err != nil || len(x.Query) > longestQuery {
		return "", fault.New(fault.Invalid, "the filter cannot be read: go back to the list and try again")
	}
	if x.Name == "" || len(x.Name) > longestName || strings.ContainsFunc(x.Name, unicode.IsControl) {
		return "", fault.New(fault.Invalid, "a view needs a name of at most %d bytes", longestName)
	}
	x.Query = bare(query)
	asked := *v.Request
	asked.URL = &url.URL{Path: "/tickets", RawQuery: x.Query}
	if _, _, err := ticketQuery(visit{&asked, v.visitor, v.now}); err != nil {
		return "", err
	}
	return "/tickets?" + x.Query, c.Keeper.Update(ctx, func(d Shelf) error {
		all, err := d.SavedViews(ctx, who)
		if err != nil {
			return err
		}
		if len(all) >= mostViews && !slices.ContainsFunc(all, func(y ticket.View) bool { return y.Name == x.Name }) {
			return fault.New(fault.Conflict, "you have %d views, and more are not shown: forget one first", mostViews)
		}
		return d.SaveView(ctx, who, x)
	})
}
