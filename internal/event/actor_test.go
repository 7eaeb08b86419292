package event_test

import (
	"testing"
	"time"

	"jobzero/internal/event"
)

func TestASessionIsItsRoleUnlessItsNameIsAPersons(t *testing.T) {
	const (
		role    = "arn:aws:iam::111122223333:role/deploy"
		session = "arn:aws:sts::111122223333:assumed-role/deploy/i-0f3a"
		sso     = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0a1b"
		kim     = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0a1b/kim@example.com"
	)
	for name, c := range map[string]struct {
		actor event.Actor
		want  string
	}{
		"a session of a role":        {event.Actor{Type: "AssumedRole", ARN: session, IssuerARN: role, IssuerName: "deploy"}, role},
		"its role is not named":      {event.Actor{Type: "AssumedRole", ARN: session, IssuerARN: role}, role},
		"the role is not known":      {event.Actor{Type: "AssumedRole", ARN: session}, session},
		"a person's session":         {event.Actor{Type: "AssumedRole", ARN: kim, IssuerARN: sso, IssuerName: "AWSReservedSSO_Admin_0a1b"}, kim},
		"a person's, role not named": {event.Actor{Type: "AssumedRole", ARN: kim, IssuerARN: sso}, kim},
		"a user":                     {event.Actor{Type: "IAMUser", ARN: "arn:aws:iam::111122223333:user/kim"}, "arn:aws:iam::111122223333:user/kim"},
		"a role that only looks so":  {event.Actor{Type: "AssumedRole", ARN: session, IssuerARN: "arn:aws:iam::111122223333:role/x-AWSReservedSSO_"}, "arn:aws:iam::111122223333:role/x-AWSReservedSSO_"},
		"a service":                  {event.Actor{Type: "AWSService", InvokedBy: "ec2.amazonaws.com"}, "ec2.amazonaws.com"},
	} {
		if got := c.actor.Principal(); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// The newest touch is kept. One that claims to be of next year must not hide the real ones until then.
func TestATouchIsNeverOfTheFuture(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	for at, want := range map[time.Time]time.Time{now.Add(-time.Hour): now.Add(-time.Hour), now.AddDate(1, 0, 0): now} {
		if got := event.TouchOf(&event.Event{Time: at}, "k", now).Time; !got.Equal(want) {
			t.Errorf("an event of %s: touched at %s, want %s", at, got, want)
		}
	}
}
