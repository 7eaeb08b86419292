package hcl

import (
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// looking are the functions that look into texts or numbers.
func looking() map[string]function.Function {
	out := map[string]function.Function{
		"abs": stdlib.AbsoluteFunc, "ceil": stdlib.CeilFunc, "floor": stdlib.FloorFunc, "log": stdlib.LogFunc, "pow": stdlib.PowFunc,
		"signum": stdlib.SignumFunc, "max": stdlib.MaxFunc, "min": stdlib.MinFunc, "parseint": stdlib.ParseIntFunc,
		"chomp": stdlib.ChompFunc, "lower": stdlib.LowerFunc, "upper": stdlib.UpperFunc, "title": stdlib.TitleFunc,
		"strrev": stdlib.ReverseFunc, "substr": stdlib.SubstrFunc, "trim": stdlib.TrimFunc, "trimprefix": stdlib.TrimPrefixFunc,
		"trimsuffix": stdlib.TrimSuffixFunc, "trimspace": stdlib.TrimSpaceFunc, "split": stdlib.SplitFunc,
		"regex": stdlib.RegexFunc, "regexall": stdlib.RegexAllFunc, "range": stdlib.RangeFunc, "sort": stdlib.SortFunc,
		"contains": stdlib.ContainsFunc, "jsondecode": stdlib.JSONDecodeFunc, "csvdecode": stdlib.CSVDecodeFunc,
		"formatdate": stdlib.FormatDateFunc, "timeadd": stdlib.TimeAddFunc, "setintersection": stdlib.SetIntersectionFunc,
		"setsubtract": stdlib.SetSubtractFunc, "tonumber": stdlib.MakeToFunc(cty.Number), "tobool": stdlib.MakeToFunc(cty.Bool),
		"replace": replaceFunc(), "indent": limited(stdlib.IndentFunc, tooWide),
		"startswith": test(strings.HasPrefix), "endswith": test(strings.HasSuffix), "strcontains": test(strings.Contains),
	}
	for name, f := range coding() {
		out[name] = f
	}
	for name, f := range addressing() {
		out[name] = f
	}
	for name, f := range collecting() {
		out[name] = f
	}
	return out
}

// carrying are those that hand on what they are given.
func carrying() map[string]function.Function {
	return map[string]function.Function{
		"chunklist": stdlib.ChunklistFunc, "coalesce": coalesceFunc(), "coalescelist": stdlib.CoalesceListFunc,
		"compact": stdlib.CompactFunc, "concat": stdlib.ConcatFunc, "distinct": stdlib.DistinctFunc, "element": stdlib.ElementFunc,
		"flatten": stdlib.FlattenFunc, "keys": stdlib.KeysFunc, "values": stdlib.ValuesFunc, "lookup": lookupFunc(),
		"merge": stdlib.MergeFunc, "reverse": stdlib.ReverseListFunc, "slice": stdlib.SliceFunc, "setunion": stdlib.SetUnionFunc,
		"zipmap": stdlib.ZipmapFunc, "setproduct": limited(stdlib.SetProductFunc, tooMany),
		"tolist": stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)), "toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)),
		"tomap": stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)), "tostring": stdlib.MakeToFunc(cty.String),
		"one": oneFunc(), "sensitive": same(), "nonsensitive": same(), "ephemeralasnull": same(),
	}
}

// building are those that put texts together.
func building() map[string]function.Function {
	return map[string]function.Function{
		"format": limited(stdlib.FormatFunc, tooFormatted), "formatlist": limited(stdlib.FormatListFunc, tooFormatted),
		"join": limited(stdlib.JoinFunc, tooJoined), "jsonencode": stdlib.JSONEncodeFunc,
	}
}

func known(v cty.Value, t cty.Type) bool {
	v, _ = v.Unmark()
	return v.Type() == t && v.IsKnown() && !v.IsNull()
}

func textOf(v cty.Value) string {
	v, _ = v.Unmark()
	return v.AsString()
}

// sizeOf is the number of elements of a collection; 0 where it has none.
func sizeOf(v cty.Value) int {
	v, _ = v.Unmark()
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return 0
	}
	return v.LengthInt()
}

// tooMany reports whether a product has more elements than can be read.
func tooMany(args []cty.Value) bool {
	n := 1
	for _, a := range args {
		if n *= max(sizeOf(a), 1); n > maxSize/4 {
			return true
		}
	}
	return false
}

func tooWide(args []cty.Value) bool {
	if len(args) != 2 || !known(args[0], cty.Number) || !known(args[1], cty.String) {
		return false
	}
	v, _ := args[0].Unmark()
	n, _ := v.AsBigFloat().Int64()
	return n > 1000 || n*int64(strings.Count(textOf(args[1]), "\n")+1) > maxText
}

var wideVerb = regexp.MustCompile(`%[^a-zA-Z%]*(?:\d{4}|\*)`)

func tooFormatted(args []cty.Value) bool {
	return len(args) > 0 && known(args[0], cty.String) && (wideVerb.MatchString(textOf(args[0])) || len(textOf(args[0])) > maxText/4)
}

func tooJoined(args []cty.Value) bool {
	if len(args) == 0 || !known(args[0], cty.String) {
		return false
	}
	n := 0
	for _, a := range args[1:] {
		n += sizeOf(a)
	}
	return n*len(textOf(args[0])) > maxText
}

// pure is a function of known texts.
func pure(names int, result cty.Type, f func(args []string) (cty.Value, error)) function.Function {
	spec := &function.Spec{Type: function.StaticReturnType(result)}
	for range names {
		spec.Params = append(spec.Params, function.Parameter{Name: "text", Type: cty.String})
	}
	spec.Impl = func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		texts := make([]string, len(args))
		for i, a := range args {
			texts[i] = a.AsString()
		}
		return f(texts)
	}
	return function.New(spec)
}

func test(f func(a, b string) bool) function.Function {
	return pure(2, cty.Bool, func(s []string) (cty.Value, error) { return cty.BoolVal(f(s[0], s[1])), nil })
}

// replaceFunc replaces a text, or what an expression between slashes matches.
func replaceFunc() function.Function {
	return pure(3, cty.String, func(s []string) (cty.Value, error) {
		text, what, with := s[0], s[1], s[2]
		if len(what) > 1 && what[0] == '/' && what[len(what)-1] == '/' {
			re, err := regexp.Compile(what[1 : len(what)-1])
			if err != nil {
				return cty.NilVal, err
			}
			if (len(text)+1)*(len(with)+1) > maxBytes/8 {
				return cty.NilVal, errTooLarge
			}
			return cty.StringVal(re.ReplaceAllString(text, with)), nil
		}
		if (strings.Count(text, what)+1)*(len(with)+1) > maxText*2 {
			return cty.NilVal, errTooLarge
		}
		return cty.StringVal(strings.ReplaceAll(text, what, with)), nil
	})
}
