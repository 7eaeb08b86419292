package playbooks_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"jobzero/content"
	"jobzero/internal/action"
	actions "jobzero/internal/action/builtin"
	"jobzero/internal/awsorg"
	"jobzero/internal/expect"
	"jobzero/internal/inventory"
	readers "jobzero/internal/inventory/builtin"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/verdict"
	"jobzero/internal/store"
	"jobzero/internal/testmoto"
)

// expectations are all that the content has. They are read once, and are safe for many at a time.
var expectations = sync.OnceValues(func() (*expect.Set, error) { return expect.Open(content.FS(), "expectations") }) //nolint:gochecknoglobals // dear to make

// withPolicies is an emulator that has AWS's own policies; it ends with the program. Whether one has them is said when it starts.
var withPolicies = sync.OnceValues(func() (*testmoto.Server, error) { //nolint:gochecknoglobals // one server a test program is the point
	const load = "MOTO_IAM_LOAD_MANAGED_POLICIES"
	elsewhere := os.Getenv(testmoto.EnvEndpoint)
	defer func() { _, _ = os.Unsetenv(load), os.Setenv(testmoto.EnvEndpoint, elsewhere) }()
	if err := errors.Join(os.Setenv(load, "true"), os.Setenv(testmoto.EnvEndpoint, "")); err != nil {
		return nil, err
	}
	return testmoto.Start(context.Background())
})

// town is one account with a director of its own, and a witness between the two.
type town struct {
	*testing.T
	stand     *testmoto.Contract // everything goes through it, and it notes what
	behind    *testmoto.Beside   // nil: the emulator itself
	account   string
	owner     aws.Config
	hands     *action.Catalogue
	inventory *inventory.Catalogue
	wishes    *expect.Set
	store     *store.Store
	director  *playbook.Director
	now       time.Time
	met       met
}

// newTown makes an account, and all that runs playbooks in it as the house joins them.
func newTown(t *testing.T, all []book.Definition, s scene) *town {
	t.Helper()
	w := &town{T: t, account: testmoto.Account(), now: time.Now().UTC().Truncate(time.Second)}
	server, reply := testmoto.Shared(t), testmoto.Reply(emulatorOnly)
	if s.policies {
		server = must[*testmoto.Server](w)(withPolicies())
	}
	glass := mirror{w, server.Config(w.account)} // of the account that it begins with
	if s.beside {
		w.behind = testmoto.NewBeside(t, server)
		server = w.behind.Server
	}
	if s.reply != nil {
		reply = s.reply()
	}
	w.stand = testmoto.NewStandIn(t, server, func(rw http.ResponseWriter, c testmoto.Call) bool { return glass.answer(rw, c) || reply(rw, c) })
	w.owner = w.stand.Config(w.account)
	w.wishes = must[*expect.Set](w)(expectations())
	c := awsorg.DefaultConfig()
	c.Endpoint, c.MaxBackoff, c.RateLimit, c.Burst = w.stand.Endpoint, 50*time.Millisecond, 1000, 1000
	c.Credentials = credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "emulator-only", "")
	way := must[*awsorg.Org](w)(awsorg.New(t.Context(), c))
	t.Cleanup(way.Close)
	w.hands = must[*action.Catalogue](w)(action.New(way, actions.All(actions.Options{})...))
	w.inventory = must[*inventory.Catalogue](w)(inventory.New(way, readers.Readers()...))
	w.store = must[*store.Store](w)(store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "town.db")))
	t.Cleanup(func() { _ = w.store.Close() })
	config := playbook.DefaultConfig()
	config.Mode = playbook.Enforce
	ids := 0
	w.director = playbook.New(playbook.Options{
		Store: w.rows(), Judge: w, Hands: w.hands, Gather: w.gather, Now: func() time.Time { return w.now }, Chance: func() float64 { return 0 },
		Config: func() playbook.Config { return config }, Playbooks: func() []book.Definition { return all },
		NewID:    func(time.Time) string { ids++; return fmt.Sprint("run-", ids) },
		Verdicts: func() playbook.Verdicts { return playbook.Verdicts{Mode: verdict.Plan} },
		Facts:    playbook.Facts{Account: w.facts},
	})
	return w
}

func (w *town) rows() playbook.Store {
	return store.In(w.store, func(tx *store.Tx) playbook.Tx { return tx })
}

// view reads rows.
func (w *town) view(do func(tx playbook.Tx) error) {
	w.Helper()
	if err := w.rows().View(w.Context(), do); err != nil {
		w.Fatal(err)
	}
}

// facts are what the organisation says of the account: how its quarantine is called is in tags.
func (w *town) facts(id string) map[string]any {
	tags := map[string]any{}
	for name, value := range w.met.tags {
		tags[name] = value
	}
	return map[string]any{"id": id, "name": "shop", "environment": "production", "tags": tags}
}

// must fails the test on an error.
func must[T any](w *town) func(T, error) T {
	w.Helper()
	return func(v T, err error) T {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
		return v
	}
}
