package agreement

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Three volumes: one that passes ebs-volume-encrypted, one that fails it, one of which only deployment knows.
const volumes = `Parameters: {Wanted: {Type: String}}
Resources:
  Good: {Type: AWS::EC2::Volume, Properties: {Size: 8, AvailabilityZone: eu-west-1a, Encrypted: true}}
  Bad: {Type: AWS::EC2::Volume, Properties: {Size: 8, AvailabilityZone: eu-west-1a, Encrypted: false}}
  Open: {Type: AWS::EC2::Volume, Properties: {Size: 8, AvailabilityZone: eu-west-1a, Encrypted: !Ref Wanted}}
  Topic: {Type: AWS::SNS::Topic}
`

// without leaves out lines of the volumes.
func without(names ...string) string {
	var out []string
	for _, line := range strings.Split(volumes, "\n") {
		if !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(line, "  "+n+":") }) {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

func TestAnswer(t *testing.T) {
	j, err := NewJudge()
	if err != nil {
		t.Fatal(err)
	}
	ebs := Mapped{IDs: []string{"ebs-volume-encrypted"}}
	whole, topics := ebs, ebs
	whole.Whole, topics.Types = true, []string{"AWS::SNS::Topic"}
	for name, c := range map[string]struct {
		text     string
		want     Want
		resource string
		named    []string
		m        Mapped
		outcome  Outcome
	}{
		"nothing is mapped":             {volumes, Fail, "", nil, Mapped{}, Uncovered},
		"a fail is found":               {volumes, Fail, "", nil, ebs, Agree},
		"a fail where none is":          {volumes, Pass, "", nil, ebs, TooHard},
		"a fail where nothing is":       {volumes, Skip, "", nil, ebs, TooHard},
		"a pass":                        {without("Bad", "Open"), Pass, "", nil, ebs, Agree},
		"a pass that should fail":       {without("Bad", "Open"), Fail, "", nil, ebs, TooMild},
		"open is no pass":               {without("Bad"), Pass, "", nil, ebs, Undecided},
		"open is no fail":               {without("Bad"), Fail, "", nil, ebs, Undecided},
		"open is nothing that fails":    {without("Bad"), Skip, "", nil, ebs, Agree},
		"none applies":                  {without("Good", "Bad", "Open"), Pass, "", nil, ebs, Agree},
		"none applies and one should":   {without("Good", "Bad", "Open"), Fail, "", nil, ebs, TooMild},
		"another type does not count":   {volumes, Pass, "", nil, topics, Agree},
		"one resource of several":       {volumes, Pass, "Good", nil, ebs, Agree},
		"the bad one":                   {volumes, Fail, "Bad", nil, ebs, Agree},
		"named and no other":            {without("Open"), Fail, "", []string{"Bad"}, ebs, Agree},
		"the wrong one is named":        {without("Open"), Fail, "", []string{"Good"}, ebs, TooHard},
		"one too many":                  {without("Open"), Fail, "", []string{"Bad", "Good"}, ebs, TooMild},
		"named, and another is open":    {volumes, Fail, "", []string{"Bad"}, ebs, Undecided},
		"named, of a type not judged":   {volumes, Fail, "", []string{"Topic"}, ebs, TooHard},
		"named, compared as a whole":    {volumes, Fail, "", []string{"Topic"}, whole, Agree},
		"what is no template":           {"a: 1", Pass, "", nil, ebs, Unread},
		"a template with a broken line": {volumes + "  : [", Pass, "", nil, ebs, Unread},
	} {
		t.Run(name, func(t *testing.T) {
			x := &Case{Want: c.want, Kind: CloudFormation, From: name, Files: text(CloudFormation, []byte(c.text)), Resource: c.resource, Named: c.named}
			a, err := j.Answer(t.Context(), x, c.m)
			if err != nil {
				t.Fatal(err)
			}
			if a.Outcome != c.outcome {
				t.Errorf("got %q, want %q; seen %v", a.Outcome, c.outcome, a.Seen)
			}
		})
	}
}

func TestReadMapping(t *testing.T) {
	m, err := ReadMapping("x.txt", "# a\nfloor agreement 97\nfloor coverage 60.5\nA one two\nB whole by=Bucket says=Acls AWS::S3::Bucket one\nC - cost: no use\n")
	if err != nil {
		t.Fatal(err)
	}
	want := &Mapping{Agreement: 97, Coverage: 60.5, Order: []string{"A", "B", "C"}, Controls: map[string]Mapped{
		"A": {IDs: []string{"one", "two"}}, "B": {IDs: []string{"one"}, Types: []string{"AWS::S3::Bucket"}, By: "Bucket", Says: "Acls", Whole: true},
		"C": {Why: "cost: no use"},
	}}
	if d := cmp.Diff(want, m); d != "" {
		t.Error(d)
	}
	const floors = "floor agreement 1\nfloor coverage 1\n"
	for text, line := range map[string]string{
		"A one\n": "x.txt:1:", "floor agreement x\n": "x.txt:1:", "floor agreement 101\n": "x.txt:1:", "floor height 1\n": "x.txt:1:",
		floors + "A\n": "x.txt:3:", floors + "A -\n": "x.txt:3:", floors + "A - no use\n": "x.txt:3:", floors + "A - taste: no use\n": "x.txt:3:",
		floors + "A - cost:\n": "x.txt:3:", floors + "A one\nA two\n": "x.txt:4:", floors + "A AWS::S3::Bucket\n": "x.txt:3:",
	} {
		if _, err := ReadMapping("x.txt", text); err == nil || !strings.HasPrefix(err.Error(), line) {
			t.Errorf("%q: %v, want an error that begins with %s", text, err, line)
		}
	}
}

func TestReadReasons(t *testing.T) {
	r, err := ReadReasons("x.txt", "# a\n\none: case | open: it is so\ntwo | short: not so | at all\n")
	if err != nil {
		t.Fatal(err)
	}
	if r.Of("one: case") != "open: it is so" || r.Of("three") != "" || !slices.Equal(r.Unused(), []string{"two"}) {
		t.Errorf("%+v", r)
	}
	for _, text := range []string{"one", "one |", "one | why", "one | taste: why", "one | open:", "| open: why", "a | open: b\na | open: c"} {
		if _, err := ReadReasons("x.txt", text); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}

// TestBy: a label of one resource that is about another, which names it.
func TestBy(t *testing.T) {
	j, err := NewJudge()
	if err != nil {
		t.Fatal(err)
	}
	const listener = `resource "aws_lb_listener" "%[1]s" {
  load_balancer_arn = aws_lb.%[1]s.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "%[2]s"
    redirect { protocol = "HTTPS" }
  }
}
resource "aws_lb" "%[1]s" {}
`
	files := text(Terraform, []byte(fmt.Sprintf(listener, "good", "redirect")+fmt.Sprintf(listener, "bad", "forward")+`resource "aws_lb" "none" {}`))
	m := Mapped{IDs: []string{"elbv2-http-redirects"}, By: "LoadBalancerArn"}
	for name, want := range map[string]Want{"good": Pass, "bad": Fail, "none": Pass} {
		a, err := j.Answer(t.Context(), &Case{Kind: Terraform, Want: want, From: "by", Files: files, Resource: "aws_lb." + name}, m)
		if err != nil || a.Outcome != Agree {
			t.Errorf("%s: %+v %v", name, a, err)
		}
	}
}

// TestSays: one expectation of ours is about settings that are controls of their own elsewhere.
func TestSays(t *testing.T) {
	j, err := NewJudge()
	if err != nil {
		t.Fatal(err)
	}
	const bucket = `Resources:
  B:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: {BlockPublicAcls: true, RestrictPublicBuckets: false}
`
	files := text(CloudFormation, []byte(bucket))
	for setting, want := range map[string]Want{"BlockPublicAcls": Pass, "RestrictPublicBuckets": Fail, "IgnorePublicAcls": Fail, "": Fail} {
		m := Mapped{IDs: []string{"s3-bucket-public-access-block"}, Says: setting}
		a, err := j.Answer(t.Context(), &Case{Kind: CloudFormation, Want: want, From: "says", Files: files}, m)
		if err != nil || a.Outcome != Agree {
			t.Errorf("%q: %+v %v", setting, a, err)
		}
	}
}
