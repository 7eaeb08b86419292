package inventory

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/resource"
	"jobzero/internal/resource/relation"
	"jobzero/internal/resource/schema"
)

// walk works out what others tell of a resource that was just read, by the ways of the table that hold of the live account.
type walk struct {
	ctx       context.Context
	catalogue *Catalogue
	of        *resource.Resource
	since     time.Time // when the oldest of what was looked at was read
}

// heard is one value of a relation, and what is not known of it, by paths from it.
type heard struct {
	value any
	holes []resource.Unknown
}

// beside fills in the relations of a resource that neither its reader nor a teller has filled in, and names as unknown those that nobody
// looks for. It gives the time when the oldest of what it looked at was read.
func (c *Catalogue) beside(ctx context.Context, res *resource.Resource, now time.Time) time.Time {
	w := &walk{ctx: ctx, catalogue: c, of: res, since: now}
	for _, r := range relation.Of(res.Type) {
		switch ways := r.Live(); {
		case said(res, r.Name):
		case len(ways) > 0:
			w.fill(r, ways)
		case !r.Read && !r.Extra && !r.Text:
			name(res, "related."+r.Name, resource.NotRead)
		}
	}
	return w.since
}

// said reports whether somebody has said something of a relation, be it that it cannot be read.
func said(res *resource.Resource, name string) bool {
	if _, there := res.Related[name]; there {
		return true
	}
	return slices.ContainsFunc(res.Unknown, func(u resource.Unknown) bool {
		return u.Path == "related" || u.Path == "related."+name && u.Cause != resource.NotRead
	})
}

func (w *walk) fill(r relation.Relation, ways []relation.Way) {
	var all []heard
	var doubt *resource.Unknown
	for _, way := range ways {
		found, open := w.way(*w.of, way.Hops, way.Take)
		all = append(all, found...)
		if open != nil && doubt == nil {
			doubt = open
		}
	}
	Told(w.of, r.Name)
	if w.of.Related == nil {
		w.of.Related = map[string]any{}
	}
	if !r.Many {
		w.one(r.Name, all, doubt)
		return
	}
	all, open := spread(all)
	if doubt == nil {
		doubt = open
	}
	list := make([]any, len(all))
	for i, t := range all {
		list[i] = t.value
		t.tell(w.of, "related."+r.Name+"["+strconv.Itoa(i)+"]")
	}
	w.of.Related[r.Name] = list
	if doubt != nil {
		doubt.Path = "related." + r.Name + "[+]"
		w.of.Unknown = append(w.of.Unknown, *doubt)
	}
}

// spread gives the elements of values that are lists, each with what is not known of it, and why a list may have more.
func spread(all []heard) (out []heard, doubt *resource.Unknown) {
	for _, h := range all {
		list, ok := h.value.([]any)
		if !ok {
			out = append(out, h)
			continue
		}
		for i, v := range list {
			one := heard{value: v}
			for _, u := range h.holes {
				if rest, of := strings.CutPrefix(u.Path, "["+strconv.Itoa(i)+"]"); of {
					u.Path = rest
					one.holes = append(one.holes, u)
				}
			}
			out = append(out, one)
		}
		for _, u := range h.holes {
			if strings.HasPrefix(u.Path, "[+]") && doubt == nil {
				doubt = &resource.Unknown{Cause: u.Cause, Code: u.Code}
			}
		}
	}
	return out, doubt
}

func (w *walk) one(name string, all []heard, doubt *resource.Unknown) {
	switch {
	case doubt != nil:
		doubt.Path = "related." + name
		w.of.Unknown = append(w.of.Unknown, *doubt)
	case len(all) > 0:
		w.of.Related[name] = all[0].value
		all[0].tell(w.of, "related."+name)
	}
}

func (t heard) tell(to *resource.Resource, at string) {
	for _, u := range t.holes {
		u.Path = at + u.Path
		to.Unknown = append(to.Unknown, u)
	}
}

// way gives what is at the end of the hops from a resource, and why there may be more.
func (w *walk) way(from resource.Resource, hops []relation.Hop, take string) (all []heard, doubt *resource.Unknown) {
	if len(hops) == 0 {
		return end(from, take)
	}
	next, doubt := w.hop(from, hops[0])
	for _, n := range next {
		found, open := w.way(n, hops[1:], take)
		all = append(all, found...)
		if doubt == nil {
			doubt = open
		}
	}
	return all, doubt
}

// end is the last resource of a way, or the property that is meant of it.
func end(r resource.Resource, take string) ([]heard, *resource.Unknown) {
	value, path := any(r.Properties), "properties"
	if take != "" {
		value, path = r.Properties[take], "properties."+take
	}
	t := heard{value: value}
	for _, u := range r.Unknown {
		rest, below := strings.CutPrefix(u.Path, path)
		switch {
		case below && rest == "", strings.HasPrefix(path, u.Path+"."):
			u.Path = ""
			return nil, &u
		case below && (rest[0] == '.' || rest[0] == '['):
			u.Path = rest
			t.holes = append(t.holes, u)
		}
	}
	if t.value == nil {
		return nil, nil
	}
	return []heard{t}, nil
}

// hop gives where a hop leads.
func (w *walk) hop(from resource.Resource, h relation.Hop) ([]resource.Resource, *resource.Unknown) {
	if h.Back {
		return w.back(from, h)
	}
	values, doubt := at(from, h.Path)
	var out []resource.Resource
	for _, v := range values {
		ref, why := w.ref(h.Type, v)
		if why != "" {
			return out, &resource.Unknown{Cause: why}
		}
		r, err := w.catalogue.near(w.ctx, ref)
		switch {
		case err != nil:
			u := unknown("", err)
			return out, &u
		case !r.Gone: // what is named and not there tells nothing
			out = append(out, w.seen(r))
		}
	}
	return out, doubt
}

// back gives those of a type of which a property names the resource.
func (w *walk) back(from resource.Resource, h relation.Hop) (out []resource.Resource, doubt *resource.Unknown) {
	list, err := w.catalogue.nearby(w.ctx, Place{Account: w.of.Account, Region: regionOf(h.Type, w.of.Region), Type: h.Type})
	switch {
	case errors.Is(err, errTooMany): // asking again does not help
		return nil, &resource.Unknown{Cause: resource.NotRead}
	case err != nil:
		u := unknown("", err)
		return nil, &u
	}
	for _, r := range list {
		if r.Gone {
			continue
		}
		values, open := at(r, h.Path)
		if slices.ContainsFunc(values, func(v string) bool { return v == from.ID || from.ARN != "" && v == from.ARN || shortName(v) == from.ID }) {
			out = append(out, w.seen(r))
		} else if doubt == nil {
			doubt = open
		}
	}
	return out, doubt
}

func (w *walk) seen(r resource.Resource) resource.Resource {
	if r.ReadAt.Before(w.since) {
		w.since = r.ReadAt
	}
	return r
}

// ref is the reference of a resource of a type that a value names.
func (w *walk) ref(t resource.Type, value string) (ref resource.Ref, why string) {
	ref = resource.Ref{Type: t, Account: w.of.Account, Region: regionOf(t, w.of.Region), ID: value}
	arn := strings.Split(value, ":")
	isARN := len(arn) > 5 && arn[0] == "arn"
	if isARN && arn[4] != "" && arn[4] != w.of.Account {
		return ref, "the " + string(t) + " that it names is in account " + arn[4]
	}
	typ, known := schema.Of(t)
	switch {
	case !known || len(typ.ID) != 1:
		return ref, "of the identifier of " + string(t) + " it names only a part"
	case strings.HasSuffix(typ.ID[0], "Arn") || typ.ID[0] == "ARN":
		if !isARN {
			return ref, "it names the " + string(t) + " otherwise than by its ARN"
		}
	case isARN:
		ref.ID = shortName(value)
	}
	return ref, ""
}

// shortName is the name at the end of an ARN; everything else as it is. Of a group of logs it is what stands before the star.
func shortName(value string) string {
	arn := strings.SplitN(value, ":", 6)
	if len(arn) < 6 || arn[0] != "arn" {
		return value
	}
	name := strings.TrimSuffix(arn[5], ":*")
	if group, ok := strings.CutPrefix(name, "log-group:"); ok {
		return group
	}
	return name[strings.LastIndexAny(name, "/:")+1:]
}

func regionOf(t resource.Type, region string) string {
	if t.Global() && t != resource.Bucket {
		return ""
	}
	return region
}

// at gives the texts at a path with dots into properties; elements of lists are passed through. doubt is what of it is not known.
func at(r resource.Resource, path string) (out []string, doubt *resource.Unknown) {
	whole := "properties." + path
	for _, u := range r.Unknown {
		if u.Path == "properties" || u.Path == whole || strings.HasPrefix(whole, u.Path+".") || strings.HasPrefix(u.Path, whole+"[") {
			doubt = &resource.Unknown{Cause: u.Cause, Code: u.Code}
		}
	}
	gather(r.Properties, strings.Split(path, "."), &out)
	return out, doubt
}

func gather(v any, steps []string, out *[]string) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			gather(e, steps, out)
		}
	case map[string]any:
		if len(steps) > 0 {
			gather(v[steps[0]], steps[1:], out)
		}
	case string:
		if len(steps) == 0 && v != "" {
			*out = append(*out, v)
		}
	}
}
