package patch_test

import (
	"strings"
	"testing"

	"jobzero/internal/design/patch"
)

// TestTemplate: the text with the property, in the style of the text. What stands between the bars is what changes.
func TestTemplate(t *testing.T) {
	enabled := patch.Set{Path: []string{"VersioningConfiguration", "Status"}, Value: "Enabled"}
	for name, c := range map[string]struct {
		text string
		set  patch.Set
		want string // the text with {old|new}
	}{
		"a block":         {set: enabled, text: "Resources:\n  B: # bucket\n    Type: AWS::S3::Bucket\n    Properties:\n« »      # its name\n      BucketName: data\n", want: "      VersioningConfiguration:\n        Status: Enabled\n"},
		"no properties":   {set: enabled, text: "Resources:\n  B:\n    Type: AWS::S3::Bucket # x\n« »    DeletionPolicy: Retain\n  C: {Type: A::B::C}\n", want: "    Properties:\n      VersioningConfiguration:\n        Status: Enabled\n"},
		"no newline":      {set: enabled, text: "Resources:\n  B:\n    Type: AWS::S3::Bucket« »", want: "\n    Properties:\n      VersioningConfiguration:\n        Status: Enabled"},
		"a part is there": {set: enabled, text: "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      VersioningConfiguration:\n« »        Other: 1\n", want: "        Status: Enabled\n"},
		"a value":         {set: enabled, text: "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      VersioningConfiguration:\n        Status: «Suspended» # for now\n", want: "Enabled"},
		"in quotes":       {set: enabled, text: "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      VersioningConfiguration: {Status: «'Sus''pended'», X: 1}\n", want: "Enabled"},
		"on one line":     {set: enabled, text: "Resources:\n  B: {Type: AWS::S3::Bucket, Properties: {« »BucketName: data}}\n", want: "VersioningConfiguration: {Status: Enabled}, "},
		"empty":           {set: enabled, text: "Resources:\n  B: {Type: AWS::S3::Bucket, Properties: «{}»}\n", want: "{VersioningConfiguration: {Status: Enabled}}"},
		"nothing":         {set: enabled, text: "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties: # none\n« »  C: {Type: A::B::C}\n", want: "      VersioningConfiguration:\n        Status: Enabled\n"},
		"windows":         {set: enabled, text: "Resources:\r\n  B:\r\n    Type: AWS::S3::Bucket\r\n    Properties:\r\n« »      BucketName: data\r\n", want: "      VersioningConfiguration:\r\n        Status: Enabled\r\n"},
		"JSON":            {set: enabled, text: "{\"Resources\": {\n  \"B\": {\n    \"Type\": \"AWS::S3::Bucket\",\n    \"Properties\": {« »\n      \"BucketName\": \"data\"\n    }\n  }\n}}\n", want: "\n      \"VersioningConfiguration\": {\"Status\": \"Enabled\"},"},
		"JSON on a line":  {set: enabled, text: `{"Resources":{"B":{« »"Type":"AWS::S3::Bucket"}}}`, want: `"Properties": {"VersioningConfiguration": {"Status": "Enabled"}},`},
		"JSON value":      {set: patch.Set{Path: []string{"Encrypted"}, Value: true}, text: `{"Resources":{"B":{"Type":"AWS::EC2::Volume","Properties":{"Encrypted": «"false"»}}}}`, want: `true`},
		"a number":        {set: patch.Set{Path: []string{"Days"}, Value: int64(7)}, text: "Resources:\n  B:\n    Type: X\n    Properties:\n      Days: «1»\n", want: "7"},
		"words of YAML":   {set: patch.Set{Path: []string{"Answer"}, Value: "yes"}, text: "Resources:\n  B:\n    Type: X\n    Properties:\n      Answer: «a»\n", want: `"yes"`},
		"a list":          {set: patch.Set{Path: []string{"L"}, Value: []any{map[string]any{"A": true, "B": "x"}, "y"}}, text: "Resources:\n  B:\n    Type: X\n    Properties:\n« »      Z: 1\n", want: "      L:\n        - A: true\n          B: x\n        - \"y\"\n"},
		"other letters":   {set: enabled, text: "Resources:\n  B: {Metadata: {Who: 'Zoë über'}, Type: AWS::S3::Bucket, Properties: {« »BucketName: data}}\n", want: "VersioningConfiguration: {Status: Enabled}, "},
	} {
		t.Run(name, func(t *testing.T) {
			before, rest, _ := strings.Cut(c.text, "«")
			old, after, _ := strings.Cut(rest, "»")
			old = strings.Trim(old, " ")
			got, err := patch.Template("t.yaml", []byte(before+old+after), "B", []patch.Set{c.set})
			if err != nil {
				t.Fatal(err)
			}
			if want := before + c.want + after; string(got) != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestRefuses: what a person has to change is left, with its place.
func TestRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"Resources:\n  B:\n    Type: X\n    Properties:\n      VersioningConfiguration:\n        Status: !Ref P\n":                  "t.yaml:6:",
		"Resources:\n  B:\n    Type: X\n    Properties:\n      VersioningConfiguration: {\"Fn::If\": [A, {}, {}]}\n":                "is made by a function",
		"Resources:\n  B:\n    Type: X\n    Properties: !If [A, {}, {}]\n":                                                          "is made by a function",
		"Resources:\n  B:\n    Type: X\n    Properties:\n      VersioningConfiguration: on\n":                                       "is a text",
		"Resources:\n  B:\n    Type: X\n    Properties:\n      VersioningConfiguration:\n        Status: >-\n          Suspended\n": "",
		"Resources:\n  B:\n    Type: X\n    Properties:\n      VersioningConfiguration: {Status: {a: 1}}\n":                         "more than a plain value",
		"Resources:\n  A: &a\n    Type: X\n    Properties: &p\n      Z: 1\n  B: *a\n":                                               "without changing something else",
		"Resources: {A: {Type: X}}\n": "there is no resource B",
		"a: 1\n---\nb: 2\n":           "one template",
		"Resources: [":                "t.yaml:1:",
	} {
		_, err := patch.Template("t.yaml", []byte(text), "B", []patch.Set{{Path: []string{"VersioningConfiguration", "Status"}, Value: "Enabled"}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\ngot %v, want %q", text, err, want)
		}
	}
}

// FuzzTemplate: whatever the text, a change is one that reads back, or an error.
func FuzzTemplate(f *testing.F) {
	f.Add("Resources:\n  B:\n    Type: X\n    Properties:\n      A: 1 # one\n", "A", "v")
	f.Add(`{"Resources": {"B": {"Type": "X"}}}`, "A.B", "yes")
	f.Add("Resources: {B: {Type: X, Properties: {A: 'it''s', C: [1]}}}", "A", "")
	f.Fuzz(func(t *testing.T, text, path, value string) {
		sets := []patch.Set{{Path: strings.Split(path, "."), Value: value}}
		out, err := patch.Template("t.yaml", []byte(text), "B", sets)
		if err != nil {
			return
		}
		again, err := patch.Template("t.yaml", out, "B", sets)
		if err == nil && value != "" && len(again) > 2*len(out)+len(value)*8+64 {
			t.Errorf("it grows:\n%q\n%q", out, again)
		}
	})
}
