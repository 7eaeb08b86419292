package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
)

// whoDid is who was behind it, as the sessions told when the event came.
func (h *House) whoDid(_ context.Context, f finding.Finding) (learned, error) {
	for _, e := range slices.Backward(f.Evidence) {
		if e.Kind == "lineage" {
			return learned{e.Text, map[string]any{"principal": f.Principal, "lineage": e.Data}, nil}, nil
		}
	}
	if f.Principal == "" {
		return learned{}, fault.New(fault.NotFound, "the finding names nobody")
	}
	return learned{f.Principal, map[string]any{"principal": f.Principal}, nil}, nil
}

// ownerOf is who answers for the resource, and whom they report to.
func (h *House) ownerOf(_ context.Context, f finding.Finding) (learned, error) {
	ref := resource.Ref{Account: f.Account, Region: f.Region}
	if f.Resource != nil {
		ref = *f.Resource
	}
	o := h.knowledge.Load().Org
	owner := o.OwnerOf(ref, f.Tags, f.ARN)
	if owner.Team == "" && owner.Person == "" {
		return learned{}, fault.New(fault.NotFound, "nobody is known to answer for it")
	}
	chain := []string{}
	for _, p := range o.Chain(owner.Person) {
		chain = append(chain, p.ID)
	}
	text := strings.TrimSpace(owner.Team + " " + owner.Person)
	if owner.Team != "" && owner.Person != "" {
		text = owner.Team + ", " + owner.Person
	}
	if len(chain) > 0 {
		text += ", who reports to " + strings.Join(chain, ", then ")
	}
	return learned{text, map[string]any{"team": owner.Team, "person": owner.Person, "via": owner.Via, "chain": chain}, nil}, nil
}

// exposed is whom the resource lets in by itself.
func (h *House) exposed(_ context.Context, f finding.Finding) (learned, error) {
	if f.ARN == "" {
		return learned{}, fault.New(fault.NotFound, "the resource's ARN is not known")
	}
	who, err := h.knowledge.Load().Access.Exposure(f.ARN)
	return learned{"it lets in: " + who, map[string]any{"exposure": who}, nil}, err
}

// reaches is how far whoever did it comes.
func (h *House) reaches(_ context.Context, f finding.Finding) (learned, error) {
	if f.Principal == "" {
		return learned{}, fault.New(fault.NotFound, "the finding names nobody")
	}
	r, err := h.knowledge.Load().Access.Reach(f.Principal)
	if err != nil {
		return learned{}, err
	}
	most, known := r["most"].(map[string]any)
	if !known {
		delete(r, "most") // what is cut off is not known
	}
	least, _ := r["least"].(map[string]any)
	text := fmt.Sprintf("score %v; at least %v accounts, %v principals, %v resources read", r["score"], least["accounts"], least["principals"], least["read"])
	if known {
		text += fmt.Sprintf("; at most %v accounts, %v principals, %v resources read", most["accounts"], most["principals"], most["read"])
	}
	return learned{text, r, nil}, nil
}
