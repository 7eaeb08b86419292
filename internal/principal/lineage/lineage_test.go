package lineage_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/source/cloudtrail"
)

const (
	ours   = "111122223333"
	theirs = "444455556666"
)

var morning = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// object is a JSON object of a record.
type object = map[string]any

var number int

// record makes a record at a minute of the morning.
func record(tb testing.TB, minute int, source, name string, who object, more ...object) *event.Record {
	tb.Helper()
	number++
	r := object{
		"eventID": fmt.Sprintf("e-%04d", number), "eventTime": morning.Add(time.Duration(minute) * time.Minute).Format(time.RFC3339),
		"eventSource": source, "eventName": name, "userIdentity": who, "recipientAccountId": ours, "awsRegion": "eu-central-1",
		"sourceIPAddress": "198.51.100.7", "eventType": "AwsApiCall",
	}
	for _, m := range more {
		maps.Copy(r, m)
	}
	return parsed(tb, r)
}

func parsed(tb testing.TB, r object) *event.Record {
	tb.Helper()
	raw, err := json.Marshal(r)
	if err != nil {
		tb.Fatal(err)
	}
	e, err := cloudtrail.Parse(raw, event.Origin{})
	if err != nil {
		tb.Fatal(err)
	}
	return e.Record()
}

// The identities.

func user(name, key string) object {
	return object{"type": "IAMUser", "arn": "arn:aws:iam::" + ours + ":user/" + name, "accountId": ours, "userName": name, "accessKeyId": key}
}

func service(name string) object { return object{"type": "AWSService", "invokedBy": name} }

func sessionOf(account, role, name string) string {
	return "arn:aws:sts::" + account + ":assumed-role/" + role + "/" + name
}

// session is a session of a role; path is the role's, such as aws-reserved/sso.amazonaws.com/.
func session(account, path, role, name, key string, context ...object) object {
	sc := object{"sessionIssuer": object{"type": "Role", "arn": "arn:aws:iam::" + account + ":role/" + path + role, "userName": role}}
	for _, c := range context {
		maps.Copy(sc, c)
	}
	return object{
		"type": "AssumedRole", "arn": sessionOf(account, role, name), "accountId": account, "accessKeyId": key,
		"principalId": "AROA" + role + ":" + name, "sessionContext": sc,
	}
}

// took is an AssumeRole and what it gave.
func took(tb testing.TB, minute int, who object, account, role, name, key string, more ...object) *event.Record {
	tb.Helper()
	return record(tb, minute, "sts.amazonaws.com", "AssumeRole", who, append([]object{{
		"requestParameters": object{"roleArn": "arn:aws:iam::" + account + ":role/" + role, "roleSessionName": name},
		"responseElements": object{
			"credentials":     object{"accessKeyId": key, "expiration": morning.Add(time.Duration(minute+60) * time.Minute).Format("Jan 2, 2006, 3:04:05 PM")},
			"assumedRoleUser": object{"arn": sessionOf(account, role, name), "assumedRoleId": "AROA" + role + ":" + name},
		},
	}}, more...)...)
}

func call(tb testing.TB, minute int, who object, more ...object) *event.Record {
	tb.Helper()
	return record(tb, minute, "s3.amazonaws.com", "DeleteBucket", who, more...)
}

// want is what a case expects; words are a part of the sentence.
type want struct {
	kind     lineage.Kind
	id       string
	account  string
	hops     int
	strength lineage.Strength
	words    string
}

func check(t *testing.T, g *lineage.Graph, r *event.Record, w want) lineage.Lineage {
	t.Helper()
	l, ok := g.Resolve(r)
	if !ok {
		t.Fatalf("nothing is known of %s", r.Raw)
	}
	got := want{l.Root.Kind, l.Root.ID, l.Root.Account, len(l.Chain), l.Strength, l.Words()}
	if !strings.Contains(got.words, w.words) {
		t.Errorf("words %q, want %q in them", got.words, w.words)
	}
	got.words, w.words = "", ""
	if got != w {
		t.Errorf("got  %+v\nwant %+v\n%s", got, w, l.Words())
	}
	return l
}

func TestRoots(t *testing.T) {
	mia := "arn:aws:iam::" + ours + ":user/mia"
	shared := object{"sharedEventID": "shared-1"}
	sso := session(ours, "aws-reserved/sso.amazonaws.com/eu-central-1/", "AWSReservedSSO_Admin_0123456789abcdef", "kim@example.com", "ASIASSO")
	saml := object{"type": "SAMLUser", "principalId": "x:kim", "userName": "kim", "identityProvider": "x"}
	github := object{"type": "WebIdentityUser", "userName": "repo:example/shop:ref:refs/heads/main", "identityProvider": "arn:aws:iam::" + ours + ":oidc-provider/token.actions.githubusercontent.com"}
	federated := object{
		"type": "FederatedUser", "arn": "arn:aws:sts::" + ours + ":federated-user/guest", "accountId": ours, "accessKeyId": "ASIAFED",
		"sessionContext": object{"sessionIssuer": object{"type": "IAMUser", "arn": mia, "userName": "mia"}},
	}
	assumedRoot := object{
		"type": "Root", "arn": "arn:aws:iam::" + theirs + ":root", "accountId": theirs, "accessKeyId": "ASIAROOT",
		"sessionContext": object{"assumedRoot": "true"},
	}
	web := session(ours, "", "web", "i-0abc0123", "ASIAEC2")
	cases := map[string]struct {
		learn []*event.Record
		call  *event.Record
		want  want
	}{
		"a user is the root": {nil, call(t, 5, user("mia", "AKIAMIA")), want{"person", mia, ours, 0, "proved", "mia of " + ours}},
		"root of an account": {
			nil, call(t, 5, object{"type": "Root", "arn": "arn:aws:iam::" + ours + ":root", "accountId": ours}),
			want{"account-root", "arn:aws:iam::" + ours + ":root", ours, 0, "proved", "the root user of " + ours},
		},
		"a role by its key": {
			[]*event.Record{took(t, 12, user("mia", "AKIAMIA"), ours, "deploy", "ci", "ASIA1")},
			call(t, 30, session(ours, "", "deploy", "ci", "ASIA1")),
			want{"person", mia, ours, 1, "proved", "mia of 111122223333, through role deploy in 111122223333, assumed 09:12"},
		},
		"a role by its name": {
			[]*event.Record{took(t, 12, user("mia", "AKIAMIA"), ours, "deploy", "ci", "ASIA1")},
			call(t, 30, session(ours, "", "deploy", "ci", "ASIA9")),
			want{"person", mia, ours, 1, "claimed", "mia of 111122223333 (claimed), through role deploy"},
		},
		"too late for the name": {
			[]*event.Record{took(t, 12, user("mia", "AKIAMIA"), ours, "deploy", "ci", "ASIA1")},
			call(t, 90, session(ours, "", "deploy", "ci", "ASIA9")),
			want{"unknown", sessionOf(ours, "deploy", "ci"), ours, 0, "unknown", "who took it on was not seen"},
		},
		"two had the name": {
			[]*event.Record{
				took(t, 12, user("mia", "AKIAMIA"), ours, "deploy", "ci", "ASIA1"), took(t, 13, user("tom", "AKIATOM"), ours, "deploy", "ci", "ASIA2"),
			},
			call(t, 30, session(ours, "", "deploy", "ci", "ASIA9")),
			want{"unknown", sessionOf(ours, "deploy", "ci"), ours, 0, "unknown", "different roots"},
		},
		"two had the name and one began then": {
			[]*event.Record{
				took(t, 12, user("mia", "AKIAMIA"), ours, "deploy", "ci", "ASIA1"), took(t, 13, user("tom", "AKIATOM"), ours, "deploy", "ci", "ASIA2"),
			},
			call(t, 30, session(ours, "", "deploy", "ci", "ASIA9", object{"attributes": object{"creationDate": "2026-03-02T09:12:01Z"}})),
			want{"person", mia, ours, 1, "claimed", "mia"},
		},
		"three hops": {
			[]*event.Record{
				took(t, 1, user("mia", "AKIAMIA"), ours, "a", "s", "ASIA1"), took(t, 2, session(ours, "", "a", "s", "ASIA1"), theirs, "b", "s", "ASIA2"),
				took(t, 3, session(theirs, "", "b", "s", "ASIA2"), theirs, "c", "s", "ASIA3"),
			},
			call(t, 4, session(theirs, "", "c", "s", "ASIA3")),
			want{"person", mia, ours, 3, "proved", "through role a in 111122223333, assumed 09:01, then role b in 444455556666"},
		},
		"another account by the shared event": {
			[]*event.Record{
				took(t, 1, object{"type": "AWSAccount", "accountId": ours, "principalId": "AIDAMIA"}, theirs, "b", "s", "ASIA2", shared, object{"recipientAccountId": theirs}),
				took(t, 1, user("mia", "AKIAMIA"), theirs, "b", "s", "ASIA2", shared),
			},
			call(t, 4, session(theirs, "", "b", "s", "ASIA2")),
			want{"person", mia, ours, 1, "proved", "mia of " + ours},
		},
		"the shared event without an answer": {
			[]*event.Record{
				took(t, 1, object{"type": "AWSAccount", "accountId": ours, "principalId": "AIDAMIA"}, theirs, "b", "s", "ASIA2", shared, object{"recipientAccountId": theirs}),
				record(t, 1, "sts.amazonaws.com", "AssumeRole", user("mia", "AKIAMIA"), shared, object{"responseElements": nil}),
			},
			call(t, 4, session(theirs, "", "b", "s", "ASIA2")),
			want{"person", mia, ours, 1, "proved", "mia of " + ours},
		},
		"another account that is not watched": {
			[]*event.Record{took(t, 1, object{"type": "AWSAccount", "accountId": theirs, "principalId": "AIDATOM"}, ours, "b", "s", "ASIA2")},
			call(t, 4, session(ours, "", "b", "s", "ASIA2")),
			want{"unknown", "AIDATOM", theirs, 1, "unknown", "records of its account were not seen"},
		},
		"another account's session by its id": {
			[]*event.Record{
				took(t, 1, user("mia", "AKIAMIA"), ours, "a", "s", "ASIA1"),
				took(t, 2, object{"type": "AWSAccount", "accountId": ours, "principalId": "AROAa:s"}, theirs, "b", "s", "ASIA2"),
			},
			call(t, 4, session(theirs, "", "b", "s", "ASIA2")),
			want{"person", mia, ours, 2, "claimed", "mia"},
		},
		"a refused AssumeRole teaches nothing": {
			[]*event.Record{took(t, 12, user("mia", "AKIAMIA"), ours, "deploy", "ci", "ASIA1", object{"errorCode": "AccessDenied"})},
			call(t, 30, session(ours, "", "deploy", "ci", "ASIA1")),
			want{"unknown", sessionOf(ours, "deploy", "ci"), ours, 0, "unknown", ""},
		},
		"Identity Center":                    {nil, call(t, 5, sso), want{"person", "kim@example.com", "", 1, "proved", "kim@example.com, through role AWSReservedSSO_Admin"}},
		"the name of Identity Center's role": {nil, call(t, 5, session(ours, "", "AWSReservedSSO_X_0", "kim@example.com", "ASIA7")), want{"person", "kim@example.com", "", 1, "claimed", "(claimed)"}},
		"Identity Center, then a role": {
			[]*event.Record{took(t, 12, sso, theirs, "deploy", "kim", "ASIA5")},
			call(t, 30, session(theirs, "", "deploy", "kim", "ASIA5")),
			want{"person", "kim@example.com", "", 2, "proved", "then role deploy in 444455556666, assumed 09:12"},
		},
		"a user of Identity Center": {
			nil, call(t, 5, object{"type": "IdentityCenterUser", "accountId": ours, "onBehalfOf": object{"userId": "u-1", "identityStoreArn": "arn:aws:identitystore::111122223333:identitystore/d-1"}}),
			want{"person", "u-1", "", 0, "proved", "u-1"},
		},
		"SAML": {
			[]*event.Record{record(t, 1, "sts.amazonaws.com", "AssumeRoleWithSAML", saml, object{"responseElements": object{
				"credentials": object{"accessKeyId": "ASIASAML"}, "subject": "kim", "issuer": "https://idp.example.com", "subjectType": "persistent",
				"assumedRoleUser": object{"arn": sessionOf(ours, "staff", "kim.lee"), "assumedRoleId": "AROAstaff:kim.lee"},
			}})},
			call(t, 30, session(ours, "", "staff", "kim.lee", "ASIASAML")),
			want{"person", "saml:https://idp.example.com:kim", "", 1, "proved", "kim, through role staff"},
		},
		"SAML with a made-up subject": {
			[]*event.Record{record(t, 1, "sts.amazonaws.com", "AssumeRoleWithSAML", saml, object{"responseElements": object{
				"credentials": object{"accessKeyId": "ASIASAML"}, "subject": "_f3a", "issuer": "https://idp.example.com", "subjectType": "transient",
				"assumedRoleUser": object{"arn": sessionOf(ours, "staff", "kim.lee")},
			}})},
			call(t, 30, session(ours, "", "staff", "kim.lee", "ASIASAML")),
			want{"person", "saml:https://idp.example.com:kim.lee", "", 1, "proved", "kim.lee"},
		},
		"a pipeline": {
			[]*event.Record{record(t, 1, "sts.amazonaws.com", "AssumeRoleWithWebIdentity", github, object{"responseElements": object{
				"credentials": object{"accessKeyId": "ASIAGIT"}, "assumedRoleUser": object{"arn": sessionOf(ours, "ci", "GitHubActions")},
			}})},
			call(t, 30, session(ours, "", "ci", "GitHubActions", "ASIAGIT")),
			want{"workload", "oidc:token.actions.githubusercontent.com:repo:example/shop:ref:refs/heads/main", "", 1, "proved", "repo:example/shop"},
		},
		"a session token": {
			[]*event.Record{record(t, 1, "sts.amazonaws.com", "GetSessionToken", user("mia", "AKIAMIA"), object{"responseElements": object{"credentials": object{"accessKeyId": "ASIAMFA"}}})},
			call(t, 30, user("mia", "ASIAMFA")),
			want{"person", mia, ours, 1, "proved", "through a session token, assumed 09:01"},
		},
		"a federated user": {
			[]*event.Record{record(t, 1, "sts.amazonaws.com", "GetFederationToken", user("mia", "AKIAMIA"), object{"responseElements": object{
				"credentials": object{"accessKeyId": "ASIAFED"}, "federatedUser": object{"arn": "arn:aws:sts::" + ours + ":federated-user/guest"},
			}})},
			call(t, 30, federated),
			want{"person", mia, ours, 1, "proved", "through federated user guest in 111122223333, assumed 09:01"},
		},
		"a federated user by its issuer": {nil, call(t, 30, federated), want{"person", mia, ours, 1, "proved", "federated user guest"}},
		"AssumeRoot": {
			[]*event.Record{record(t, 1, "sts.amazonaws.com", "AssumeRoot", user("mia", "AKIAMIA"), object{
				"requestParameters": object{"targetPrincipal": theirs}, "responseElements": object{"credentials": object{"accessKeyId": "ASIAROOT"}},
			})},
			call(t, 30, assumedRoot),
			want{"person", mia, ours, 1, "proved", "through the root user of 444455556666, assumed 09:01"},
		},
		"AssumeRoot that was not seen": {nil, call(t, 30, assumedRoot), want{"unknown", "arn:aws:iam::" + theirs + ":root", theirs, 0, "unknown", "not seen"}},
		"a change of roles in the console": {
			[]*event.Record{record(t, 1, "signin.amazonaws.com", "SwitchRole", session(theirs, "", "audit", "mia", ""), object{
				"additionalEventData": object{"SwitchFrom": mia}, "responseElements": object{"SwitchRole": "Success"},
			})},
			call(t, 30, session(theirs, "", "audit", "mia", "ASIACON"), object{"sessionCredentialFromConsole": "true"}),
			want{"person", mia, ours, 1, "claimed", "through role audit in 444455556666, assumed 09:01, in the console"},
		},
		"a session that went to the console": {
			[]*event.Record{
				took(t, 1, user("mia", "AKIAMIA"), ours, "deploy", "ci", "ASIA1"),
				record(t, 2, "signin.amazonaws.com", "GetSigninToken", session(ours, "", "deploy", "ci", "ASIA1"), object{"responseElements": object{"GetSigninToken": "Success"}}),
			},
			call(t, 3, session(ours, "", "deploy", "ci", "ASIA8", object{"attributes": object{"creationDate": "2026-03-02T09:02:00Z"}})),
			want{"person", mia, ours, 1, "claimed", "mia"},
		},
		"an instance": {
			[]*event.Record{took(t, 1, service("ec2.amazonaws.com"), ours, "web", "i-0abc0123", "ASIAEC2")},
			call(t, 30, web),
			want{"workload", "ec2:111122223333:i-0abc0123", ours, 1, "proved", "i-0abc0123 in 111122223333, through role web"},
		},
		"an instance by what AWS says": {
			nil, call(t, 30, session(ours, "", "web", "i-0abc0123", "ASIAEC2", object{"ec2RoleDelivery": "2.0"})),
			want{"workload", "ec2:111122223333:i-0abc0123", ours, 1, "proved", ""},
		},
		"the name of an instance is no instance": {nil, call(t, 30, web), want{"unknown", sessionOf(ours, "web", "i-0abc0123"), ours, 0, "unknown", ""}},
		"a function": {
			[]*event.Record{took(t, 1, service("lambda.amazonaws.com"), ours, "fn", "thumbs", "ASIAFN")},
			call(t, 30, session(ours, "", "fn", "thumbs", "ASIAFN")),
			want{"workload", "lambda:111122223333:thumbs", ours, 1, "proved", "thumbs in"},
		},
		"a function by what AWS says": {
			nil, call(t, 30, with(session(ours, "", "fn", "thumbs", "ASIAFN"), "inScopeOf", object{
				"issuerType": "AWS::Lambda::Function", "credentialsIssuedTo": "arn:aws:lambda:eu-central-1:111122223333:function:thumbs:$LATEST",
			})), want{"workload", "lambda:111122223333:thumbs", ours, 1, "proved", ""},
		},
		"a task": {
			[]*event.Record{took(t, 1, service("ecs-tasks.amazonaws.com"), ours, "task", "0123456789abcdef", "ASIAECS")},
			call(t, 30, session(ours, "", "task", "0123456789abcdef", "ASIAECS")),
			want{"workload", "ecs:111122223333:0123456789abcdef", ours, 1, "proved", ""},
		},
		"a service": {nil, call(t, 30, service("config.amazonaws.com")), want{"service", "config.amazonaws.com", "", 0, "proved", "config.amazonaws.com"}},
		"a role of a service": {
			nil, call(t, 30, session(ours, "aws-service-role/config.amazonaws.com/", "AWSServiceRoleForConfig", "x", "ASIA4")),
			want{"service", "config.amazonaws.com", ours, 1, "proved", ""},
		},
		"a source identity": {
			nil, call(t, 30, session(ours, "", "deploy", "ci", "ASIA9", object{"sourceIdentity": "kim@example.com"})),
			want{"person", "kim@example.com", "", 0, "claimed", "kim@example.com (claimed)"},
		},
		"a source identity that is contradicted": {
			[]*event.Record{took(t, 12, user("mia", "AKIAMIA"), ours, "deploy", "ci", "ASIA1")},
			call(t, 30, session(ours, "", "deploy", "ci", "ASIA1", object{"sourceIdentity": "kim@example.com"})),
			want{"person", mia, ours, 1, "proved", "mia"},
		},
		"a service that calls for somebody": {
			nil, call(t, 30, with(user("mia", "AKIAMIA"), "invokedBy", "cloudformation.amazonaws.com")),
			want{"person", mia, ours, 0, "proved", "by way of cloudformation.amazonaws.com"},
		},
		"a cycle": {
			[]*event.Record{took(t, 1, session(ours, "", "a", "s", "ASIA2"), ours, "b", "s", "ASIA1"), took(t, 1, session(ours, "", "b", "s", "ASIA1"), ours, "a", "s", "ASIA2")},
			call(t, 1, session(ours, "", "b", "s", "ASIA1")),
			want{"unknown", sessionOf(ours, "a", "s"), ours, 1, "unknown", "leads back"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			g := lineage.New(lineage.Options{})
			for _, r := range c.learn {
				g.Learn(r)
			}
			check(t, g, c.call, c.want)
		})
	}
}

func with(who object, name string, value any) object {
	out := maps.Clone(who)
	out[name] = value
	return out
}
