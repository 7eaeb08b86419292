package auth

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/org"
)

// seenEvery is how often it is written down that a session or a token is in use.
const seenEvery = time.Minute

// visitor finds out who asks: by the token that is shown, else by the session's cookie; false when neither says.
func (g *Gate) visitor(r *http.Request) (Visitor, bool, error) {
	if kind, text, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(kind, "Bearer") {
		v, err := g.machine(r, strings.TrimSpace(text))
		return v, err == nil, err
	}
	secret := g.shown(r)
	if secret == "" {
		return Visitor{}, false, nil
	}
	v, err := g.session(r.Context(), hash(secret))
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Denied) {
		return Visitor{}, false, nil // a session that has ended is as good as none
	}
	return v, err == nil, err
}

// shown is what the session's cookie holds; empty where there is none.
func (g *Gate) shown(r *http.Request) string {
	c, err := r.Cookie(g.cookieName())
	if err != nil || len(c.Value) > 128 {
		return ""
	}
	return c.Value
}

// machine is whose token it is.
func (g *Gate) machine(r *http.Request, text string) (Visitor, error) {
	ctx := r.Context()
	from, now := "token from "+source(g.address(r)), g.Now()
	id, secret, ok := parseToken(text)
	account := "token " + id
	if wait := max(g.throttle.wait(from, sourceFails, now), g.throttle.wait(account, accountFails, now)); wait > 0 {
		return Visitor{}, &blocked{wait}
	}
	var t Token
	err := fault.New(fault.Denied, "this is no token of jobzero's")
	if ok {
		err = g.Store.View(ctx, func(tx Tx) (err error) {
			t, err = tx.Token(ctx, id)
			return err
		})
		if err == nil && (!same(t.Hash, secret) || !t.Live(now)) || fault.Is(err, fault.NotFound) {
			err = fault.New(fault.Denied, "this token opens nothing: it is wrong, has ended or was revoked")
		}
	}
	if err != nil {
		if fault.Is(err, fault.Denied) {
			g.throttle.failed(from, now)
			g.throttle.failed(account, now)
		}
		return Visitor{}, err
	}
	if now.Sub(t.Used) >= seenEvery {
		t.Used = now
		if err := g.Store.Update(ctx, func(tx Tx) error { return touchToken(ctx, tx, t) }); err != nil {
			return Visitor{}, err
		}
	}
	return Visitor{ID: "token:" + t.Name, Name: t.Name, Kind: Machine, Scopes: t.Scopes, Session: t.ID}, nil
}

// touchToken notes when a token was used, on the row as it is now: a token that was revoked in between stays so.
func touchToken(ctx context.Context, tx Tx, used Token) error {
	t, err := tx.Token(ctx, used.ID)
	if err != nil {
		return err
	}
	t.Used = used.Used
	return tx.SaveToken(ctx, t)
}

// session is whose session it is. One that has ended, and one of a person who has left, is taken away.
func (g *Gate) session(ctx context.Context, key string) (Visitor, error) {
	var s Visit
	err := g.Store.View(ctx, func(tx Tx) (err error) {
		s, err = tx.Visit(ctx, key)
		return err
	})
	if err != nil {
		return Visitor{}, err
	}
	now := g.Now()
	v, err := g.is(ctx, s)
	if err == nil && (now.Sub(s.Seen) >= g.Config.Idle || !now.Before(s.Ends)) {
		err = fault.New(fault.Denied, "the session of %s has ended", s.Who)
	}
	switch {
	case fault.Is(err, fault.Denied):
		drop := func(tx Tx) error { return tx.DropVisit(ctx, key) }
		if bad := g.Store.Update(ctx, drop); bad != nil {
			return Visitor{}, bad
		}
		return Visitor{}, err
	case err != nil:
		return Visitor{}, err
	}
	if now.Sub(s.Seen) >= seenEvery {
		err = g.Store.Update(ctx, func(tx Tx) error {
			if _, err := tx.Visit(ctx, key); err != nil { // signed out in between
				return err
			}
			s.Seen = now
			return tx.SaveVisit(ctx, s)
		})
	}
	return v, err
}

// is says who a session makes of somebody now: roles and teams are those of the settings and of org.yaml as they are, so that a change counts at once.
func (g *Gate) is(ctx context.Context, s Visit) (Visitor, error) {
	v := Visitor{ID: s.Who, Name: s.Name, Kind: s.Kind, Roles: s.Roles, Session: s.Hash[:12]}
	if s.Kind != Person {
		return v, nil
	}
	o := g.Org()
	p, ok := o.Person(s.Who)
	if !ok {
		return Visitor{}, fault.New(fault.Denied, "%s is not among the people of org.yaml any more", s.Who)
	}
	if g.Left != nil && s.Listed != "" {
		left, err := g.Left(ctx, s.Listed)
		if err != nil {
			return Visitor{}, err
		}
		if left {
			return Visitor{}, fault.New(fault.Denied, "%s has left, the directory says", s.Who)
		}
	}
	v.Name, v.Teams = p.Name, teamsOf(o, p.ID)
	v.Roles = g.Config.rolesOf(p.ID, s.Groups)
	if len(v.Teams) > 0 {
		v.Roles = append(v.Roles, OwnerOfTeam)
	}
	return v, nil
}

// rolesOf are the roles that the settings give. Whoever can sign in may report.
func (c Config) rolesOf(person string, groups []string) []Role {
	out := []Role{Reporter}
	for _, g := range c.Roles {
		in := slices.ContainsFunc(g.Groups, func(name string) bool { return slices.Contains(groups, name) })
		if (in || g.Everyone || slices.Contains(g.People, person)) && !slices.Contains(out, g.Role) {
			out = append(out, g.Role)
		}
	}
	return out
}

// named are those of the provider's groups that the settings give a role to: the others are not kept.
func (c Config) named(groups []string) []string {
	var out []string
	for _, name := range groups {
		wanted := slices.ContainsFunc(c.Roles, func(g Grant) bool { return slices.Contains(g.Groups, name) })
		if wanted && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// teamsOf are the teams that somebody leads or is in.
func teamsOf(o *org.Org, person string) []string {
	var out []string
	if o == nil {
		return nil
	}
	for _, t := range o.Teams {
		if t.Lead == person || slices.Contains(t.Members, person) {
			out = append(out, t.Name)
		}
	}
	return out
}
