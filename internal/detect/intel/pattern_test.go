package intel_test

import (
	"strings"
	"testing"

	"jobzero/internal/detect/intel"
)

// taken says what becomes of a pattern: empty when it is taken, else why not.
func taken(t testing.TB, pattern string) string {
	t.Helper()
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(pattern)
	_, r := read(t, intel.Options{}, `{"objects":[{"type":"indicator","id":"i","pattern_type":"stix","pattern":"`+quoted+`"}]}`)
	if r.Bad+r.Taken == 0 {
		t.Fatalf("%s: neither taken nor bad", pattern)
	}
	if r.Bad > 0 {
		return r.Errors[0].Error()
	}
	return ""
}

// TestPatterns: what is read, and what is an error that names what cannot be.
func TestPatterns(t *testing.T) {
	for pattern, want := range map[string]string{
		`[ipv4-addr:value = '192.0.2.1']`:                                                                                         "",
		`([ipv4-addr:value='192.0.2.1'])OR[domain-name:value='a.example.com']`:                                                    "",
		`[ipv4-addr:value IN ('192.0.2.1', '192.0.2.2') AND (url:value = 'http://a.example.com/' OR user-account:user_id = 'x')]`: "",
		`[file:hashes.'SHA-256' = '` + strings.Repeat("a", 64) + `' OR file:hashes.MD5 = '` + strings.Repeat("b", 32) + `']`:      "",
		`[domain-name:value MATCHES '^evil[0-9]+\\.example\\.com$']`:                                                              "",
		`[ipv4-addr:value = '192.0.2.1' AND user-account:user_id NOT = 'mia']`:                                                    "",
		`[autonomous-system:number = 64496]`:                                                                                      "",
		`[user-account:user_id = 'it\'s \\ me']`:                                                                                  "",
		`[email-message:to_refs[*].value = 'kim@example.com']`:                                                                    "",

		`[ipv4-addr:value = '192.0.2.1'] AND [ipv4-addr:value = '192.0.2.2']`:          "AND between or behind observations",
		`[ipv4-addr:value = '192.0.2.1'] WITHIN 5 SECONDS`:                             "WITHIN between or behind",
		`[ipv4-addr:value = '192.0.2.1'] REPEATS 5 TIMES`:                              "REPEATS between or behind",
		`[ipv4-addr:value = '192.0.2.1'] START t'2026-01-01T00:00:00Z'`:                "START between or behind",
		`([ipv4-addr:value = '192.0.2.1'] FOLLOWEDBY [ipv4-addr:value = '192.0.2.1'])`: "FOLLOWEDBY between or behind",
		`[EXISTS ipv4-addr:value]`:                                                     "EXISTS asks",
		`[process:name = 'x']`:                                                         "process:name is not compared here",
		`[file:name = 'x']`:                                                            "file:name is not compared here",
		`[ipv4-addr:value != '192.0.2.1']`:                                             "only what an event must not have",
		`[user-account:user_id LIKE '%']`:                                              "matches everything",
		`[user-account:user_id MATCHES '(?=a)']`:                                       "is not an expression of RE2",
		`[ipv4-addr:value > '192.0.2.1']`:                                              `the comparison ">" is not known`,
		`[user-account:user_id ISSUBSET 'x']`:                                          "ISSUBSET is about addresses",
		`[ipv4-addr:value ISSUBSET '0.0.0.0/0']`:                                       "too wide",
		`[user-account:user_id = t'2026-01-01T00:00:00Z']`:                             "times and bytes",
		`[ipv4-addr:value = '192.0.2.1'`:                                               "the pattern ends where ] was expected",
		`[ipv4-addr:value = '192.0.2.1`:                                                "is not closed",
		`[ipv4-addr:value]`:                                                            "] stands in the pattern",
		`ipv4-addr:value = '192.0.2.1'`:                                                "an observation in [ ] was expected",
		`[ipv4-addr:value = '192.0.2.1'] x`:                                            `"x" stands in the pattern where the end was expected`,
		``:                                                                             "the pattern ends where an observation",
		strings.Repeat("(", 100) + "[ipv4-addr:value = '192.0.2.1']":                   "nested too deep",
		`[ipv4-addr:value IN ('192.0.2.1'` + strings.Repeat(`,'192.0.2.1'`, 5000) + `)]`: "more than 4096 values",
		`[` + strings.Repeat("x", 70<<10) + `]`:                                          "the pattern has",
	} {
		got := taken(t, pattern)
		if want == "" && got != "" || !strings.Contains(strings.ReplaceAll(got, `"]" stands`, "] stands"), want) {
			t.Errorf("%.80s: got %q, want %q", pattern, got, want)
		}
	}
}

func FuzzPattern(f *testing.F) {
	for _, s := range []string{
		`[ipv4-addr:value = '192.0.2.1' AND (domain-name:value LIKE '%.example.com' OR url:value IN ('a','b'))] OR [file:hashes.'SHA-1' != 'x']`,
		`[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' MATCHES '^a\\d+$']`, `[x-a:b[*].c = 5] WITHIN 5 SECONDS`,
	} {
		f.Add(s)
	}
	r := call(f, "192.0.2.1", "AKIAIOSFODNN7EXAMPLE")
	f.Fuzz(func(t *testing.T, pattern string) {
		quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\r", `\r`).Replace(pattern)
		b := intel.NewBuilder(intel.Options{Deep: true})
		rep, err := b.Read("f", strings.NewReader(`{"objects":[{"type":"indicator","id":"i","pattern":"`+quoted+`"}]}`))
		if err != nil {
			return // a control character: no JSON
		}
		if (rep.Taken > 0) == (rep.Bad > 0) {
			t.Fatalf("%+v", rep)
		}
		b.Set().Detect(r)
	})
}

// FuzzRead: no text breaks a reader, and every error says where.
func FuzzRead(f *testing.F) {
	for _, s := range []string{bundle, misp, `{"response":[` + misp + `]}`, "type,value,confidence\nip,198.51.100.7,5\n", "198.51.100.7\nevil.example.com\n"} {
		f.Add(s)
	}
	r := call(f, "198.51.100.7", "AKIAIOSFODNN7EXAMPLE", `"requestParameters":{"a":"evil.example.com"}`)
	f.Fuzz(func(t *testing.T, text string) {
		b := intel.NewBuilder(intel.Options{Deep: true, Max: 1000})
		rep, err := b.Read("feed", strings.NewReader(text))
		if err != nil && !strings.HasPrefix(err.Error(), "feed") {
			t.Fatalf("no place: %v", err)
		}
		for _, e := range rep.Errors {
			if !strings.HasPrefix(e.Error(), "feed:") {
				t.Fatalf("no place: %v", e)
			}
		}
		s := b.Set()
		if s.Len() != rep.Taken {
			t.Fatalf("%d taken, %d there", rep.Taken, s.Len())
		}
		for _, m := range s.Detect(r) {
			if m.Rule.ID == "" || m.Rule.Level.Rank() == 0 || len(m.Why) == 0 {
				t.Fatalf("odd match %+v", m)
			}
		}
	})
}
