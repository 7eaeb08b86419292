package cloudcontrol

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudcontrol"

	"jobzero/internal/resource"
)

// List gives all resources of the type. A region in which there is no such type has none.
func (r Reader) List(ctx context.Context, cfg aws.Config, owner, region string) ([]resource.Ref, error) {
	cfg = r.at(cfg)
	l := lister{cloudcontrol.NewFromConfig(cfg), owner, cfg.Region}
	ids, err := l.all(ctx, r.entry)
	if err != nil {
		return nil, explain(err, "list %s of %s in %s", r.typ, owner, cfg.Region)
	}
	out := make([]resource.Ref, 0, len(ids))
	seen := map[string]bool{}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, resource.Ref{Type: r.typ, Account: owner, Region: region, ID: id})
		}
	}
	return out, nil
}

// lister lists in one account and region.
type lister struct {
	client        *cloudcontrol.Client
	owner, region string
}

func (l lister) all(ctx context.Context, e entry) ([]string, error) {
	switch e.how {
	case account:
		return []string{l.owner}, nil
	case never:
		return nil, nil
	case same:
		return l.list(ctx, e.parent, nil)
	case each:
		return l.each(ctx, e)
	case with:
		var out []string
		for _, m := range e.models {
			if m.region != "" && m.region != l.region {
				continue
			}
			ids, err := l.list(ctx, e.typ, map[string]string{m.property: m.value})
			if err != nil {
				return nil, err
			}
			out = append(out, ids...)
		}
		return out, nil
	case plain:
	}
	return l.list(ctx, e.typ, nil)
}

func (l lister) each(ctx context.Context, e entry) ([]string, error) {
	parents, err := l.list(ctx, e.parent, nil)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, p := range parents {
		if e.last {
			p = p[strings.LastIndexByte(p, '/')+1:]
		}
		ids, err := l.list(ctx, e.typ, map[string]string{e.property: p})
		if is(err, "ResourceNotFoundException") { // the parent was deleted in between, or has none
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, ids...)
	}
	return out, nil
}

// list gives the identifiers of one list.
func (l lister) list(ctx context.Context, t resource.Type, model map[string]string) ([]string, error) {
	in := &cloudcontrol.ListResourcesInput{TypeName: aws.String(string(t))}
	if model != nil {
		text, err := json.Marshal(model)
		if err != nil {
			return nil, err
		}
		in.ResourceModel = aws.String(string(text))
	}
	var out []string
	pages := cloudcontrol.NewListResourcesPaginator(l.client, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if is(err, "TypeNotFoundException") {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		for _, d := range page.ResourceDescriptions {
			if d.Identifier != nil && *d.Identifier != "" {
				out = append(out, *d.Identifier)
			}
		}
	}
	return out, nil
}
