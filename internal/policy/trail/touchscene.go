package trail

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// scene is what one record says, as far as touches ask.
type scene struct {
	partition, region, account string

	params []rawjson.Value // by the numbers of the plan
	arns   []string        // ARNs among the parameters
	listed []listed

	lent lent
}

// listed is a resource as the record lists it.
type listed struct {
	arn, kind string
	taken     bool
}

// begin reads a record for a plan.
func (s *scene) begin(r *event.Record, p *plan) {
	s.region = keep(s.region, content(r.Part(event.AWSRegion)))
	s.partition = partitionOf(s.region)
	s.account = keep(s.account, owner(r))
	s.arns, s.listed = s.arns[:0], s.listed[:0]
	s.params = slices.Grow(s.params[:0], len(p.params))[:len(p.params)]
	clear(s.params)
	if len(p.steps) == 1 && p.steps[0].nothing {
		return
	}
	for it := rawjson.Over(r.Part(event.RequestParameters)); it.Next(); {
		if n, ok := p.params[string(it.Name)]; ok {
			s.params[n] = it.Value
		}
		s.noteARNs(it.Value)
	}
	for it := rawjson.Over(r.Part(event.Resources)); it.Next(); {
		s.list(it.Value)
	}
}

func partitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// owner is the account in which what the call names lies: that of who calls, and of the record. Where they differ it is not known.
func owner(r *event.Record) []byte {
	account, recipient := content(r.Part(event.IdentityAccount)), content(r.Part(event.RecipientAccountID))
	switch kind := string(content(r.Part(event.IdentityType))); {
	case len(account) == 0 && (kind == "AWSService" || kind == "AssumedRole" || kind == "IAMUser"), bytes.Equal(account, recipient):
		return recipient
	case len(recipient) == 0:
		return account
	}
	return nil
}

// noteARNs keeps the parameters that are ARNs, and lists of them.
func (s *scene) noteARNs(v rawjson.Value) {
	const begin = `"arn:`
	switch {
	case len(v) > len(begin) && string(v[:len(begin)]) == begin:
		if len(s.arns) <= maxTouched {
			s.arns = append(s.arns, s.lent.text(content(v)))
		}
	case len(v) > len(begin) && v[0] == '[':
		for it := rawjson.Over(v); it.Next() && len(s.arns) <= maxTouched; {
			if len(it.Value) > len(begin) && string(it.Value[:len(begin)]) == begin {
				s.noteARNs(it.Value)
			}
		}
	}
}

// list keeps a resource of the record's list.
func (s *scene) list(v rawjson.Value) {
	var l listed
	prefix := false
	for it := rawjson.Over(v); it.Next(); {
		switch name := string(it.Name); {
		case strings.EqualFold(name, "ARN"):
			l.arn = s.lent.text(content(it.Value))
		case strings.EqualFold(name, "type"):
			l.kind = typeOf(it.Value)
		case strings.EqualFold(name, "ARNPrefix") && l.arn == "":
			l.arn = s.lent.text(content(it.Value))
			prefix = true
		}
	}
	if prefix && l.arn != "" && !strings.HasSuffix(l.arn, "*") {
		l.arn += "*"
	}
	if strings.HasPrefix(l.arn, "arn:") && len(s.listed) <= maxTouched {
		s.listed = append(s.listed, l)
	}
}

// others are what the record lists, whatever its type, or else what stands in out: a guess less than nothing.
func (s *scene) others(out []string) []string {
	var found []string
	for _, l := range s.listed {
		if !l.taken {
			found = append(found, l.arn)
		}
	}
	if len(found) > 0 {
		return found
	}
	return out
}

// copied is the object that S3 copied, by the parameter that names it as bucket/key.
func (s *scene) copied(by *path) string {
	for _, v := range by.values(s) {
		from, err := url.PathUnescape(strings.TrimPrefix(v.text(), "/"))
		if err != nil {
			continue
		}
		from, _, _ = strings.Cut(from, "?versionId=")
		if bucket, key, ok := strings.Cut(from, "/"); ok && bucket != "" && key != "" && !strings.HasPrefix(bucket, "arn:") {
			return "arn:" + s.partition + ":s3:::" + from
		}
	}
	return ""
}

// fill puts partition and account into a form.
func (s *scene) fill(form string) string {
	account := s.account
	if account == "" {
		account = "*"
	}
	return strings.NewReplacer("${Partition}", s.partition, "${Account}", account).Replace(form)
}

// typeOf is a type of a listed resource, as far as anybody asks.
func typeOf(v rawjson.Value) string {
	if string(content(v)) == objectType {
		return objectType
	}
	return ""
}

const objectType = "AWS::S3::Object"
