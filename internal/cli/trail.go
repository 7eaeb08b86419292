package cli

import (
	"context"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/fault"
	"jobzero/internal/source/digest"
	"jobzero/internal/source/digest/disk"
)

// unsure is an error that means: it ran, nothing it checked is wrong, and not all of it is proven. Its exit code is 3.
type unsure struct{ text string }

func (u *unsure) Error() string { return u.text }

// trailOptions are what a person can say to trail verify.
type trailOptions struct {
	keys         []string
	bucket       string
	since, until time.Time
	silence      time.Duration
	form         format
}

func (s *shell) trail() *cobra.Command {
	return group("trail", "Check that CloudTrail's logs are what CloudTrail delivered",
		"CloudTrail delivers a digest every hour, with the hash of each log file and of the digest before it, and signs it.",
		"  jobzero trail verify --key-file keys.json ./AWSLogs", s.trailVerify())
}

func (s *shell) trailVerify() *cobra.Command {
	var o trailOptions
	c := &cobra.Command{
		Use:   "verify [--key-file FILE]… [--since TIME] [--until TIME] [--format table|json] PATH…",
		Short: "Verify log files by CloudTrail's digests",
		Long: `Verifies a local copy of CloudTrail's log files by the digests beside them: hashes, signatures and the chain of digests, and
names log files and digests that are missing, changed, added or out of place, and hours without a digest.

A PATH is a folder that holds AWSLogs, AWSLogs itself, or an account's folder in it. Digests and log files must both be there:
aws s3 sync s3://BUCKET ./copy

Keys come from CloudTrail, of the region and the time of the digests, never from the bucket:
aws cloudtrail list-public-keys --region REGION --start-time TIME --end-time TIME > keys.json

A copy loses the signature that S3 keeps beside each digest. All but the newest digest are proven by the one after them; for the
newest keep FILE.json.gz.signature (the value of x-amz-meta-signature), or FILE.json.gz.metadata.json, which is what this prints:
aws s3api head-object --bucket BUCKET --key KEY

What nothing proves is unknown, and never a pass. Digests that were deleted from the end show only with --until.

Exit codes: 0 all is proven, 1 something is wrong, 2 it could not run, 3 nothing is wrong but not all is proven.`,
		Example: `  # Last month of an account
  jobzero trail verify --key-file keys.json --since 2026-03-01 --until 2026-04-01 ./copy/AWSLogs/111122223333

  # What is wrong, for a program
  jobzero trail verify --key-file keys.json --format json ./copy | jq '.problems[] | select(.class == "wrong")'`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return s.runTrail(cmd.Context(), o, args) },
	}
	f := c.Flags()
	f.StringArrayVar(&o.keys, "key-file", nil, "`FILE` of public keys: what `list-public-keys` prints, or PEM; repeatable")
	f.StringVar(&o.bucket, "bucket", "", "`NAME` of the bucket that the copy is of; digests of another one are out of place")
	f.Var((*timeValue)(&o.since), "since", "verify from this time on (RFC 3339 or a date, UTC)")
	f.Var((*timeValue)(&o.until), "until", "verify up to this time, and complain when the digests end before it")
	f.DurationVar(&o.silence, "silence", digest.DefaultSilence, "how long before --until the last digest may end")
	o.form.flag(c)
	return c
}

// timeValue is a flag that takes a time.
type timeValue time.Time

// String is the time chosen.
func (v *timeValue) String() string {
	if t := time.Time(*v); !t.IsZero() {
		return t.Format(time.RFC3339)
	}
	return ""
}

// Type is shown in the help.
func (v *timeValue) Type() string { return "TIME" }

// Set takes a time.
func (v *timeValue) Set(word string) error {
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(form, word); err == nil {
			*v = timeValue(t.UTC())
			return nil
		}
	}
	return fault.New(fault.Invalid, "want a time such as 2026-03-01T14:00:00Z, or a date")
}

// runTrail verifies and shows.
func (s *shell) runTrail(ctx context.Context, o trailOptions, paths []string) error {
	keys, err := readKeys(o.keys)
	if err != nil {
		return err
	}
	if !o.since.IsZero() && !o.until.IsZero() && !o.since.Before(o.until) {
		return fault.New(fault.Invalid, "--since must be before --until")
	}
	copies, err := disk.Find(ctx, paths)
	if err != nil {
		return err
	}
	defer func() { _ = disk.Close(copies) }() // they were only read
	bar := s.newBar()
	defer bar.close()
	v := verdicts{bounded: !o.until.IsZero()}
	for _, f := range copies {
		err := digest.Verify(ctx, f, digest.Options{
			Keys: keys, Bucket: o.bucket, Since: o.since, Until: o.until, Silence: o.silence, Progress: bar.progress(),
		}, func(r *digest.Report) error {
			for i := range r.Problems {
				r.Problems[i].File = f.Path(r.Problems[i].File)
			}
			v.add(r)
			if o.form != formatJSON {
				return nil
			}
			bar.hide()
			return s.object(r)
		})
		if err != nil {
			return err
		}
	}
	bar.close()
	if v.reports == 0 {
		return fault.New(fault.NotFound, "no digests and no log files of CloudTrail are there: nothing was verified")
	}
	if o.form != formatJSON {
		if err := s.showTrail(&v); err != nil {
			return err
		}
	}
	return v.err()
}

// readKeys reads the files of keys.
func readKeys(names []string) (digest.Keys, error) {
	keys := digest.Keys{}
	for _, name := range names {
		text, err := readSmall(name, "a file with CloudTrail's public keys, for --key-file")
		if err != nil {
			return nil, err
		}
		if err := keys.Read(name, text); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// readSmall reads a file that a person wrote or printed. want says what is wanted there.
func readSmall(name, want string) ([]byte, error) {
	const most = 4 << 20
	f, err := os.Open(name)
	if err != nil {
		return nil, fault.Path(err, name, want)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && len(text) > most {
		err = fault.New(fault.Invalid, "%s is larger than %d bytes: want %s", name, most, want)
	}
	return text, fault.Path(err, name, want)
}
