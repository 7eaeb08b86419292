package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A source is one Go file of the module.
type source struct {
	path, dir, pkg string // path and folder from the module's root
	test           bool
	text           []byte
	tree           *ast.File
	fset           *token.FileSet
}

func (s source) room() string { return roomOf(s.dir) }

// roomOf is the room of a folder, or "" outside of internal.
func roomOf(dir string) string {
	rest, ok := strings.CutPrefix(dir, "internal/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

const module = "jobzero"

// inside turns an import path of this module into a folder.
func inside(imported string) (string, bool) { return strings.CutPrefix(imported, module+"/") }

// house reads every Go file of the module.
func house(t *testing.T) []source {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	var out []source
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); p != root && (strings.HasPrefix(n, ".") || n == "testdata" || n == "node_modules" || p == filepath.Join(root, "tools")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		s := source{path: rel, dir: path.Dir(rel), test: strings.HasSuffix(rel, "_test.go"), text: text, fset: token.NewFileSet()}
		s.tree, err = parser.ParseFile(s.fset, rel, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Errorf("%s does not parse: %v", rel, err)
			return nil
		}
		s.pkg = strings.TrimSuffix(s.tree.Name.Name, "_test")
		out = append(out, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 10 {
		t.Fatalf("found only %d Go files under %s: the plan checks nothing", len(out), root)
	}
	return out
}

// place finds a room on the plan.
func place(name string) (floorAt, roomAt int, ok bool) {
	for i, f := range plan() {
		for j, r := range f.rooms {
			if r.name == name {
				return i, j, true
			}
		}
	}
	return 0, 0, false
}

func isTestRoom(name string) bool {
	return slices.ContainsFunc(testRooms(), func(r room) bool { return r.name == name })
}

// checkImports holds every import line against the plan and the bans.
func checkImports(s source, no []ban) (found []string) {
	for _, spec := range s.tree.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		at := s.fset.Position(spec.Pos()).String() + ": "
		if dir, ok := inside(imported); ok {
			if rule := mayImport(s, dir); rule != "" {
				found = append(found, at+rule)
			}
		}
		for _, b := range no {
			if !s.test && b.imports.MatchString(imported) && !b.only.MatchString(s.dir) {
				found = append(found, at+"imports "+imported+": "+b.rule)
			}
		}
	}
	return found
}

// mayImport says which rule an import inside the module breaks, or "".
func mayImport(s source, dir string) string {
	from, to := s.room(), roomOf(dir)
	if isTestRoom(to) {
		if s.test || isTestRoom(from) || strings.HasPrefix(s.dir, "test/") || s.dir == "cmd/demo" || strings.HasSuffix(s.pkg, "test") {
			return ""
		}
		return "imports the test room " + to + ": only _test files and drivers under test/ may"
	}
	if to != "" {
		if _, _, ok := place(to); !ok {
			return "imports " + to + ", which is not on the plan: add it to plan() in internal/plan_test.go with the reason why it exists"
		}
	}
	if s.test || from == "" || isTestRoom(from) || to == "" || from == to {
		return ownParts(s, dir)
	}
	ff, fr, ok := place(from)
	if !ok {
		return "" // checkFile says it once a file
	}
	tf, tr, _ := place(to)
	floors := plan()
	switch {
	case tf > ff:
		return from + " imports " + to + ", against the flow: the " + floors[ff].name + " stands before the " + floors[tf].name +
			"; let the later room hand over what is needed, as an argument or a small interface"
	case tf == ff && floors[ff].inner == apart:
		return from + " imports " + to + ": rooms of the " + floors[ff].name +
			" never import one another; meet in a noun of the ground floor, or let app hand it over"
	case tf == ff && floors[ff].inner == oneWay && tr > fr:
		return from + " imports " + to + ": in the " + floors[ff].name + " " + to + " comes after " + from + "; turn the dependency round"
	}
	return ""
}

// ownParts holds for imports within one room: its front never imports its vendors (only app, and a room's own list called
// builtin, know them). A vendor's parts are its own business; the compiler sees to it that they go one way.
func ownParts(s source, dir string) string {
	from, to := s.room(), roomOf(dir)
	if s.test || from == "" || from != to {
		return ""
	}
	tool := slices.ContainsFunc(tools(), func(r room) bool { return r.name == dir })
	if front := "internal/" + from; s.dir == front && dir != front && !tool {
		return s.dir + " imports its own part " + dir + ": a room does not know its vendors; use a list in " + s.dir + "/builtin, or app; what is no vendor goes into tools() in internal/plan_test.go"
	}
	return ""
}

// checkWords looks for identifiers that only some rooms may use.
func checkWords(s source, no []wordBan) (found []string) {
	names := map[string]string{} // local name to import path
	for _, spec := range s.tree.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		local := path.Base(imported)
		if spec.Name != nil {
			local = spec.Name.Name
		}
		names[local] = imported
	}
	ast.Inspect(s.tree, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		x, ok := sel.X.(*ast.Ident)
		if !ok {
			return true
		}
		for _, b := range no {
			if names[x.Name] == b.pkg && (!s.test || b.tests) && b.names.MatchString(sel.Sel.Name) &&
				!b.only.MatchString(s.dir) {
				found = append(found, s.fset.Position(sel.Pos()).String()+": "+x.Name+"."+sel.Sel.Name+": "+b.rule)
			}
		}
		return true
	})
	return found
}

// checkFile looks at one file's size, names and functions.
func checkFile(s source) (found []string) {
	add := func(text string) { found = append(found, s.path+": "+text) }
	if lines := strings.Count(string(s.text), "\n"); lines > maxLines && !generated.Match(s.text) {
		add(strconv.Itoa(lines) + " lines, more than " + strconv.Itoa(maxLines) + ": split the file by noun or verb")
	}
	base := strings.TrimSuffix(strings.TrimSuffix(path.Base(s.path), ".go"), "_test")
	if forbidden.MatchString(base) && !generated.Match(s.text) {
		add("the file's name says nothing: name it after the noun or verb inside")
	}
	if forbidden.MatchString(s.pkg) {
		add("package " + s.pkg + " says nothing: name it after what it is (a noun) or does (a verb)")
	}
	if !oneWord.MatchString(s.pkg) {
		add("package " + s.pkg + ": use one lower-case word")
	}
	if r := s.room(); r != "" && !isTestRoom(r) && !s.test {
		if _, _, ok := place(r); !ok {
			add("room " + r + " is not on the plan: add it to plan() in internal/plan_test.go with the reason why it exists")
		}
	}
	for _, d := range s.tree.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv != nil || f.Name.Name != "init" || generated.Match(s.text) {
			continue
		}
		add("func init: nothing happens by being imported; make an explicit list or a constructor")
	}
	return found
}

// checkDoc wants the four lines in every package comment, so that a room says what it is where it is.
func checkDoc(files []source) (found []string) {
	text, written := map[string]string{}, map[string]bool{}
	for _, s := range files {
		if s.test || !strings.HasPrefix(s.dir, "internal/") && s.dir != "content" {
			continue
		}
		if generated.Match(s.text) {
			written[s.dir] = written[s.dir] || false
			continue
		}
		written[s.dir] = true
		if s.tree.Doc != nil {
			text[s.dir] += s.tree.Doc.Text()
		}
	}
	for dir, byHand := range written {
		if !byHand {
			continue
		}
		for _, line := range []string{"It is: ", "It takes: ", "It gives: ", "Next door: "} {
			if !strings.Contains("\n"+text[dir], "\n"+line) {
				found = append(found, dir+": the package comment lacks the line \""+strings.TrimSpace(line)+"\": say in doc.go what it is, takes, gives and who is next door")
			}
		}
	}
	slices.Sort(found)
	return found
}
