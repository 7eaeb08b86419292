package line

import (
	"path"
	"regexp"
	"strings"

	"jobzero/internal/event"
)

// Place is what the name of a file or object says about the log in it. What is not said is empty.
type Place struct {
	Account string // twelve digits
	Region  string
	Kind    string // AWS's folder for the log in lower case, such as vpcflowlogs
	Base    string // the last part of the name, without .gz
	Group   string // the log group that it came from, when it came from one
	Name    string // the whole name: a path, s3://bucket/key, or an archive's member behind "!"
}

// layouts are the ways in which AWS lays out what it delivers:
//
//	AWSLogs/<account>/<kind>/<region>/…, with the organisation's ID before the account in an organisation
//	AWSLogs/aws-account-id=<account>/aws-service=<kind>/aws-region=<region>/…, the form for Hive
//	<account>/<region>/<bucket>/<year>/<month>/<day>/…, S3's server access logs when they are partitioned by date
//
// See https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html and
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html.
var layouts = []*regexp.Regexp{
	regexp.MustCompile(`(?:^|[/!])AWSLogs/(?:o-[a-z0-9]+/)?(?P<account>\d{12})/(?P<kind>[A-Za-z-]+)(?:/(?P<region>[^/]+))?/`),
	regexp.MustCompile(`(?:^|[/!])AWSLogs/(?:o-[a-z0-9]+/)?aws-account-id=(?P<account>\d{12})/aws-service=(?P<kind>[A-Za-z-]+)(?:/aws-region=(?P<region>[^/]+))?/`),
	regexp.MustCompile(`(?:^|[/!])(?P<account>\d{12})/(?P<region>[^/]+)/[a-z0-9][a-z0-9.-]{2,62}/\d{4}/\d{2}/\d{2}/\d{4}-\d{2}-\d{2}-`),
}

// names are those of single files that were taken out of their folders: <account>_<kind>_<region>_….
var names = regexp.MustCompile(`^(?P<account>\d{12})_(?P<kind>[A-Za-z]+)_(?P<region>[^_]+)_`)

// region is what the name of a region looks like; some logs have something else in its place.
var region = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d{1,2}$`)

// PlaceOf reads the name of a file or object: a path, s3://bucket/key, or an archive's member behind "!".
func PlaceOf(name string) Place {
	name = strings.ReplaceAll(name, `\`, "/")
	p := Place{Base: strings.TrimSuffix(path.Base(name), ".gz"), Name: name}
	for _, l := range layouts {
		if p.take(l, name) {
			return p
		}
	}
	p.take(names, p.Base)
	return p
}

func (p *Place) take(layout *regexp.Regexp, name string) bool {
	found := layout.FindStringSubmatch(name)
	if found == nil {
		return false
	}
	for i, group := range layout.SubexpNames() {
		switch {
		case group == "account":
			p.Account = found[i]
		case group == "kind":
			p.Kind = strings.ToLower(found[i])
		case group == "region" && region.MatchString(found[i]):
			p.Region = found[i]
		}
	}
	return true
}

// Fill puts into an event what its entry did not say.
func (p Place) Fill(e *event.Event) {
	if e.Account == "" {
		e.Account = p.Account
	}
	if e.Region == "" {
		e.Region = p.Region
	}
}

// IsRegion reports whether s looks like the name of a region.
func IsRegion(s string) bool { return region.MatchString(s) }
