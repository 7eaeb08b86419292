// Command schemas makes the table of CloudFormation's resource types anew.
//
// It is: the generator of internal/resource/schema/types.txt.gz and, with -handlers, of handlers.txt.gz.
// It takes: the npm package @aws-cdk/aws-service-spec (Apache-2.0), as npm pack gives it, or -from a db.json.gz of it; or a folder of schemas.
// It gives: the table of names, kinds and allowed values, and what reading takes; the descriptions are left behind.
// Next door: internal/resource/schema reads the table, and says how it is laid out.
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const (
	source  = "@aws-cdk/aws-service-spec"
	version = "0.1.216"
	target  = "internal/resource/schema/types.txt.gz"
)

func main() {
	from := flag.String("from", "", "a db.json.gz that is here already; without it npm brings "+source)
	folder := flag.String("handlers", "", "a folder of CloudFormation resource schemas, one *.json each: makes "+handlersTarget+" instead")
	flag.Parse()
	work := func() error { return run(*from) }
	if *folder != "" {
		work = func() error { return handlers(*folder) }
	}
	if err := work(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(from string) error {
	if from == "" {
		dir, err := os.MkdirTemp("", "schemas-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if from, err = bring(dir); err != nil {
			return err
		}
	}
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	d, err := read(f)
	if err != nil {
		return fmt.Errorf("read %s: %w", from, err)
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(z, "# %s %s, Apache-2.0. Made by go run ./test/schemas; do not edit.\n", source, version); err != nil {
		return err
	}
	if err := d.write(z); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(target, out.Bytes(), 0o644)
}

// bring has npm bring the package into a folder and gives the path of its database.
func bring(dir string) (string, error) {
	pack := exec.Command("npm", "pack", "--silent", "--pack-destination", dir, source+"@"+version)
	pack.Stderr = os.Stderr
	name, err := pack.Output()
	if err != nil {
		return "", fmt.Errorf("npm pack %s: %w", source, err)
	}
	unpack := exec.Command("tar", "-xzf", filepath.Join(dir, strings.TrimSpace(string(name))), "-C", dir, "package/db.json.gz")
	unpack.Stderr = os.Stderr
	return filepath.Join(dir, "package", "db.json.gz"), unpack.Run()
}
