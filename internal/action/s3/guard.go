package s3

import (
	"context"

	"jobzero/internal/action"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// undeclared refuses a bucket that is declared public, or serves a website that nobody has declared private.
func undeclared(ctx context.Context, s action.Session, t effect.Target) (refused string, err error) {
	switch d := t.Params["declared"]; d {
	case "public":
		return "the bucket is declared public", nil
	case "private":
		return "", nil
	case "":
	default:
		return "", fault.New(fault.Invalid, "declared is %q, want public or private", d)
	}
	site, err := open(s.Reader, t.Ref).website(ctx)
	if site {
		refused = "the bucket serves a website: declare it private in the file of intent, or take the website away"
	}
	return refused, err
}
