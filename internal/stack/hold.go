package stack

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"jobzero/internal/design"
	"jobzero/internal/design/cfn"
	"jobzero/internal/design/drift"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/inventory/cloudformation"
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// Catalogue reads what is live.
type Catalogue interface {
	Reads(t resource.Type) bool
	Read(ctx context.Context, ref resource.Ref) (resource.Resource, error)
}

// Source is a text that is held against a stack in place of its own template. The zero value is the stack's own.
type Source struct {
	File string
	Text []byte
	// Parameters win over those of the stack.
	Parameters map[string]string
}

// Held is what came of it.
type Held struct {
	Stack    cloudformation.Stack
	Document design.Document
	Compared []drift.Compared
}

// atOnce is how many resources of a stack are read at the same time; the way into an account throttles besides.
const atOnce = 4

// Hold holds a stack against what is there. Every resource is read once, whatever belongs to it. See, when it is not nil, is told
// how many of how many resources have been read.
func Hold(ctx context.Context, c Catalogue, s cloudformation.Stack, from Source, see func(done, all int)) (Held, error) {
	switch {
	case s.Busy():
		return Held{}, fault.New(fault.Unavailable, "the stack %s is being changed: %s", s.Name, s.State)
	case !s.Made():
		return Held{}, fault.New(fault.Invalid, "the stack %s was not made: %s", s.Name, s.State)
	}
	if from.Text == nil {
		from.File, from.Text = s.Name, s.Template
	}
	h := holder{catalogue: c, stack: s, from: from, see: see}
	h.world = drift.World{Account: s.Account, Region: s.Region, IDs: map[string]string{}, Tags: s.Tags, Read: map[string]resource.Resource{}}
	for _, m := range s.Members {
		if m.ID != "" {
			h.world.IDs[m.Name] = m.ID
		}
	}
	doc, err := h.load(func(name, attribute string) (string, bool) {
		id, ok := h.world.IDs[name]
		return id, ok && (attribute == "" || h.identifies(name, attribute))
	})
	if err != nil {
		return Held{}, err
	}
	if err := h.read(ctx, doc); err != nil {
		return Held{}, err
	}
	if doc, err = h.load(h.made(doc)); err != nil {
		return Held{}, err
	}
	return Held{Stack: s, Document: doc, Compared: drift.Compare(doc, h.world)}, nil
}

// Document holds a text against what is there without a stack: the resources are those whose names it gives.
func Document(ctx context.Context, c Catalogue, doc design.Document, w drift.World, see func(done, all int)) ([]drift.Compared, error) {
	w.Read = map[string]resource.Resource{}
	h := holder{catalogue: c, world: w, see: see}
	if err := h.read(ctx, doc); err != nil {
		return nil, err
	}
	return drift.Compare(doc, h.world), nil
}

// holder is the work on one stack.
type holder struct {
	catalogue Catalogue
	stack     cloudformation.Stack
	from      Source
	world     drift.World
	see       func(done, all int)
}

func (h *holder) load(made func(name, attribute string) (string, bool)) (design.Document, error) {
	parameters := map[string]string{}
	for _, from := range []map[string]string{h.stack.Parameters, h.from.Parameters} {
		for k, v := range from {
			parameters[k] = v
		}
	}
	return cfn.Read(h.from.File, bytes.TrimPrefix(h.from.Text, []byte("\ufeff")), cfn.Options{
		Parameters: parameters, Account: h.stack.Account, Region: h.stack.Region, StackName: h.stack.Name, StackID: h.stack.ID,
		Exports: h.stack.Exports, Made: made,
	})
}

// identifies reports whether an attribute is the primary identifier, which the physical name is.
func (h *holder) identifies(name, attribute string) bool {
	i := slices.IndexFunc(h.stack.Members, func(m cloudformation.Member) bool { return m.Name == name })
	if i < 0 {
		return false
	}
	m := h.stack.Members[i]
	if m.Type == resource.SecurityGroup && attribute == "GroupId" { // the schema calls it Id
		return true
	}
	typ, ok := schema.Of(m.Type)
	isARN := strings.HasSuffix(attribute, "Arn") || attribute == "ARN"
	return ok && len(typ.ID) == 1 && typ.ID[0] == attribute && (!isARN || strings.HasPrefix(m.ID, "arn:"))
}

// read reads what the document is about, each resource once.
func (h *holder) read(ctx context.Context, doc design.Document) error {
	refs := map[string]resource.Ref{}
	for _, d := range doc.Resources {
		if _, there := h.world.IDs[d.Name]; !there && h.world.IDs != nil {
			continue
		}
		found, _ := h.world.Refs(d) // what cannot be told is told by the comparison
		for _, ref := range found {
			refs[ref.Key()] = ref
		}
	}
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	done := 0
	for key, ref := range refs {
		g.Go(func() error {
			res := h.one(ctx, ref)
			mu.Lock()
			defer mu.Unlock()
			h.world.Read[key] = res
			done++
			if h.see != nil {
				h.see(done, len(refs))
			}
			return context.Cause(ctx)
		})
	}
	return g.Wait()
}

// one reads a resource; what cannot be read is unknown, with the reason.
func (h *holder) one(ctx context.Context, ref resource.Ref) resource.Resource {
	if !h.catalogue.Reads(ref.Type) {
		return inventory.Unseen(ref, "there is no reader of "+string(ref.Type))
	}
	res, err := h.catalogue.Read(ctx, ref)
	if err != nil {
		return inventory.Unreadable(ref, err)
	}
	if !res.Gone {
		inventory.Untold(&res)
	}
	return res
}

// made tells what functions give for resources, from what was read of them.
func (h *holder) made(doc design.Document) func(name, attribute string) (string, bool) {
	live := map[string]resource.Resource{}
	for _, d := range doc.Resources {
		refs, why := h.world.Refs(d)
		if why == "" && len(refs) == 1 && refs[0].Type == d.Type {
			live[d.Name] = h.world.Read[refs[0].Key()]
		}
	}
	return func(name, attribute string) (string, bool) {
		id, ok := h.world.IDs[name]
		if !ok {
			return "", false
		}
		if attribute == "" || h.identifies(name, attribute) {
			return id, true
		}
		return given(live[name], attribute)
	}
}

// given is an attribute of a resource that was read.
func given(r resource.Resource, attribute string) (string, bool) {
	if attribute == "Arn" && r.ARN != "" {
		return r.ARN, true
	}
	var v any = r.Properties
	for _, name := range strings.Split(attribute, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return "", false
		}
		v = m[name]
	}
	s, ok := v.(string)
	return s, ok && s != ""
}
