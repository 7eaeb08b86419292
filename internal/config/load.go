package config

import (
	"os"
	"path/filepath"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
	"jobzero/internal/source/archive"
	"jobzero/internal/telemetry"
)

// Override is one setting from outside the file.
type Override struct {
	Key   string // database, bus, data_dir or listen
	Value string
	From  string // where it was said, for errors: JOBZERO_LISTEN or --listen
}

// environment is what can be set by variables. JOBZERO_CONFIG names the file.
func environment() []Override {
	var out []Override
	for _, key := range []string{"database", "bus", "data_dir", "listen"} {
		name := "JOBZERO_" + strings.ToUpper(key)
		if v, ok := os.LookupEnv(name); ok && v != "" {
			out = append(out, Override{key, v, name})
		}
	}
	return out
}

// Path is the file that settings are read from: the given one, or else what JOBZERO_CONFIG names; empty means none.
func Path(given string) string {
	if given != "" {
		return given
	}
	return os.Getenv("JOBZERO_CONFIG")
}

// Load reads the settings: the defaults, over them the file (none when both path and JOBZERO_CONFIG are empty), over it the
// environment, over that the overrides. Paths in the file are relative to the file. The error names all that is wrong.
func Load(path string, over ...Override) (Config, error) {
	name := Path(path)
	if name == "" {
		return build(text{}, over)
	}
	data, err := readFile(name, "a file of settings: name one with --config or JOBZERO_CONFIG, or make one with `jobzero config example`")
	if err != nil {
		return Config{}, err
	}
	return build(text{name: name, data: data}, over)
}

// text is the file that was read; its zero value stands for none.
type text struct {
	name string
	data []byte
}

// readFile reads a file. want says what is wanted there.
func readFile(name, want string) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, fault.Path(err, name, want)
	case info.IsDir():
		return nil, fault.New(fault.Invalid, "%s is a folder: want %s", name, want)
	case info.Size() > doc.MaxBytes:
		return nil, fault.New(fault.Invalid, "%s: %d bytes, more than the limit of %d", name, info.Size(), doc.MaxBytes)
	}
	data, err := os.ReadFile(name)
	return data, fault.Path(err, name, want)
}

func build(t text, over []Override) (Config, error) {
	c := Default()
	if err := doc.Decode(t.name, t.data, &c); err != nil {
		return Config{}, err
	}
	c.settlePaths(filepath.Dir(t.name))
	places := places{text: t}
	for _, o := range append(environment(), over...) {
		if err := c.set(o); err != nil {
			return Config{}, err
		}
		places.override(o)
	}
	found := c.reveal(filepath.Dir(t.name))
	found = append(found, c.Problems()...)
	return c, places.report(found)
}

// set puts one override in its place.
func (c *Config) set(o Override) error {
	switch o.Key {
	case "database":
		c.Database = telemetry.Secret(o.Value)
	case "bus":
		c.Bus = telemetry.Secret(o.Value)
	case "data_dir":
		c.DataDir = o.Value
	case "listen":
		c.Listen = o.Value
	default:
		return fault.New(fault.Internal, "%s sets %q, which cannot be set from outside the file", o.From, o.Key)
	}
	return nil
}

// settlePaths makes the paths of the file relative to the folder of the file instead of the folder we happen to run in.
func (c *Config) settlePaths(dir string) {
	for _, p := range []*string{&c.Org, &c.Intent, &c.Waivers, &c.OnCall.Rota, &c.Escalation, &c.Notify.People, &c.Notify.Templates, &c.Report.Mail.Maildir} {
		*p = below(dir, *p)
	}
	if c.DataDir != Default().DataDir { // the default means the folder that the program runs in
		c.DataDir = below(dir, c.DataDir)
	}
	for _, dirs := range [][]string{c.Content.Rules, c.Content.Expectations, c.Content.Playbooks, c.Content.Verdicts, c.Content.Placeholders, c.Content.Mappings, c.Content.Intel, c.Baselines.Locations, c.Access.From, c.Infrastructure} {
		for i := range dirs {
			dirs[i] = below(dir, dirs[i])
		}
	}
	if k := &c.Audit.Checkpoint; k.Key != "" && !k.KMS() {
		k.Key = below(dir, k.Key)
	}
	settlePlaces(dir, c.Archive.Places)
	for i, f := range c.Logs.FlowFormat {
		if !strings.HasPrefix(f.Place, archive.Scheme) {
			c.Logs.FlowFormat[i].Place = below(dir, f.Place)
		}
	}
}

func settlePlaces(dir string, places []string) {
	for i, p := range places {
		if !strings.HasPrefix(p, archive.Scheme) {
			places[i] = below(dir, p)
		}
	}
}

func below(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
