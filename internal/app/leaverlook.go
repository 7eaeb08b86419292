package app

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/holding"
	"jobzero/internal/access/tie"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/gather"
	"jobzero/internal/inventory/identitystore"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/principal/person"
	"jobzero/internal/resource"
)

// sight is what a fresh read of what somebody has shows.
type sight struct {
	result playbook.Result
	text   string
}

func so(is bool, yes, no string) sight {
	if is {
		return sight{playbook.StillSo, yes}
	}
	return sight{playbook.NoMore, no}
}

// lookLeaver reads afresh what a finding about a leaver says. Of somebody who is back nothing is to be ended.
func (h *House) lookLeaver(ctx context.Context, f finding.Finding) (playbook.Sight, error) {
	out := playbook.Sight{At: h.clock.Now()}
	var p person.Person
	if f.By != byOrphan {
		var err error
		if p, err = h.leaver(ctx, f); err != nil {
			return out, err
		}
		if p.State(out.At) != person.Left {
			out.Result, out.Text = playbook.NoMore, p.Name()+" has not left, or is back"
			return out, nil
		}
	}
	if f.By == byLeaver {
		return h.lookPerson(ctx, p, out)
	}
	if ofSession(f) {
		return h.lookSession(ctx, p, f, out)
	}
	s, err := h.lookHeld(ctx, f)
	out.Result, out.Text = s.result, s.text
	if err == nil {
		out.Resource, err = json.Marshal(map[string]string{"what": f.By, "resource": f.Resource.Key(), "seen": s.text})
	}
	return out, err
}

func (h *House) leaver(ctx context.Context, f finding.Finding) (p person.Person, err error) {
	if f.About == nil || f.Resource == nil {
		return p, fault.New(fault.Internal, "the finding %s does not say whom it is about", f.Fingerprint)
	}
	err = h.store.View(ctx, func(tx storeTx) error {
		p, err = tx.Person(ctx, person.ID(f.About.ID))
		return err
	})
	return p, err
}

// lookPerson goes through every account once more: gone is only who is proved to be.
func (h *House) lookPerson(ctx context.Context, p person.Person, out playbook.Sight) (playbook.Sight, error) {
	all, err := h.people(ctx)
	if err != nil {
		return out, err
	}
	s, err := h.survey(ctx, tie.NewBook(all), []person.Person{p})
	if err != nil {
		return out, err
	}
	l := s.of[p.ID]
	var known []finding.Finding
	if err := h.store.View(ctx, func(tx storeTx) error { known, err = onTicket(ctx, tx, p.ID); return err }); err != nil {
		return out, err
	}
	others := len(l.Unsure)
	until := h.sessionsOver(l, known)
	if l.Verdict == tie.Unknown && others == 0 {
		out.Again = earlier(until, h.clock.Now().Add(h.config.Leavers.Every))
	}
	switch {
	case len(l.holdings) > 0 || l.Verdict == tie.There:
		out.Result = playbook.StillSo
	case l.Verdict == tie.Gone:
		out.Result = playbook.NoMore
	default:
		out.Result = playbook.LookUnknown
	}
	out.Text = l.words()
	out.Resource, err = json.Marshal(l.Report)
	return out, err
}

// lookHeld reads one thing afresh.
func (h *House) lookHeld(ctx context.Context, f finding.Finding) (sight, error) {
	ref, live := *f.Resource, gather.Gatherer{Entry: h.org, Watch: h.config.Watch(), Miss: func(err error) error { return err }}
	at := identitystore.Instance{Account: ref.Account, Region: ref.Region}
	switch word := strings.TrimPrefix(f.By, book.LeaverBy); word {
	case byOrphan, heldUser, heldKey, heldAssignment:
		r, err := h.inventory.Read(ctx, ref)
		if err != nil {
			return sight{}, err
		}
		return h.seen(word, r), nil
	case heldPassword, heldSSHKey, heldService, heldCertificate:
		return h.lookCredential(ctx, live, ref)
	case heldGroup:
		part := strings.Split(ref.ID, "|")
		if len(part) != 3 {
			return sight{}, fault.New(fault.Invalid, "%s: want STORE|GROUP|USER as its ID", ref)
		}
		at.Store = part[0]
		in, err := live.In(ctx, at, part[2])
		return so(slices.Contains(in, part[1]), "the user is in group "+part[1], "the user is not in group "+part[1]), err
	case heldSeat:
		store, user, _ := strings.Cut(ref.ID, "|")
		at.Store = store
		there, enabled, err := live.SeatState(ctx, at, user)
		return so(there && enabled, "the user of Identity Center may sign in: the directory that fills it disables him", "the user of Identity Center is gone or disabled"), err
	}
	return sight{}, fault.New(fault.Internal, "nobody knows how to look at %s", f.By)
}

// seen says what a resource that was read shows.
func (h *House) seen(word string, r resource.Resource) sight {
	if r.Gone {
		return sight{playbook.NoMore, "it does not exist any more"}
	}
	switch word {
	case byOrphan:
		if slices.ContainsFunc(r.Unknown, func(u resource.Unknown) bool { return u.Path == "tags" }) {
			return sight{playbook.LookUnknown, "its tags could not be read: " + doubts(r)}
		}
		why, is := h.orphaned(r, h.clock.Now())
		return so(is, why, "its owner has not left")
	case heldKey:
		status, _ := r.Properties["Status"].(string)
		if status == "" {
			return sight{playbook.LookUnknown, "its status could not be read: " + doubts(r)}
		}
		return so(status != "Inactive", "the access key is active", "the access key is inactive")
	case heldUser:
		return shutOut(r)
	}
	return sight{playbook.StillSo, "the assignment is there"}
}

// shutOut says whether a user as it was read is denied everything.
func shutOut(r resource.Resource) sight {
	e := estate.New()
	if err := e.Add(r); err != nil {
		return sight{playbook.LookUnknown, "its policies could not be understood: " + err.Error()}
	}
	if err := e.Done(); err != nil {
		return sight{playbook.LookUnknown, err.Error()}
	}
	if tie.ShutOut(e, r.ARN) {
		return sight{playbook.NoMore, "the user is denied everything"}
	}
	if slices.ContainsFunc(r.Unknown, ofPolicies) { // the deny is written into the user: what groups have does not matter
		return sight{playbook.LookUnknown, "its policies could not be read: " + doubts(r)}
	}
	return sight{playbook.StillSo, "the user is not shut out"}
}

// lookCredential reads the credentials of one user afresh.
func (h *House) lookCredential(ctx context.Context, live gather.Gatherer, ref resource.Ref) (sight, error) {
	user, id, _ := strings.Cut(ref.ID, "/")
	kind := map[resource.Type]holding.Kind{
		resource.User: holding.Password, resource.SSHKey: holding.SSHKey,
		resource.ServiceCredential: holding.ServiceCredential, resource.SigningCertificate: holding.Certificate,
	}[ref.Type]
	var missed error
	live.Miss = func(err error) error { missed = err; return nil } // of the other kinds
	var text bytes.Buffer
	if err := live.Credentials(ctx, ref.Account, []string{user}, &text); err != nil {
		return sight{}, err
	}
	w := holding.New()
	if text.Len() > 0 {
		if _, err := w.Read("the credentials of "+user, &text); err != nil {
			return sight{}, err
		}
	}
	w.Done()
	for _, u := range w.Users {
		if !u.Read[kind] {
			break
		}
		is := slices.ContainsFunc(u.Lives(), func(c holding.Credential) bool { return c.Kind == kind && c.ID == id })
		return so(is, "the "+string(kind)+" is active", "the "+string(kind)+" is inactive or gone"), nil
	}
	if fault.Is(missed, fault.NotFound) {
		return sight{playbook.NoMore, "the user does not exist any more"}, nil
	}
	return sight{playbook.LookUnknown, "the credentials of " + user + " could not be read"}, missed
}
