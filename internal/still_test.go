package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

// stills are the folders whose tests run without the race detector.
func stills(t *testing.T) (out []string) {
	t.Helper()
	text, err := os.ReadFile("../test/still.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if dir, ok := strings.CutPrefix(strings.TrimSpace(line), "./"); ok {
			out = append(out, dir)
		}
	}
	return out
}

// arguments are the methods that start something beside what calls them, by how many arguments they take.
var arguments = map[string]int{"Go": 1, "TryGo": 1, "Parallel": 0, "RunParallel": 1, "AfterFunc": 2}

func callee(f *ast.SelectorExpr, ok bool) string {
	if !ok {
		return ""
	}
	return f.Sel.Name
}

// starts are the places of a file where a goroutine begins, or a test that runs beside others: by the word go, or by a method that is
// called as one of those is.
func starts(s source) (at []string) {
	ast.Inspect(s.tree, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.GoStmt:
			at = append(at, s.fset.Position(x.Pos()).String())
		case *ast.CallExpr:
			f, ok := x.Fun.(*ast.SelectorExpr)
			if wants, there := arguments[callee(f, ok)]; there && wants == len(x.Args) {
				at = append(at, s.fset.Position(x.Pos()).String())
			}
		}
		return true
	})
	return at
}

// TestStill finds what may race in packages that are tested without the race detector.
func TestStill(t *testing.T) {
	files, all := house(t), stills(t)
	for _, dir := range all {
		if !slices.ContainsFunc(files, func(s source) bool { return s.dir == dir }) {
			t.Errorf("test/still.txt has %s, which is not there", dir)
		}
	}
	for _, s := range files {
		if at := starts(s); len(at) > 0 && slices.Contains(all, s.dir) {
			t.Errorf("%s starts a goroutine: take %s out of test/still.txt, so that it is tested with the race detector", at[0], s.dir)
		}
	}
}

func TestStillCatches(t *testing.T) {
	for name, text := range map[string]string{
		"go":       `package a; func a() { go a() }`,
		"group":    `package a; import "sync"; func a() { var g sync.WaitGroup; g.Go(a) }`,
		"parallel": `package a; import "testing"; func TestA(t *testing.T) { t.Parallel() }`,
		"timer":    `package a; import "time"; func a() { time.AfterFunc(1, a) }`,
	} {
		t.Run(name, func(t *testing.T) {
			s := source{fset: token.NewFileSet()}
			var err error
			if s.tree, err = parser.ParseFile(s.fset, "a.go", text, 0); err != nil {
				t.Fatal(err)
			}
			if len(starts(s)) != 1 {
				t.Error("not found")
			}
		})
	}
}
