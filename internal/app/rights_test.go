package app

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// clerk is an account with one role, which may do an action on everything.
func clerk(action string) string {
	return fmt.Sprintf(`[{"type":"AWS::IAM::Role","account":"111122223333","id":"clerk","properties":{"RoleName":"clerk","AssumeRolePolicyDocument":{"Version":"2012-10-17",
"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}},"related":{"policies":[{"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":%q,"Resource":"*"}]}]}},{"type":"AWS::S3::Bucket","account":"111122223333","id":"things"}]`, action)
}

const askingText = `id: thing-unread
title: Nobody should read a thing
why: Because.
severity: medium
resource: Acme::Shop::Thing
expression: access.whoCan("s3:GetObject", "arn:aws:s3:::things/" + resource.id).size() == 0
`

// What expectations ask of who may do what is unknown until it was read, follows the files, and has what was judged by the old ones judged
// again, though the resource is as it was.
func TestExpectationsFollowWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	s := newStall(t, "good")
	dir := t.TempDir()
	put := func(text string, day int) {
		path := filepath.Join(dir, "iam.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 3, day, 0, 0, 0, 0, time.UTC) // files that are written at once may have one time
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(s.settings.Content.Expectations[0], "unread.yaml"), []byte(askingText), 0o600); err != nil {
		t.Fatal(err)
	}
	s.settings.Access.From = []string{dir}
	s.starts()
	s.world.all["till"] = map[string]any{"good": true}
	verdict := func() string {
		s.looks("till")
		r, _ := s.row("till")
		switch {
		case slices.Contains(r.Passing, "thing-unread"):
			return "pass"
		case slices.Contains(r.Failing, "thing-unread"):
			return "fail"
		case slices.Contains(r.Unknown, "thing-unread"):
			return "unknown"
		}
		return "nothing"
	}
	if got := verdict(); got != "unknown" {
		t.Errorf("before anything was read: %s", got)
	}
	for day, c := range []struct{ action, want string }{{"s3:PutObject", "pass"}, {"s3:GetObject", "fail"}, {"s3:PutObject", "pass"}} {
		put(clerk(c.action), day+1)
		if err := s.refreshRights(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := verdict(); got != c.want {
			t.Errorf("with %s on day %d: %s: want %s", c.action, day+1, got, c.want)
		}
	}
	s.reloads() // what people write; who may do what stays
	if got := verdict(); got != "pass" {
		t.Errorf("after a reload: %s", got)
	}
	for day, c := range []struct{ text, want string }{{`{"UserDetailList":[`, "iam.json"}, {`{"a":1}`, "nobody"}} {
		put(c.text, day+10)
		if err := s.refreshRights(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v: want an error with %s", c.text, err, c.want)
		}
	}
	if got := verdict(); got != "pass" {
		t.Errorf("after a broken file: %s", got)
	}
}

// What is read while nothing has changed is not read again, and lists of types that ask are swept when it has.
func TestRightsThatChangeHaveListsSwept(t *testing.T) {
	t.Parallel()
	s := newStall(t, "good")
	if err := os.WriteFile(filepath.Join(s.settings.Content.Expectations[0], "unread.yaml"), []byte(askingText), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "iam.json")
	if err := os.WriteFile(path, []byte(clerk("s3:GetObject")), 0o600); err != nil {
		t.Fatal(err)
	}
	s.settings.Access.From = []string{path}
	s.starts()
	must(s.sweep(t.Context(), thingsThere))(t)
	worked(t, s.House)
	if err := s.refreshRights(t.Context()); err != nil {
		t.Fatal(err)
	}
	now, first := s.clock.Now(), s.rights.Load()
	if due := must(s.store.Unsent(t.Context(), legSweep, now, now, 10))(t); len(due) != 1 {
		t.Errorf("%d lists are to be swept: want 1", len(due))
	}
	if err := s.refreshRights(t.Context()); err != nil || s.rights.Load() != first {
		t.Errorf("files that have not changed were read again, %v", err)
	}
}
