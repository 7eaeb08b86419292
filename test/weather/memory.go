package weather

import (
	"cmp"
	"net/http"
	"strings"
	"sync"
	"time"

	"jobzero/internal/testmoto"
)

// answer is what the emulator said.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// give hands an answer on.
func (a answer) give(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that has gone hears nothing
}

// memory keeps what each read was answered last, and since when that is an old answer. Accounts are told apart by the role that asks: keys of
// sessions come and go.
type memory struct {
	mu      sync.Mutex
	reads   map[string]map[string]*kept // by account and call
	account map[string]string           // by key
}

// kept is an answer, and when the account was changed first since it was given.
type kept struct {
	answer
	changed time.Time
}

func newMemory() *memory {
	return &memory{reads: map[string]map[string]*kept{}, account: map[string]string{}}
}

// enter keeps whose key a session's is: STS has just made it.
func (m *memory) enter(c testmoto.Call, a answer) {
	if c.Service != "sts" || c.Action != "AssumeRole" || a.status != http.StatusOK {
		return
	}
	_, rest, _ := strings.Cut(string(c.Body), "RoleArn=arn%3Aaws%3Aiam%3A%3A")
	account, _, ok := strings.Cut(rest, "%3A")
	_, rest, _ = strings.Cut(string(a.body), "<AccessKeyId>")
	key, _, found := strings.Cut(rest, "<")
	if ok && found {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.account[key] = account
	}
}

// change notes that something was changed in the account of a call.
func (m *memory) change(c testmoto.Call, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, k := range m.reads[m.who(c)] {
		if k.changed.IsZero() {
			k.changed = now
		}
	}
}

// note keeps the answer to a read. Where there is one from before a change that is less than a while ago, it gives that instead.
func (m *memory) note(c testmoto.Call, a answer, within time.Duration, now time.Time) (old answer, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	who, call := m.who(c), c.Method+" "+c.URL+" "+string(c.Body)
	if m.reads[who] == nil {
		m.reads[who] = map[string]*kept{}
	}
	if k := m.reads[who][call]; k != nil && !k.changed.IsZero() && now.Sub(k.changed) < within {
		return k.answer, true
	}
	m.reads[who][call] = &kept{answer: a}
	return answer{}, false
}

func (m *memory) who(c testmoto.Call) string { return cmp.Or(c.Account, m.account[c.Key], c.Key) }
