package outward

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/effect"
)

// In reports whether an account is one of those that the settings name; "*" names all.
func In(accounts []string, account string) bool {
	return slices.Contains(accounts, "*") || slices.Contains(accounts, account)
}

// At completes a target by its region: that of the settings, else its own, else the one that is called by default.
func At(t effect.Target, region string, cfg aws.Config) effect.Target {
	t.Ref.Region = cmp.Or(region, t.Ref.Region, cfg.Region)
	return t
}
