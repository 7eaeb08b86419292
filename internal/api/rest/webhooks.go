package rest

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"jobzero/internal/auth"
	"jobzero/internal/notify/subscription"
	"jobzero/internal/telemetry"
)

// Hooks is where addresses are subscribed that are told of changes.
type Hooks interface {
	Add(ctx context.Context, w subscription.Wish, by string) (subscription.Shown, telemetry.Secret, error)
	List(ctx context.Context) ([]subscription.Shown, error)
	One(ctx context.Context, name string) (subscription.Shown, error)
	Rotate(ctx context.Context, name string) (subscription.Shown, telemetry.Secret, error)
	Remove(ctx context.Context, name string) (subscription.Shown, error)
	Resume(ctx context.Context, name string) (subscription.Shown, error)
	Test(ctx context.Context, name string) (why, err error)
}

type hookList struct {
	Webhooks []subscription.Shown `json:"webhooks"`
}

// hookAsked has no Idempotency-Key, as rotateAsked has none: the answer has a secret, and answers to keys are kept for a day.
type hookAsked struct {
	Body struct {
		Name  string   `json:"name" minLength:"1" maxLength:"63" doc:"Small letters, digits and hyphens"`
		URL   string   `json:"url" minLength:"1" maxLength:"2048" doc:"https, and no address inside unless the settings let such ones be subscribed"`
		Kinds []string `json:"kinds,omitempty" maxItems:"30" doc:"As the stream of changes has them, such as ticket; left out: all"`
	}
}

type rotateAsked struct {
	ID string `path:"id" maxLength:"64" doc:"Its ID or its name"`
}

type hookNamed struct {
	ID  string `path:"id" maxLength:"64" doc:"Its ID or its name"`
	Key string `header:"Idempotency-Key" maxLength:"200"`
}

// secretHook is one with its secret, which is shown once.
type secretHook struct {
	subscription.Shown
	Secret string `json:"secret" doc:"What posts are signed with, as Standard Webhooks has it. It is shown once"`
}

type hookTried struct {
	Taken bool   `json:"taken"`
	Why   string `json:"why,omitempty"`
}

// webhooks let admins subscribe addresses that are told of changes.
func (s *server) webhooks() {
	route(s, plainGet("list-webhooks", "/webhooks", auth.Govern, "Addresses that are told of changes"), func(ctx context.Context, _ asked[struct{}]) (*answer[hookList], error) {
		all, err := s.Hooks.List(ctx)
		return &answer[hookList]{Body: hookList{full(all)}}, err
	})
	route(s, plainGet("show-webhook", "/webhooks/{id}", auth.Govern, "One of them, and how far it was told"), func(ctx context.Context, a asked[hookNamed]) (*answer[subscription.Shown], error) {
		one, err := s.Hooks.One(ctx, a.in.ID)
		return &answer[subscription.Shown]{Body: one}, err
	})
	route(s, plainPost("add-webhook", "/webhooks", auth.Govern, "Have an address told of changes from now on; its secret is shown once"), func(ctx context.Context, a asked[hookAsked]) (*answer[secretHook], error) {
		b := a.in.Body
		one, secret, err := s.Hooks.Add(ctx, subscription.Wish{Name: b.Name, URL: b.URL, Kinds: b.Kinds}, a.who.ID)
		return &answer[secretHook]{Body: secretHook{one, secret.Reveal()}}, err
	})
	route(s, plainPost("rotate-webhook", "/webhooks/{id}/rotate", auth.Govern, "Make a new secret; the one of before is valid beside it for a while"), func(ctx context.Context, a asked[rotateAsked]) (*answer[secretHook], error) {
		one, secret, err := s.Hooks.Rotate(ctx, a.in.ID)
		return &answer[secretHook]{Body: secretHook{one, secret.Reveal()}}, err
	})
	for _, verb := range []struct {
		Route
		do func(context.Context, string) (subscription.Shown, error)
	}{
		{plainPost("resume-webhook", "/webhooks/{id}/resume", auth.Govern, "Try again now, from where it was"), s.resumeHook},
		{plainPost("remove-webhook", "/webhooks/{id}/remove", auth.Govern, "Tell it no more"), s.removeHook},
	} {
		route(s, verb.Route, func(ctx context.Context, a asked[hookNamed]) (*answer[subscription.Shown], error) {
			one, err := verb.do(ctx, a.in.ID)
			return &answer[subscription.Shown]{Body: one}, err
		})
	}
	route(s, plainPost("test-webhook", "/webhooks/{id}/test", auth.Govern, "Post a ping now, and say what came of it"), func(ctx context.Context, a asked[hookNamed]) (*answer[hookTried], error) {
		why, err := s.Hooks.Test(ctx, a.in.ID)
		out := hookTried{Taken: why == nil}
		if why != nil {
			out.Why = why.Error()
		}
		return &answer[hookTried]{Body: out}, err
	})
	s.posted()
}

func (s *server) resumeHook(ctx context.Context, name string) (subscription.Shown, error) {
	return s.Hooks.Resume(ctx, name)
}

func (s *server) removeHook(ctx context.Context, name string) (subscription.Shown, error) {
	return s.Hooks.Remove(ctx, name)
}

// showsSecret reports whether an answer has a secret: such a one is not kept for repetitions.
func showsSecret(r *http.Request) bool {
	of, ok := strings.CutPrefix(r.URL.Path, Prefix+"/webhooks")
	return ok && (of == "" || strings.HasSuffix(of, "/rotate"))
}

// posted describes what is posted to addresses that were subscribed.
func (s *server) posted() {
	o := s.api.OpenAPI()
	text := func(name, say string) *huma.Param {
		return &huma.Param{Name: name, In: "header", Required: true, Description: say, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	schema := o.Components.Schemas.Schema(reflect.TypeFor[subscription.Event](), true, "Event")
	o.Webhooks = map[string]*huma.PathItem{"change": {Post: &huma.Operation{
		OperationID: "changed", Summary: "Something has changed",
		Description: "One post for each change, in the order of the chain: what is not taken is sent again under the same webhook-id, first after five seconds and at last " +
			"each hour, and what comes after it waits. After three days without a post that was taken there are no more. Signed as Standard Webhooks has it, by two secrets " +
			"for a while after a rotation.",
		Parameters: []*huma.Param{
			text("Webhook-Id", "That of the event: whoever has had it may ignore it"), text("Webhook-Timestamp", "When it was sent, in seconds: refuse what is older than five minutes"),
			text("Webhook-Signature", "v1, and Base64 of the HMAC-SHA256 of ID.TIMESTAMP.BODY, for each valid secret, with spaces between"),
		},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}},
		Responses: map[string]*huma.Response{
			"2XX": {Description: "It was taken. Answer at once, and work on it afterwards"}, "default": {Description: "It is sent again"},
		},
	}}}
}
