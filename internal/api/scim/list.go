package scim

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/principal/person"
)

const (
	listSchema = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	usual      = 100     // resources on a page when nobody says
	largest    = 200     // on a page
	scanned    = 1000    // read at once for a filter that no index helps
	maxSorted  = 200_000 // matches that are sorted
)

// query is a request for a list (RFC 7644, 3.4.2).
type query struct {
	filter       *node
	sort         *path
	descending   bool
	start, count int // start counts from 1
}

func (k *call) query(v url.Values) (q query, err error) {
	s := k.of.shape()
	if text := v.Get("filter"); text != "" {
		if q.filter, err = s.filterOf(text); err != nil {
			return q, err
		}
	}
	if text := v.Get("sortBy"); text != "" {
		p, err := s.pathOf(text)
		if err != nil {
			return q, err
		}
		if p.attr == nil || p.leaf() == nil {
			return q, bad(invalidPath, "%s cannot be sorted by: name one of its parts", text)
		}
		q.sort, q.descending = &p, strings.EqualFold(v.Get("sortOrder"), "descending")
	}
	if q.start, err = number(v, "startIndex", 1); err != nil {
		return q, err
	}
	q.start = max(q.start, 1)
	q.count, err = number(v, "count", usual)
	q.count = min(max(q.count, 0), largest)
	return q, err
}

func number(v url.Values, name string, otherwise int) (int, error) {
	text := v.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, bad(invalidValue, "%s=%.40s: want a whole number", name, text)
	}
	return int(n), nil
}

func (s *server) list(k *call) (reply, error) { return s.listed(k, k.r.URL.Query()) }

// search is a list whose question stands in the body (RFC 7644, 3.4.3), where no log of a proxy has it.
func (s *server) search(k *call) (out reply, err error) {
	var in struct {
		Attributes, ExcludedAttributes []string
		Filter, SortBy, SortOrder      string
		StartIndex, Count              *int
	}
	if err := json.Unmarshal(k.body, &in); err != nil {
		return out, bad(invalidSyntax, "the body is no search: %s", err)
	}
	if k.want, err = k.of.shape().wantedOf(strings.Join(in.Attributes, ","), strings.Join(in.ExcludedAttributes, ",")); err != nil {
		return out, err
	}
	v := url.Values{"filter": {in.Filter}, "sortBy": {in.SortBy}, "sortOrder": {in.SortOrder}}
	for name, n := range map[string]*int{"startIndex": in.StartIndex, "count": in.Count} {
		if n != nil {
			v.Set(name, strconv.Itoa(*n))
		}
	}
	return s.listed(k, v)
}

func (s *server) listed(k *call, v url.Values) (out reply, err error) {
	q, err := k.query(v)
	if err != nil {
		return out, err
	}
	err = s.Store.View(k.ctx, func(tx Tx) error {
		found, all, err := k.find(tx, q)
		if err != nil {
			return err
		}
		shown := make([]any, 0, len(found))
		for _, it := range found {
			res, err := k.shown(tx, it)
			if err != nil {
				return err
			}
			shown = append(shown, res)
		}
		out = reply{status: http.StatusOK, body: map[string]any{
			"schemas": []string{listSchema}, "totalResults": all, "startIndex": q.start, "itemsPerPage": len(shown), "Resources": shown,
		}}
		return nil
	})
	return out, err
}

// find gives the page that is asked for, and how many match in all.
func (k *call) find(tx Tx, q query) ([]item, int, error) {
	if q.filter == nil && q.sort == nil {
		return k.of.from(k, tx, q.start-1, q.count)
	}
	c := collector{k: k, tx: tx, q: q}
	if q.filter != nil {
		few, ok, err := k.of.pinned(k, tx, q.filter)
		if err != nil {
			return nil, 0, err
		}
		if ok {
			if err := c.take(few); err != nil {
				return nil, 0, err
			}
			return c.page()
		}
	}
	for after := person.ID(""); ; {
		list, err := k.of.page(k, tx, after, scanned)
		if err != nil {
			return nil, 0, err
		}
		if err := c.take(list); err != nil {
			return nil, 0, err
		}
		if len(list) < scanned {
			return c.page()
		}
		after = list[len(list)-1].id
	}
}

// collector goes through resources and keeps those of the page; to sort, it keeps the key and the ID of all that match.
type collector struct {
	k     *call
	tx    Tx
	q     query
	all   int
	kept  []item
	order []sorted
}

type sorted struct {
	key string
	has bool
	id  person.ID
}

func (c *collector) take(list []item) error {
	for _, it := range list {
		if c.q.filter.uses(c.k.of.related()) {
			if err := c.k.of.relate(c.k, c.tx, it); err != nil {
				return err
			}
		}
		if c.q.filter != nil && !c.q.filter.matches(it.res) {
			continue
		}
		c.all++
		switch {
		case c.q.sort != nil:
			if len(c.order) >= maxSorted {
				return bad(tooMany, "more than %d match: give a narrower filter, or do not sort", maxSorted)
			}
			key, has := keyOf(*c.q.sort, it.res)
			c.order = append(c.order, sorted{key, has, it.id})
		case c.all >= c.q.start && len(c.kept) < c.q.count:
			c.kept = append(c.kept, it)
		}
	}
	return nil
}

// keyOf is what something is sorted by: of several values the primary one, or else the first.
func keyOf(p path, res map[string]any) (string, bool) {
	values := p.elements(res)
	if len(values) == 0 {
		return "", false
	}
	best := values[0]
	for _, v := range values {
		if isPrimary(v) {
			best = v
		}
	}
	if m, ok := best.(map[string]any); ok {
		best = m[p.leaf().name]
	}
	switch v := best.(type) {
	case string:
		if !p.leaf().exact {
			v = strings.ToLower(v)
		}
		return v, v != ""
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

func (c *collector) page() ([]item, int, error) {
	if c.q.sort == nil {
		return c.kept, c.all, nil
	}
	slices.SortStableFunc(c.order, func(a, b sorted) int {
		if a.has != b.has { // without a value: last, when descending first (RFC 7644, 3.4.2.3)
			if a.has {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.key, b.key)
	})
	if c.q.descending {
		slices.Reverse(c.order)
	}
	from := min(c.q.start-1, len(c.order))
	for _, x := range c.order[from:min(from+c.q.count, len(c.order))] {
		it, err := c.k.of.one(c.k, c.tx, x.id)
		if err != nil {
			return nil, 0, err
		}
		c.kept = append(c.kept, it)
	}
	return c.kept, c.all, nil
}
