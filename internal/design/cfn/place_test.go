package cfn_test

import (
	"strings"
	"testing"

	"jobzero/internal/design/cfn"
	"jobzero/internal/fault"
)

// TestPlaces: every part says where it is written, or where the nearest part above it is.
func TestPlaces(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		want       map[string]string
	}{
		"yaml": {"a.yaml", `Resources:
  B:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub
        - x-${y}
        - y: z
      VersioningConfiguration: &v
        Status: Enabled
      Tags:
        - Key: Team
          Value: shop
  C:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: *v
`, map[string]string{
			"properties": "a.yaml:5:7", "properties.BucketName": "a.yaml:5:19", "properties.VersioningConfiguration.Status": "a.yaml:9:17",
			"properties.VersioningConfiguration.Nothing[3].x": "a.yaml:9:9", "properties.Nothing": "a.yaml:5:7",
			"properties.Tags[0].Value": "a.yaml:12:18", "tags.Team": "a.yaml:12:18", "tags.None": "a.yaml:11:9", "related.x": "a.yaml:2:3", "": "a.yaml:2:3",
		}},
		"json": {"a.json", "{\"Resources\": {\n\t\"B\": {\"Type\": \"AWS::S3::Bucket\", \"Properties\": {\n\t\t\"BucketName\": \"ü\",\"Tags\": [{\"Key\": \"Team\",\n\"Value\": \"shop\"}]}}}}", map[string]string{
			"properties": "a.json:3:3", "properties.BucketName": "a.json:3:17", "properties.Tags": "a.json:3:29", "tags.Team": "a.json:4:10", "related": "a.json:2:2",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := cfn.Read(c.file, []byte(c.text), cfn.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for path, want := range c.want {
				if got := d.Resources[0].Where(path).String(); got != want {
					t.Errorf("%q is at %s, want %s", path, got, want)
				}
			}
		})
	}
}

// TestRefused: what cannot be read ends in an error with its place.
func TestRefused(t *testing.T) {
	laughs := "a: &a0 [x, x, x, x, x, x, x, x, x]\n"
	for i := range 12 {
		n := string(rune('a' + i))
		if i == 0 {
			continue
		}
		p := string(rune('a' + i - 1))
		if p == "a" {
			p = "a0"
		}
		laughs += n + ": &" + n + " [" + strings.TrimSuffix(strings.Repeat("*"+p+", ", 9), ", ") + "]\n"
	}
	var chain strings.Builder
	chain.WriteString("Resources:\n  B0: {Type: 'AWS::S3::Bucket'}\n")
	for i := range 5000 {
		chain.WriteString("  B" + num(i+1) + ": {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Ref B" + num(i) + "}}\n")
	}
	list := strings.TrimSuffix(strings.Repeat("x,", 300), ",")
	for name, c := range map[string]struct{ file, text, want string }{
		"nothing":       {"t.yaml", "", "t.yaml:1:1: the file is empty"},
		"no template":   {"t.yaml", "a: b", "t.yaml:1:1: this is no CloudFormation template"},
		"a list":        {"t.yaml", "- a", "t.yaml:1:1: a template is a map with Resources, not a list"},
		"resources":     {"t.yaml", "Resources: [a]", "t.yaml:1:12: Resources is a list"},
		"resource":      {"t.yaml", "Resources: {A: b}", "t.yaml:1:13: the resource A is a text"},
		"type":          {"t.yaml", "Resources:\n  A: {Properties: {}}", "t.yaml:2:3: the resource A has no Type"},
		"twice":         {"t.json", `{"Resources": {"A": {"Type": "X"},` + "\n" + `"A": {"Type": "X"}}}`, `t.json:2:1: the key "A" is there already`},
		"broken":        {"t.json", `{"Resources": {"A" {}}}`, "t.json:1:20: invalid character"},
		"no anchor":     {"t.yaml", "Resources: *a", "t.yaml:1:12: there is no anchor &a"},
		"two tags":      {"t.yaml", "Resources:\n  A:\n    Type: X\n    Properties:\n      B: !Base64 !Ref C\n", "t.yaml:5:21: "},
		"laughs":        {"t.yaml", laughs, "more than 262144 values once the aliases are written out"},
		"deep":          {"t.json", strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000), "t.json:1:506: more than 100 levels"},
		"too deep":      {"t.json", strings.Repeat(`[`, 20000), "t.json:1:"},
		"deep yaml":     {"t.yaml", strings.Repeat("[", 9000), "more than 100 levels"},
		"deep tags":     {"t.yaml", "a: " + strings.Repeat("!a ", 9000), "more than 100 levels"},
		"large":         {"t.json", strings.Repeat(" ", 50<<20), "t.json:1:1: 52428800 bytes"},
		"chain":         {"t.yaml", chain.String(), "refer to one another more than 600 deep"},
		"loops in loop": {"t.yaml", "Resources:\n  Fn::ForEach::A: [A, [" + list + "], {'Fn::ForEach::B': [B, [" + list + "], {'Fn::ForEach::C': [C, [" + list + "], {'D${C}': {Type: X}}]}]}]\n", "is there already"},
		"large loops":   {"t.yaml", "Resources:\n  T:\n    Type: X\n    Properties:\n      Fn::ForEach::A: [A, [" + list + "], {'Fn::ForEach::B': [B, [" + list + "], {'Fn::ForEach::C': [C, [" + list + "], {'D${C}': a}]}]}]\n", "make more of it than is read"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := cfn.Read(c.file, []byte(c.text), cfn.Options{})
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %.300v\nwant %s", err, c.want)
			}
		})
	}
}

// FuzzRead: no text breaks the loader, and every error has a place.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		string(generated(1, false)[:3000]), "Resources: {A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${A}'}}}",
		"Transform: AWS::Serverless-2016-10-31\nResources: {F: {Type: 'AWS::Serverless::Function', Properties: {FunctionUrlConfig: {AuthType: NONE}, Events: {E: {Type: Api}}}}}",
		"Parameters: {P: {Type: String, Default: '[1]'}}\nConditions: {C: !Equals [!Ref P, a]}\nResources:\n  Fn::ForEach::X: [X, [a], {'R${X}': {Type: 'AWS::S3::BucketPolicy', Condition: C, Properties: {PolicyDocument: !Sub '{\"a\":\"${P}\"}', Bucket: !If [C, !GetAtt Q.Arn, !Ref 'AWS::NoValue']}}}]",
		"Resources: &a\n  A: &b {Type: X, <<: *b}\n", "Resources: {A: {Type: X, Properties: {B: !Cidr [10.0.0.0/8, 4, 5], C: !Select [0, !Split [a, b]]}}}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, name := range []string{"t.yaml", "t.json"} {
			d, err := cfn.Read(name, data, cfn.Options{Region: "eu-central-1"})
			if err != nil {
				if !strings.HasPrefix(err.Error(), name+":") {
					t.Fatalf("error without a place: %v", err)
				}
				continue
			}
			for _, r := range d.Resources {
				for _, u := range r.Unknown {
					r.Where(u.Path)
				}
			}
		}
	})
}
