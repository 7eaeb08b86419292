package estate_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
	"jobzero/test/genestate"
)

// told is what an estate says, as text: who there is, what they have, what there is, and who can.
func told(t *testing.T, e *estate.Estate) string {
	t.Helper()
	if err := e.Done(); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, arn := range e.Holders() {
		h, _ := e.Holder(arn)
		held, unread := e.Held(h)
		fmt.Fprintln(&out, arn, h.Account, h.Boundary, h.Tags, h.Groups, unread)
		for _, x := range held {
			fmt.Fprintln(&out, " ", x.ARN, x.Document.Name, x.Document.Size, x.Document.Statements[0].Place)
		}
	}
	for _, a := range e.Assets() {
		fmt.Fprintln(&out, a.ARN, a.Type, a.Class, a.Runs, len(a.Policies), a.Tags)
	}
	for _, q := range []estate.Question{
		{Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket-" + genestate.Account(2) + "-5/a", Context: policy.Keys{}},
		{Action: "kms:Decrypt", Resource: "arn:aws:kms:eu-west-1:" + genestate.Account(1) + ":key/key-4", Context: policy.Keys{}},
		{Action: "cloudtrail:StopLogging", Resource: "*", Context: policy.Keys{}},
	} {
		can, perhaps := e.Who(q)
		fmt.Fprintln(&out, q.Action, can, perhaps)
	}
	return out.String()
}

// written is a file with a text.
func written(name, text string) estate.File {
	return estate.File{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

// manyAtOnce has enough processors for files to overtake one another.
func manyAtOnce(t *testing.T) {
	t.Helper()
	before := runtime.GOMAXPROCS(8)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

// TestReadFiles: many at once make the estate that one after the other makes, where files contradict one another too; and where they
// do not, whatever their order.
func TestReadFiles(t *testing.T) {
	manyAtOnce(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s := genestate.Size{Accounts: 6, Principals: 30, Resources: 60}
	plain := genestate.Files(s)
	bucket := "arn:aws:s3:::bucket-" + genestate.Account(2) + "-5"
	both := plain
	for i := range 8 {
		who := fmt.Sprintf("arn:aws:iam::%s:role/role-%d", genestate.Account(i%6), 20)
		both = append(both, written("policy", fmt.Sprintf(`[{"Resource":%q,"Account":%q,"Policy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":%q},"Action":"s3:GetObject","Resource":%q}]}}]`,
			bucket, genestate.Account(2), who, bucket+"/*")),
			written("roles", fmt.Sprintf(`{"RoleDetailList":[{"Arn":%q,"Tags":[{"Key":"n","Value":"%d"}],"RolePolicyList":[{"PolicyName":"p%d","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}}]}]}`, who, i, i%2)))
	}
	for name, list := range map[string][]estate.File{"plain": plain, "both": both} {
		one := estate.New()
		for _, f := range list {
			in, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			if err := one.Read(f.Name, in); err != nil {
				t.Fatal(err)
			}
		}
		want := told(t, one)
		for round := range 4 {
			list := append([]estate.File(nil), list...)
			if name == "plain" {
				rand.New(rand.NewPCG(1, uint64(round))).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			}
			many, n := estate.New(), 0
			if err := many.ReadFiles(t.Context(), list, func(done int) { n = done }); err != nil || n != len(list) {
				t.Fatalf("%d of %d files, %v", n, len(list), err)
			}
			if d := cmp.Diff(want, told(t, many)); d != "" {
				t.Fatalf("%s, round %d: many at once make another estate:\n%s", name, round, d)
			}
		}
	}
}

// TestReadFilesEnds: the error is that of the first file that has one, and nothing stays behind, neither then nor when all is called off.
func TestReadFilesEnds(t *testing.T) {
	manyAtOnce(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	var list []estate.File
	for i := range 40 {
		text := `[]`
		if i > 4 {
			text = `[{"Resource":"x"}]`
		}
		list = append(list, written(fmt.Sprintf("file-%d", i), text))
	}
	for range 20 {
		if err := estate.New().ReadFiles(t.Context(), list, nil); err == nil || !strings.HasPrefix(err.Error(), "file-5:") {
			t.Fatalf("got %v, want the error of file-5", err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	endless := make([]estate.File, 1000)
	for i := range endless {
		endless[i] = written("file", `[]`)
	}
	err := estate.New().ReadFiles(ctx, endless, func(done int) {
		if done == 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("called off, it ends with %v", err)
	}
	if err := estate.New().ReadFiles(t.Context(), nil, nil); err != nil {
		t.Errorf("no files: %v", err)
	}
}
