package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// build is what the program knows of its own making.
type build struct {
	Version  string `json:"version"` // of the module; (devel) for a build from a working copy
	Commit   string `json:"commit,omitempty"`
	Modified bool   `json:"modified,omitempty"` // the working copy had changes that are not in Commit
	Time     string `json:"time,omitempty"`     // of the commit
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func buildInfo() build {
	b := build{Version: "(devel)", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

// String is the build in one line.
func (b build) String() string {
	text := "jobzero " + b.Version
	if b.Commit != "" {
		text += " commit " + b.Commit
	}
	if b.Modified {
		text += " with changes"
	}
	return fmt.Sprintf("%s %s %s", text, b.Go, b.Platform)
}

func (s *shell) version() *cobra.Command {
	var form format
	c := &cobra.Command{
		Use:   "version",
		Short: "Say which jobzero this is",
		Long:  "Says the version of the module, the commit it was built from when that is known, and the version of Go.",
		Example: `  jobzero version
  jobzero version --format json`,
		Args: arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			if form == formatJSON {
				return s.object(buildInfo())
			}
			return s.print(buildInfo().String())
		},
	}
	form.flag(c)
	return c
}
