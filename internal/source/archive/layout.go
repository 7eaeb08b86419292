package archive

import (
	"regexp"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/source/line"
)

// Place is what the folders of AWS's layout say about a key or path. Parts that they do not say are empty.
type Place struct {
	Root    string // up to and with AWSLogs/
	Account string
	Kind    string // CloudTrail, CloudTrail-Digest, vpcflowlogs …
	Region  string
	Day     string // as much of 2006/01/02 as is said
}

// kind is a kind of log by AWS's name for its folder, and what stands between that folder and the days.
type kind struct {
	log    event.Log
	other  bool // nothing that is read here
	global bool // no region stands behind it
	named  bool // a name does: of a VPC, a web ACL, a distribution
}

// kindOf knows the kinds of log that AWS delivers below AWSLogs/[o-id/]account/; false when somebody else chose the name.
//
//	CloudTrail/region/y/m/d             docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
//	vpcflowlogs/region/y/m/d            docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html
//	elasticloadbalancing/region/y/m/d   docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
//	vpcdnsquerylogs/vpc/y/m/d           docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-choosing-target-resource.html
//	WAFLogs/region/acl/y/m/d/h/min      docs.aws.amazon.com/waf/latest/developerguide/logging-s3.html; cloudfront in place of a region
//	CloudFront/distribution/y/m/d/h     docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html; as its owner wishes
func kindOf(folder string) (kind, bool) {
	switch strings.ToLower(folder) {
	case "cloudtrail":
		return kind{log: event.CloudTrail}, true
	case "vpcflowlogs":
		return kind{log: event.VPCFlow}, true
	case "elasticloadbalancing":
		return kind{log: event.LoadBalancer}, true
	case "vpcdnsquerylogs":
		return kind{log: event.Resolver, global: true, named: true}, true
	case "waflogs":
		return kind{log: event.WAF, named: true}, true
	case "cloudfront":
		return kind{log: event.CloudFront, global: true, named: true}, true
	case "cloudtrail-digest", "cloudtrail-insight", "config", "guardduty", "redshift", "network-firewall", "globalaccelerator":
		return kind{other: true}, true
	}
	return kind{}, false
}

// Knows reports whether a folder below an account's is one that AWS names.
func Knows(folder string) bool {
	_, ok := kindOf(folder)
	return ok
}

// found is a place with where its days stand.
type found struct {
	Place
	days string // what stands before the days, when the path goes so far and the kind is known
	hive bool   // the days are written year=2006/month=01/day=02
}

// Read reads the layout AWSLogs/[o-id/]account/kind/…/year/month/day/ in which AWS delivers logs, and the one of the same that is
// for Hive: AWSLogs/aws-account-id=…/aws-service=…/aws-region=…/year=…/. Of several AWSLogs the last counts. Partial paths are
// read as far as they go.
func Read(path string) Place { return read(path).Place }

func read(path string) (f found) {
	path = strings.ReplaceAll(path, `\`, "/")
	at := behindRoot(path)
	if at < 0 {
		return f
	}
	f.Root = path[:at] + "/"
	w := &words{path: path, at: min(at+1, len(path))}
	if strings.HasPrefix(path[w.at:], "o-") {
		w.next(func(string) bool { return true })
	}
	f.Account = w.value("aws-account-id=", func(s string) bool { return digits(s, 12) })
	f.Kind = w.value("aws-service=", func(s string) bool { return s != "" })
	k, known := kindOf(f.Kind)
	f.between(w, k)
	if w.done {
		return f
	}
	begin := w.at
	f.hive = strings.HasPrefix(path[begin:], "year=")
	if known && !k.other && path[begin-1] == '/' {
		f.days = path[:begin]
	}
	var day []string
	for i, n := range []int{4, 2, 2} {
		if word := w.value([]string{"year=", "month=", "day="}[i], func(s string) bool { return digits(s, n) }); word != "" {
			day = append(day, word)
		}
	}
	f.Day = strings.Join(day, "/")
	return f
}

// between reads what stands between the kind and the days.
func (f *found) between(w *words, k kind) {
	if !k.global {
		said := w.value("aws-region=", func(s string) bool {
			return strings.Count(s, "-") >= 2 && !strings.Contains(s, ".") || k.named && s == "cloudfront"
		})
		if line.IsRegion(said) || !k.named {
			f.Region = said
		}
	}
	if k.named && !w.isYear() {
		w.next(func(s string) bool { return s != "" })
	}
}

// words are the folders of a path, one after another. Behind one that does not fit nothing is read.
type words struct {
	path string
	at   int
	done bool
}

func (w *words) next(fits func(string) bool) string {
	word, _, more := strings.Cut(w.path[w.at:], "/")
	if w.done || !fits(word) {
		w.done = true
		return ""
	}
	w.at += len(word)
	if more {
		w.at++
	}
	return word
}

// value is the next word, without what stands before it in the layout for Hive.
func (w *words) value(prefix string, fits func(string) bool) string {
	return strings.TrimPrefix(w.next(func(s string) bool { return fits(strings.TrimPrefix(s, prefix)) }), prefix)
}

func (w *words) isYear() bool {
	word, _, _ := strings.Cut(w.path[w.at:], "/")
	return digits(strings.TrimPrefix(word, "year="), 4)
}

// behindRoot is the index behind the last folder AWSLogs, -1 when there is none.
func behindRoot(path string) int {
	const top = "AWSLogs"
	at := -1
	for from := 0; ; {
		i := strings.Index(path[from:], top)
		if i < 0 {
			return at
		}
		i += from
		from = i + len(top)
		if (i == 0 || path[i-1] == '/') && (from == len(path) || path[from] == '/') {
			at = from
		}
	}
}

func digits(s string, n int) bool { return len(s) == n && strings.Trim(s, "0123456789") == "" }

// written are names of files that say what is in them, where folders do not:
//
//	[prefix]2006-01-02-15-04-05-<16 digits>      S3's server access logs, docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
//	[prefix]<distribution>.2006-01-02-15.<id>    CloudFront, docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html
//	<account>_<kind>_<region>_…_20060102T1504Z_… the others, whose names stay when files are taken out of their folders
var written = []struct {
	form *regexp.Regexp
	log  event.Log
	any  bool // the name says which log it is
}{
	{form: regexp.MustCompile(`(?:^|[^0-9])(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})-\d{2}-\d{2}-\d{2}-[0-9A-F]{16}$`), log: event.S3Access},
	{form: regexp.MustCompile(`(?:^|[^0-9A-Z])[0-9A-Z]{12,16}\.(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})-\d{2}\.[0-9A-Za-z]{6,12}(?:\.[a-z.]+)?$`), log: event.CloudFront},
	{form: regexp.MustCompile(`^(?P<account>\d{12})_(?P<kind>[A-Za-z]+)_(?P<region>[a-z0-9-]+)_(?:.*_)?(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})T\d{4}Z_`), any: true},
}

// title is what the name of a file says.
type title struct {
	account, region, day string
	kind                 kind
	known                bool
}

// nameOf reads the name of a file. It is empty for a folder, whose path ends with a slash.
func nameOf(path string) (f title) {
	base := path[strings.LastIndexAny(path, `/\`)+1:]
	for _, w := range written {
		m := w.form.FindStringSubmatch(base)
		if m == nil {
			continue
		}
		said := map[string]string{}
		for i, name := range w.form.SubexpNames() {
			said[name] = m[i]
		}
		k, known := kind{log: w.log}, true
		if w.any {
			k, known = kindOf(said["kind"])
		}
		if !known {
			return f
		}
		f = title{account: said["account"], day: said["y"] + "/" + said["m"] + "/" + said["d"], kind: k, known: true}
		if line.IsRegion(said["region"]) {
			f.region = said["region"]
		}
		return f
	}
	return f
}
