package expr

import (
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// maxJoin is the longest text that join makes, in bytes.
const maxJoin = 1 << 16

// texts are the text helpers: members of a text, but for join, which is one of a list of texts. None gives more than it got,
// but for join, which is limited.
func texts() []cel.EnvOption {
	list := cel.ListType(cel.StringType)
	return []cel.EnvOption{
		cel.Function("lowerAscii", cel.MemberOverload("text_lower", []*cel.Type{cel.StringType}, cel.StringType,
			cel.UnaryBinding(onText(strings.ToLower)))),
		cel.Function("upperAscii", cel.MemberOverload("text_upper", []*cel.Type{cel.StringType}, cel.StringType,
			cel.UnaryBinding(onText(strings.ToUpper)))),
		cel.Function("trim", cel.MemberOverload("text_trim", []*cel.Type{cel.StringType}, cel.StringType,
			cel.UnaryBinding(onText(strings.TrimSpace)))),
		cel.Function("split", cel.MemberOverload("text_split", []*cel.Type{cel.StringType, cel.StringType}, list,
			cel.BinaryBinding(split))),
		cel.Function("join", cel.MemberOverload("list_join", []*cel.Type{list, cel.StringType}, cel.StringType,
			cel.BinaryBinding(join))),
	}
}

func onText(f func(string) string) func(ref.Val) ref.Val {
	return func(v ref.Val) ref.Val {
		s, ok := v.(types.String)
		if !ok {
			return types.MaybeNoSuchOverloadErr(v)
		}
		return types.String(ascii(f, string(s)))
	}
}

// ascii applies f to plain text only: other letters may become longer, and names in AWS are ASCII.
func ascii(f func(string) string, s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return s
		}
	}
	return f(s)
}

func split(v, by ref.Val) ref.Val {
	s, ok := v.(types.String)
	sep, ok2 := by.(types.String)
	if !ok || !ok2 {
		return types.MaybeNoSuchOverloadErr(v)
	}
	return types.NewStringList(types.DefaultTypeAdapter, strings.Split(string(s), string(sep)))
}

func join(v, by ref.Val) ref.Val {
	list, ok := v.(traits.Lister)
	sep, ok2 := by.(types.String)
	if !ok || !ok2 {
		return types.MaybeNoSuchOverloadErr(v)
	}
	var out strings.Builder
	for it := list.Iterator(); it.HasNext() == types.True; {
		e := it.Next()
		s, ok := e.(types.String)
		if !ok {
			return types.MaybeNoSuchOverloadErr(e)
		}
		if out.Len() > 0 {
			out.WriteString(string(sep))
		}
		if out.WriteString(string(s)); out.Len() > maxJoin {
			return types.NewErr("join: the text is longer than %d bytes", maxJoin)
		}
	}
	return types.String(out.String())
}
