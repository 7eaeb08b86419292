package reach

import (
	"slices"
	"strings"

	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
)

// newName is what somebody calls what he makes, where nothing asks for another name.
const newName = "jobzero-new"

// invented are ARNs of a type that somebody can make by actions of it: one that nothing asks of, and those that its own policies leave it.
// Whoever makes something chooses its name and region, so that one which is allowed is enough.
func (b *being) invented(form string, actions []string) []string {
	var out []string
	add := func(arn string) {
		if arn != "" && len(out) < maxNew && !slices.Contains(out, arn) {
			out = append(out, arn)
		}
	}
	for _, region := range append([]string{home}, b.kin.regions...) {
		add(b.fill(form, region))
	}
	whole := slices.Clone(out)
	for _, s := range b.kin.allows {
		if !slices.ContainsFunc(actions, s.Names) {
			continue
		}
		for _, p := range s.Resources {
			for _, arn := range whole {
				add(b.within(p.String(), arn, form))
			}
		}
	}
	return out
}

// fill puts names into the form of an ARN, such as arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}.
func (b *being) fill(form, region string) string {
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(form, "${")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		switch name {
		case "Partition":
			out.WriteString(b.account.partition)
		case "Region":
			out.WriteString(region)
		case "Account":
			out.WriteString(b.account.id)
		default:
			out.WriteString(newName)
		}
		form = after
	}
}

// within makes an ARN that a pattern is about, as near to another as can be; empty when there is none of the form.
func (b *being) within(pattern, near, form string) string {
	if b.h != nil {
		pattern = strings.ReplaceAll(pattern, "${aws:username}", b.h.ARN[strings.LastIndexByte(b.h.ARN, '/')+1:])
	}
	if policy.Like(pattern, near) {
		return near
	}
	parts, other := strings.SplitN(pattern, ":", 6), strings.SplitN(near, ":", 6)
	if len(parts) != 6 || len(other) != 6 {
		return ""
	}
	for i, p := range parts {
		if policy.Like(p, other[i]) {
			parts[i] = other[i]
		} else {
			parts[i] = strings.ReplaceAll(strings.ReplaceAll(p, "*", newName), "?", "x")
		}
	}
	arn := strings.Join(parts, ":")
	if !policy.Like(b.shape(form), arn) {
		return ""
	}
	return arn
}

// shape is a form as a pattern of what is in the account.
func (b *being) shape(form string) string {
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(form, "${")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		if name == "Account" {
			out.WriteString(b.account.id)
		} else {
			out.WriteString("*")
		}
		form = after
	}
}

// about are the forms of what an action always touches; none: the action has no resource of its own.
func about(action string) []string {
	a, ok := names.Find(action)
	if !ok {
		return nil
	}
	var always, all []string
	for _, t := range a.About {
		if strings.Contains(t.ARN, ":aws:") && strings.Contains(t.ARN, "${Region}:aws:") { // of AWS itself: nobody makes one
			continue
		}
		if all = append(all, t.ARN); t.Always && !slices.Contains(always, t.ARN) {
			always = append(always, t.ARN)
		}
	}
	if len(always) == 0 && len(all) > 0 {
		return all[:1]
	}
	return always
}
