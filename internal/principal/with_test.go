package principal_test

import (
	"bytes"
	"testing"

	"jobzero/internal/principal"
)

const denyPlain = `{"Sid":"New","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`

func TestWith(t *testing.T) {
	for text, want := range map[string]string{
		`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"a:b","Resource":"*"} ], "Version":"2012-10-17"}`: `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"a:b","Resource":"*"},` + denyPlain + ` ], "Version":"2012-10-17"}`,
		` {"Statement": {"Effect":"Allow","Principal":"*","Action":"a:b","Resource":"*"} }`:                         ` {"Statement": [{"Effect":"Allow","Principal":"*","Action":"a:b","Resource":"*"},` + denyPlain + `] }`,
		`{"Statement":[]}`: "",
	} {
		p, err := principal.ParsePolicy([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.With([]byte(denyPlain))
		if string(got) != want || (err != nil) != (want == "") {
			t.Errorf("got  %s, %v\nwant %s", got, err, want)
		}
		if _, err := p.With([]byte(`{} {}`)); err == nil {
			t.Error("two values were taken for a statement")
		}
	}
}

// FuzzWith: whatever policy is read, a statement more and the same one less gives back every byte of a list, and its meaning otherwise.
func FuzzWith(f *testing.F) {
	f.Add([]byte(`{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Principal":"*","Action":"s3:Get*","Resource":"*"} , {"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}`))
	f.Add([]byte(`{"Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":["s3:Get*"],"Resource":"*"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := principal.ParsePolicy(text)
		if err != nil || len(p.Statements) == 0 {
			return
		}
		more, err := p.With([]byte(denyPlain))
		if err != nil {
			t.Fatal(err)
		}
		q, err := principal.ParsePolicy(more)
		if err != nil || len(q.Statements) != len(p.Statements)+1 || q.Statements[len(p.Statements)].Sid != "New" {
			t.Fatalf("%s: %v", more, err)
		}
		for i, s := range p.Statements {
			if !bytes.Equal(s.Raw, q.Statements[i].Raw) {
				t.Fatalf("statement %d changed in %s", i, more)
			}
		}
	})
}
