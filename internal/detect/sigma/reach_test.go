package sigma_test

import (
	"slices"
	"strings"
	"testing"

	"jobzero/internal/detect/sigma"
)

func TestSenseless(t *testing.T) {
	for detection, want := range map[string]string{
		"s: {f: 1}\ncondition: s":                                                        "",
		"s: {f: 1}\ncondition: s and not s":                                              "never",
		"s: {f: 1}\ncondition: s or not s":                                               "always",
		"s: {f: 1}\nt: {g: 1}\ncondition: 1 of them and not (s or t)":                    "never",
		"s: {f: 1}\nt: {g: 1}\ncondition: all of them and not s":                         "never",
		"s: {eventName: A}\nt: {eventName: B}\ncondition: s and t":                       "eventName to be two things",
		"s: {eventName: A}\nt: {eventName: a}\ncondition: s and t":                       "",
		"s: {eventName: [A, B]}\nt: {eventName: [B, C]}\ncondition: s and t":             "",
		"s: {eventName: A}\nt: {eventName: B}\ncondition: s or t":                        "",
		"s: {eventName: A}\nt: {eventName|neq: B}\ncondition: s and t":                   "",
		"s: {eventName: A}\nt: {eventName: B*}\ncondition: s and t":                      "",
		"s: {eventSource: a}\nt: {eventSource: b}\nu: {f: 1}\ncondition: s and (t or u)": "",
		"s: {eventSource: a}\nt: {eventSource: b}\ncondition: all of them":               "eventSource to be two things",
		"s: {requestParameters.a: a}\nt: {requestParameters.a: b}\ncondition: s and t":   "", // a list may have both
	} {
		got := compile(t, detection).Senseless()
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", detection, got, want)
		}
	}
}

func TestUnused(t *testing.T) {
	c := compile(t, "a: {f: 1}\nb: {f: 2}\n_c: {f: 3}\nd_1: {f: 4}\ncondition: a or 1 of d_*")
	if got := c.Unused(); !slices.Equal(got, []string{"b", "_c"}) {
		t.Errorf("%v", got)
	}
	if got := compile(t, "a: {f: 1}\nb: {f: 2}\ncondition: 1 of them").Unused(); got != nil {
		t.Errorf("them: %v", got)
	}
}

func TestAttack(t *testing.T) {
	for tag, want := range map[string][2]bool{
		"attack.t1078": {true, true}, "attack.t1078.004": {true, true}, "attack.T1078": {true, true}, "attack.ta0001": {true, true},
		"attack.g0016": {true, true}, "attack.s0154": {true, true}, "attack.ds0017": {true, true}, "attack.m1013": {true, true},
		"attack.defense-evasion": {true, true}, "attack.defense_evasion": {true, true}, "attack.stealth": {true, true},
		"attack.t107": {true, false}, "attack.t1078.4": {true, false}, "attack.t10780": {true, false}, "attack.x1078": {true, false},
		"attack.g0016.001": {true, false}, "attack.": {true, false}, "attack.defence-evasion": {true, false}, "attack.1078": {true, false},
		"attack.t1078.": {true, false}, "cve.2021-44228": {}, "attack": {}, "": {},
	} {
		if is, ok := sigma.Attack(tag); is != want[0] || ok != want[1] {
			t.Errorf("%q: %v, %v", tag, is, ok)
		}
	}
}

func TestTexts(t *testing.T) {
	r, err := sigma.ParseRule("r.yml", []byte(`title: t
logsource: {product: aws, service: cloudtrail}
detection:
  a: {eventName: [StopLogging, DeleteTrail], eventSource: cloudtrail.amazonaws.com}
  b: {eventName: PutObject}
  condition: a and not b
`))
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string][]string{"eventName": {"deletetrail", "stoplogging"}, "eventSource": {"cloudtrail.amazonaws.com"}, "errorCode": nil} {
		if got := r.Texts(field); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
}
