package config

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/fault"
)

// Problem is one thing that is wrong with the settings.
type Problem struct {
	Key  string // where: accounts[0].id
	Text string // what, and what to do
}

// Validate gives all problems as one error, or nil.
func (c Config) Validate() error { return places{}.report(c.Problems()) }

var (
	accountForm = regexp.MustCompile(`^\d{12}$`)
	regionForm  = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$`)
	typeForm    = regexp.MustCompile(`^\w+::\w+::\w+$`)
)

// What a lease may be: it is renewed three times in its length, and a database that is busy may take seconds for that.
const minLease, maxLease = 5 * time.Second, 10 * time.Minute

// minToken is as short as a token may be that strangers may try to guess, in bytes: 128 random bits take 22 in Base64.
const minToken = 22

// maxLateness is longer than any delivery of AWS takes; queues keep a message for longer, but a window is held for that long.
const maxLateness = 7 * 24 * time.Hour

// Problems names everything that is wrong. What can only be seen by opening a file's content is the business of its room.
func (c Config) Problems() []Problem {
	var found problems
	c.checkPlaces(&found)
	c.checkAccounts(&found)
	c.checkContent(&found)
	c.checkArchive(&found)
	_, bad := c.Logs.Options()
	for _, b := range bad {
		found.add("logs."+b.Key, "%s", b.Text)
	}
	c.checkRooms(&found)
	c.checkAuth(&found)
	c.checkEnforce(&found)
	c.checkBaselines(&found)
	c.checkLedger(&found)
	c.checkReconcile(&found)
	c.checkAudit(&found)
	c.checkLeavers(&found)
	c.checkOutside(&found)
	c.checkInfrastructure(&found)
	switch {
	case c.Lease < minLease || c.Lease > maxLease:
		found.add("lease", "%s: want %s to %s; shorter, and a slow process loses its work to another one", c.Lease, minLease, maxLease)
	case c.Lateness < 0 || c.Lateness > maxLateness:
		found.add("lateness", "%s: want 0 to %s; the longer, the later is known that something did not happen", c.Lateness, maxLateness)
	case c.Sweep.Every < 0:
		found.add("sweep.every", "%s: want a duration such as 6h, or 0 for never", c.Sweep.Every)
	case c.Sweep.Every > 0 && c.Sweep.Every.Minutes() < 1:
		found.add("sweep.every", "%s: a sweep reads every account and takes minutes: want 1m or more", c.Sweep.Every)
	}
	if c.Access.Look < time.Second {
		found.add("access.look", "%s: want a duration of a second or more, such as 1m", c.Access.Look)
	}
	if e := c.Access.Every; e != 0 && e < 10*time.Minute {
		found.add("access.every", "%s: every account is read as a whole: want 10m or more, or 0 for never", e)
	}
	if n := len(c.SCIM.Token.Reveal()); n > 0 && n < minToken {
		found.add("scim.token", "is too short to be safe: make one with `openssl rand -base64 32`")
	}
	for i, t := range c.Sweep.Types {
		if !typeForm.MatchString(string(t)) {
			found.add(at("sweep.types", i), "%q: want a resource type such as AWS::S3::Bucket", t)
		}
	}
	return found
}

// checkRooms asks the rooms whose settings they are.
func (c Config) checkRooms(found *problems) {
	for _, r := range []struct {
		key string
		err error
	}{
		{"log", c.Log.Validate()},
		{"aws", c.AWS.Validate()},
		{"playbooks", c.Playbooks.Validate()},
		{"verdicts", c.Verdicts.Validate()},
		{"console", c.Console.Validate()},
		{"break_glass", c.BreakGlass.Validate()},
		{"pulse", c.Pulse.Validate()},
		{"report", c.Report.Validate()},
		{"subscriptions", c.Subscriptions.Validate()},
	} {
		if r.err != nil {
			found.room(r.key, r.err)
		}
	}
}

type problems []Problem

func (p *problems) add(key, format string, args ...any) {
	*p = append(*p, Problem{key, fmt.Sprintf(format, args...)})
}

// roomKey is the key that a room's own text may begin with.
var roomKey = regexp.MustCompile(`^(?:[a-z_]+\.)?([a-z_]+(?:\[\d+\])?(?:\.[a-z_]+)*):? (.*)$`)

// room takes over what a room says about its part. The rooms begin with the key, some with the part's name before it.
func (p *problems) room(part string, err error) {
	if m := roomKey.FindStringSubmatch(err.Error()); m != nil {
		p.add(part+"."+m[1], "%s", m[2])
		return
	}
	p.add(part, "%s", err)
}

func at(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

// checkPlaces looks at where things are: database, bus, folder, address. Texts that may hold a password are not repeated.
func (c Config) checkPlaces(p *problems) {
	scheme, rest, _ := strings.Cut(c.DatabaseURL().Reveal(), "://")
	switch {
	case scheme == "postgres", scheme == "postgresql":
		if _, err := url.Parse(c.Database.Reveal()); err != nil {
			p.add("database", "is no URL: want postgres://user:password@host:5432/name; write special characters of the password as %%XX")
		}
	case scheme == "sqlite" && rest != "":
	default:
		p.add("database", "want nothing (SQLite in data_dir), sqlite://PATH or postgres://user:password@host:5432/name")
	}
	if c.Bus != Embedded {
		for _, s := range strings.Split(c.Bus.Reveal(), ",") {
			u, err := url.Parse(strings.TrimSpace(s))
			if err != nil || u.Host == "" || !slices.Contains([]string{"nats", "tls", "ws", "wss"}, u.Scheme) {
				p.add("bus", "want embedded, or nats://host:4222 with more servers after commas")
				break
			}
		}
	}
	if c.DataDir == "" {
		p.add("data_dir", "is empty: want a folder; it is made when it does not exist")
	} else if info, err := os.Stat(c.DataDir); err == nil && !info.IsDir() {
		p.add("data_dir", "%s is a file: want a folder", c.DataDir)
	}
	_, port, err := net.SplitHostPort(c.Listen)
	if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 0 || n > 65535 {
		p.add("listen", "%q: want host:port such as 127.0.0.1:8080", c.Listen)
	}
}

func (c Config) checkAccounts(p *problems) {
	seen, lister := map[string]bool{}, ""
	for i, a := range c.Accounts {
		key := at("accounts", i)
		if a.Organization && lister != "" {
			p.add(key+".organization", "account %s lists the organisation's accounts already: one is enough", lister)
		}
		if a.Organization {
			lister = a.ID
		}
		switch {
		case !accountForm.MatchString(a.ID):
			p.add(key+".id", "%q: want twelve digits, in quotes when the first is 0", a.ID)
		case seen[a.ID]:
			p.add(key+".id", "%s is there twice", a.ID)
		}
		seen[a.ID] = true
		if len(a.Regions) == 0 {
			p.add(key+".regions", "is empty: name the regions to sweep")
		}
		for j, r := range a.Regions {
			if !regionForm.MatchString(r) {
				p.add(at(key+".regions", j), "%q: want a region such as eu-central-1", r)
			}
		}
	}
	checkQueues(p, "sources.eventbridge", c.Sources.EventBridge)
	checkQueues(p, "sources.s3", c.Sources.S3)
}

func checkQueues(p *problems, list string, queues []Queue) {
	seen := map[string]bool{}
	for i, q := range queues {
		key := at(list, i)
		u, err := url.Parse(q.URL)
		switch {
		case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
			p.add(key+".queue", "%q: want the queue's URL, https://sqs.REGION.amazonaws.com/ACCOUNT/NAME", q.URL)
		case seen[q.URL]:
			p.add(key+".queue", "%s is there twice: its messages would go to one of the two", q.URL)
		}
		seen[q.URL] = true
		if q.Wait < 0 || q.Wait > 20*time.Second || q.Wait%time.Second != 0 {
			p.add(key+".wait", "%s: want whole seconds from 1s to 20s", q.Wait)
		}
		if q.Visibility != 0 && (q.Visibility < 2*time.Second || q.Visibility > 12*time.Hour) {
			p.add(key+".visibility", "%s: want from 2s to 12h", q.Visibility)
		}
		if q.Region != "" && !regionForm.MatchString(q.Region) {
			p.add(key+".region", "%q: want a region such as eu-central-1", q.Region)
		}
	}
}

// checkEnforce looks at the accounts of the switches: a mistyped number would leave enforcement off without a word.
func (c Config) checkEnforce(p *problems) {
	for i, s := range c.Playbooks.Enforce {
		for j, a := range s.Accounts {
			if a != "*" && !accountForm.MatchString(a) {
				p.add(at(at("playbooks.enforce", i)+".accounts", j), "%q: want twelve digits or \"*\"", a)
			}
		}
	}
}

// places knows where a key was said.
type places struct {
	text text
	from map[string]string
}

func (w *places) override(o Override) {
	if w.from == nil {
		w.from = map[string]string{}
	}
	w.from[o.Key] = o.From
}

// report makes one error of the problems, each with the place where its key was said.
func (w places) report(found []Problem) error {
	lines := make([]string, 0, len(found))
	for _, p := range found {
		lines = append(lines, w.place(p.Key)+p.Key+": "+p.Text)
	}
	switch len(lines) {
	case 0:
		return nil
	case 1:
		return fault.New(fault.Invalid, "%s", lines[0])
	}
	return fault.New(fault.Invalid, "the settings have %d problems:\n  %s", len(lines), strings.Join(lines, "\n  "))
}
