// Command gentemplates makes up CloudFormation templates, always the same for the same numbers.
//
// It is: templates of a KMS key and of groups of a bucket, a security group, a database, a role and a disk; one third of each kind is bad.
// It takes: a folder, how many templates and groups, and a seed.
// It gives: json/NAME.json and yaml/NAME.yaml with the same resources, for test/bench/check.sh.
// Next door: test/genlogs makes up logs; test/bench/compare holds the findings of two programs against one another.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("out", "", "`DIR` to write to")
	templates := flag.Int("templates", 100, "how many templates")
	groups := flag.Int("groups", 10, "how many groups of five resources in each")
	seed := flag.Uint64("seed", 1, "where chance begins")
	flag.Parse()
	if *out == "" {
		fmt.Fprintln(os.Stderr, "gentemplates: say where to write: -out DIR")
		os.Exit(2)
	}
	m := maker{rand.New(rand.NewPCG(*seed, 0))}
	for i := range *templates {
		if err := write(*out, fmt.Sprintf("t%03d", i), m.template(*groups)); err != nil {
			fmt.Fprintln(os.Stderr, "gentemplates:", err)
			os.Exit(1)
		}
	}
}

// write writes a template in both forms.
func write(dir, name string, template map[string]any) error {
	for kind, marshal := range map[string]func(any) ([]byte, error){
		"json": func(v any) ([]byte, error) { return json.MarshalIndent(v, "", "  ") },
		"yaml": block,
	} {
		data, err := marshal(template)
		if err != nil {
			return fmt.Errorf("write %s as %s: %w", name, kind, err)
		}
		if err := os.MkdirAll(filepath.Join(dir, kind), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, kind, name+"."+kind), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
