package schema

import (
	"slices"
	"testing"
)

// TestWhole reads every type of the table: names in order, every object there, no two names that differ in spelling alone.
func TestWhole(t *testing.T) {
	names := Names()
	if len(names) < 1500 || !slices.IsSorted(names) {
		t.Fatalf("%d types, or not sorted", len(names))
	}
	properties := 0
	for _, name := range names {
		typ, ok := Of(name)
		if !ok || typ.Name != name {
			t.Fatalf("%s is %+v", name, typ)
		}
		for _, id := range typ.ID {
			if _, ok := typ.Member(id); !ok && id != "" {
				t.Logf("%s: its identifier %s is neither property nor attribute", name, id)
			}
		}
		seen := map[*Shape]bool{}
		properties += look(t, &typ.Shape, seen)
	}
	t.Logf("%d types, %d properties", len(names), properties)
}

func look(t *testing.T, s *Shape, seen map[*Shape]bool) (n int) {
	t.Helper()
	if seen[s] {
		return 0
	}
	seen[s] = true
	folded := map[string]string{}
	for _, list := range [][]Member{s.Properties, s.Attributes} {
		for i, m := range list {
			if i > 0 && list[i-1].Name >= m.Name {
				t.Errorf("%s: %s comes after %s", s.Name, m.Name, list[i-1].Name)
			}
			if other := folded[fold(m.Name)]; other != "" {
				t.Errorf("%s: %s and %s are one name", s.Name, m.Name, other)
			}
			folded[fold(m.Name)] = m.Name
			n += 1 + lookAt(t, m.Value, seen)
		}
	}
	return n
}

func lookAt(t *testing.T, v *Value, seen map[*Shape]bool) int {
	t.Helper()
	switch v.Kind {
	case Text, Integer, Number, Bool, JSON, Tag, Time:
		return 0
	case List, Map:
		return lookAt(t, v.Of, seen)
	case Object:
		return look(t, v.Shape, seen)
	case OneOf:
		n := 0
		for _, one := range v.Among {
			n += lookAt(t, one, seen)
		}
		return n
	}
	t.Errorf("there is no kind %q", v.Kind)
	return 0
}

func path(steps ...string) (out []Step) {
	for _, s := range steps {
		out = append(out, Step{Name: s, Element: s == "*"})
	}
	return out
}

func TestAt(t *testing.T) {
	bucket, ok := Of("AWS::S3::Bucket")
	if !ok || bucket.Tags != "Tags" || !slices.Equal(bucket.ID, []string{"BucketName"}) {
		t.Fatalf("%+v", bucket)
	}
	for _, c := range []struct {
		path    []Step
		kind    Kind
		wrong   int
		nearest string
	}{
		{path("BucketName"), Text, 1, ""},
		{path("Arn"), Text, 1, ""},
		{path("VersioningConfiguration", "Status"), Text, 2, ""},
		{path("BucketEncryption", "ServerSideEncryptionConfiguration", "*", "ServerSideEncryptionByDefault", "SSEAlgorithm"), Text, 5, ""},
		{path("Tags", "*", "Key"), Text, 3, ""},
		{path("VersionConfiguration", "Status"), 0, 0, "VersioningConfiguration"},
		{path("PublicAccessBlockConfiguration", "BlockPublicACL"), 0, 1, "BlockPublicAcls"},
		{path("BucketName", "Length"), 0, 1, ""},
		{path("Xyzzy"), 0, 0, ""},
	} {
		v, wrong, nearest := bucket.At(c.path)
		if wrong != c.wrong || nearest != c.nearest || (v == nil) != (c.kind == 0) || v != nil && v.Kind != c.kind {
			t.Errorf("%v: %+v, step %d, nearest %q", c.path, v, wrong, nearest)
		}
	}
	policy, _ := Of("AWS::S3::BucketPolicy")
	if v, wrong, _ := policy.At(path("PolicyDocument", "Statement", "*", "Effect")); wrong != 4 || v.Kind != JSON {
		t.Errorf("into a policy: %+v, %d", v, wrong)
	}
}

func TestFolded(t *testing.T) {
	bucket, _ := Of("AWS::S3::Bucket")
	for _, name := range []string{"versioning_configuration", "versioningConfiguration", "VersioningConfiguration"} {
		if m, ok := bucket.Folded(name); !ok || m.Name != "VersioningConfiguration" {
			t.Errorf("%s: %v", name, m)
		}
	}
	if _, ok := bucket.Folded("versioning"); ok {
		t.Error("half a name is a name")
	}
	if _, ok := Of("AWS::S3::Buckets"); ok {
		t.Error("there is a type that there is not")
	}
}

// TestOwn: types of ours, and attributes beyond CloudFormation's.
func TestOwn(t *testing.T) {
	for name := range own {
		typ, ok := Of(name)
		if !ok || typ.Name != name || len(typ.Properties) == 0 {
			t.Errorf("%s is %+v", name, typ)
		}
		look(t, &typ.Shape, map[*Shape]bool{})
	}
	for name := range more {
		typ, ok := Of(name)
		if !ok {
			t.Errorf("there is no %s to add to", name)
			continue
		}
		look(t, &typ.Shape, map[*Shape]bool{})
	}
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		unpack()
	}
}
