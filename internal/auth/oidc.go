package auth

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"jobzero/internal/fault"
	"jobzero/internal/org"
)

const (
	providerTime = 10 * time.Second // for one answer of the provider
	attemptTime  = 10 * time.Minute // how long somebody may take to sign in there
)

// oauth is the provider as its discovery document tells of it. It is asked for when somebody signs in, so that the house starts without it.
func (g *Gate) oauth(ctx context.Context) (*oauth2.Config, *oidc.Provider, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	o := g.Config.OIDC
	if g.provider == nil {
		p, err := oidc.NewProvider(ctx, o.Issuer)
		if err != nil {
			return nil, nil, fault.Wrap(fault.Unavailable, err, "ask the provider %s how to sign in", o.Issuer)
		}
		g.provider = p
	}
	c := &oauth2.Config{
		ClientID: o.ClientID, ClientSecret: o.Secret.Reveal(), Endpoint: g.provider.Endpoint(),
		RedirectURL: strings.TrimSuffix(g.Config.URL, "/") + "/auth/callback", Scopes: append([]string{oidc.ScopeOpenID}, o.Scopes...),
	}
	return c, g.provider, nil
}

// asking has the provider's answers come by our client.
func (g *Gate) asking(ctx context.Context) context.Context { return oidc.ClientContext(ctx, g.Client) }

// attempt is what the browser carries while its person is at the provider. It ties the answer to this browser (state), to this question
// (nonce) and to this client (verifier, PKCE). Whoever could read it sits in the browser already.
type attempt struct{ state, nonce, verifier, to string }

const attemptParts = 4

func (a attempt) String() string {
	return strings.Join([]string{a.state, a.nonce, a.verifier, to64(a.to)}, ".")
}

func (g *Gate) attemptName() string { return g.cookieName() + "-attempt" }

func (g *Gate) attempted(r *http.Request) (attempt, bool) {
	c, err := r.Cookie(g.attemptName())
	if err != nil {
		return attempt{}, false
	}
	p := strings.Split(c.Value, ".")
	if len(p) != attemptParts || p[0] == "" || p[1] == "" || p[2] == "" {
		return attempt{}, false
	}
	to, err := from64(p[3])
	return attempt{p[0], p[1], p[2], within(to)}, err == nil
}

// start sends somebody to the provider.
func (g *Gate) start(w http.ResponseWriter, r *http.Request) {
	if !g.Config.Ready() {
		g.front(w, r)
		return
	}
	if g.held(w, r, "") {
		return
	}
	c, _, err := g.oauth(g.asking(r.Context()))
	if err != nil {
		g.broken(w, "begin to sign in", err)
		return
	}
	a := attempt{newSecret().Reveal(), newSecret().Reveal(), oauth2.GenerateVerifier(), within(r.URL.Query().Get("to"))}
	http.SetCookie(w, g.cookie(g.attemptName(), a.String(), attemptTime))
	http.Redirect(w, r, c.AuthCodeURL(a.state, oidc.Nonce(a.nonce), oauth2.S256ChallengeOption(a.verifier)), http.StatusSeeOther)
}

// callback is where the provider sends somebody back.
func (g *Gate) callback(w http.ResponseWriter, r *http.Request) {
	if g.held(w, r, "") {
		return
	}
	a, ok := g.attempted(r)
	http.SetCookie(w, g.cookie(g.attemptName(), "", -time.Second)) // once
	q := r.URL.Query()
	switch {
	case !ok || !same(hash(a.state), q.Get("state")):
		g.fail(w, r, "", "This sign-in was not begun in this browser, or too long ago. Begin again.")
		return
	case q.Get("error") != "":
		g.fail(w, r, "", "The provider did not let you in. Its word for it: "+plainWord(q.Get("error")))
		return
	}
	ctx := g.asking(r.Context())
	c, provider, err := g.oauth(ctx)
	if err != nil {
		g.broken(w, "finish signing in", err)
		return
	}
	said, err := g.claims(ctx, c, provider, a, q.Get("code"))
	if err != nil {
		g.log.Warn("a sign-in was not finished", "error", err)
		g.fail(w, r, "", "What the provider answered does not hold. Begin again; the log says more.")
		return
	}
	account := "at " + said.text("iss") + " " + said.text("sub")
	if g.held(w, r, account) {
		return
	}
	s, err := g.known(r.Context(), said)
	switch {
	case fault.Is(err, fault.Denied):
		g.fail(w, r, account, err.Error())
	case err != nil:
		g.broken(w, "look who it is", err)
	default:
		g.enter(w, r, s, "sign in by OpenID Connect", a.to)
	}
}

// said is what a provider says of somebody, by claim.
type said map[string]any

func (s said) text(claim string) string {
	t, _ := s[claim].(string)
	return t
}

func (s said) list(claim string) []string {
	all, _ := s[claim].([]any)
	if one := s.text(claim); one != "" {
		return []string{one}
	}
	var out []string
	for _, v := range all {
		if t, ok := v.(string); ok {
			out = append(out, t)
		}
	}
	return out
}

// claims exchanges the code for the ID token, and holds that against the question. What the ID token does not say, the provider is asked for.
func (g *Gate) claims(ctx context.Context, c *oauth2.Config, p *oidc.Provider, a attempt, code string) (said, error) {
	t, err := c.Exchange(ctx, code, oauth2.VerifierOption(a.verifier))
	if err != nil {
		return nil, fault.Wrap(fault.Denied, err, "exchange the code")
	}
	raw, _ := t.Extra("id_token").(string)
	id, err := p.Verifier(&oidc.Config{ClientID: c.ClientID, Now: g.Now}).Verify(ctx, raw)
	if err != nil {
		return nil, fault.Wrap(fault.Denied, err, "verify the ID token")
	}
	if id.Nonce != a.nonce {
		return nil, fault.New(fault.Denied, "the ID token answers another question: its nonce is not ours")
	}
	var out said
	if err := id.Claims(&out); err != nil {
		return nil, fault.Wrap(fault.Denied, err, "read the ID token")
	}
	o := g.Config.OIDC
	if out[o.Person] != nil && out[o.Groups] != nil || p.UserInfoEndpoint() == "" {
		return out, nil
	}
	more, err := p.UserInfo(ctx, oauth2.StaticTokenSource(t))
	if err != nil {
		return nil, fault.Wrap(fault.Denied, err, "ask the provider who it is")
	}
	if more.Subject != id.Subject { // OpenID Connect Core 5.3.2: else it may be about somebody else
		return nil, fault.New(fault.Denied, "the provider tells of %s, and the ID token is of %s", plainWord(more.Subject), plainWord(id.Subject))
	}
	var rest said
	if err := more.Claims(&rest); err != nil {
		return nil, fault.Wrap(fault.Denied, err, "read who it is")
	}
	for claim, v := range rest {
		if out[claim] == nil {
			out[claim] = v
		}
	}
	return out, nil
}

// known is the session of whom the claims mean: a person of org.yaml, by the claim of the settings.
func (g *Gate) known(ctx context.Context, s said) (Visit, error) {
	o := g.Config.OIDC
	word := strings.TrimSpace(s.text(o.Person))
	if word == "" {
		return Visit{}, fault.New(fault.Denied, "The provider does not say who you are: its answer has no %s.", o.Person)
	}
	if verified, _ := s["email_verified"].(bool); o.Person == "email" && !verified && !o.TrustEmail {
		return Visit{}, fault.New(fault.Denied, "The provider does not say that %s is verified to be yours.", word)
	}
	p, err := personOf(g.Org(), o.Person, word)
	if err != nil {
		return Visit{}, err
	}
	v := Visit{Who: p.ID, Name: p.Name, Kind: Person, Groups: g.Config.named(s.list(o.Groups))}
	if g.Find != nil {
		if v.Listed, err = g.Find(ctx, p.Email); err != nil {
			return Visit{}, err
		}
	}
	v.Hash = strings.Repeat("-", 12) // none yet
	_, err = g.is(ctx, v)
	return v, err
}

// personOf is whom a word means: the ID of a person, or the address when the claim is the address.
func personOf(o *org.Org, claim, word string) (org.Person, error) {
	if claim != "email" {
		if p, ok := o.Person(word); ok {
			return p, nil
		}
	}
	var found []org.Person
	if o != nil {
		for _, p := range o.People {
			if p.Email != "" && strings.EqualFold(p.Email, word) {
				found = append(found, p)
			}
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return org.Person{}, fault.New(fault.Denied, "%s is nobody among the people of org.yaml. Ask whoever keeps it.", plainWord(word))
	}
	return org.Person{}, fault.New(fault.Denied, "%s is the address of more than one of the people of org.yaml. Ask whoever keeps it.", plainWord(word))
}
