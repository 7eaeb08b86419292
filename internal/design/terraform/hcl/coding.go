package hcl

import (
	"crypto/md5"  //nolint:gosec // a function of the language, which protects nothing here
	"crypto/sha1" //nolint:gosec // as above
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/url"
	"path"
	"strconv"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"jobzero/internal/doc"
)

// digests are the hashes that the language has, of a text or of a file.
func digests() map[string]func(data []byte) string {
	sum256 := func(d []byte) []byte { s := sha256.Sum256(d); return s[:] }
	sum512 := func(d []byte) []byte { s := sha512.Sum512(d); return s[:] }
	return map[string]func([]byte) string{
		"md5":          func(d []byte) string { s := md5.Sum(d); return hex.EncodeToString(s[:]) },  //nolint:gosec // as above
		"sha1":         func(d []byte) string { s := sha1.Sum(d); return hex.EncodeToString(s[:]) }, //nolint:gosec // as above
		"sha256":       func(d []byte) string { return hex.EncodeToString(sum256(d)) },
		"sha512":       func(d []byte) string { return hex.EncodeToString(sum512(d)) },
		"base64sha256": func(d []byte) string { return base64.StdEncoding.EncodeToString(sum256(d)) },
		"base64sha512": func(d []byte) string { return base64.StdEncoding.EncodeToString(sum512(d)) },
		"base64":       base64.StdEncoding.EncodeToString,
	}
}

// coding are functions that encode and decode texts.
func coding() map[string]function.Function {
	text := func(f func(string) string) function.Function {
		return pure(1, cty.String, func(s []string) (cty.Value, error) { return cty.StringVal(f(s[0])), nil })
	}
	out := map[string]function.Function{
		"base64encode": text(func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }),
		"base64decode": pure(1, cty.String, func(s []string) (cty.Value, error) {
			data, err := base64.StdEncoding.DecodeString(s[0])
			if err == nil && !utf8.Valid(data) {
				err = errors.New("it is no text in UTF-8")
			}
			return cty.StringVal(string(data)), err
		}),
		"urlencode": text(url.QueryEscape),
		"basename":  text(path.Base),
		"dirname":   text(path.Dir),
		"yamldecode": pure(1, cty.DynamicPseudoType, func(s []string) (cty.Value, error) {
			nodes, err := doc.Reader{Max: maxText, Nodes: maxSize}.Parse("yaml", []byte(s[0]))
			if err != nil {
				return cty.NilVal, err
			}
			if len(nodes) == 0 {
				return cty.NullVal(cty.DynamicPseudoType), nil
			}
			return yamlValue(nodes[0], 0)
		}),
		"yamlencode": yamlEncode(),
	}
	for name, f := range digests() {
		if name != "base64" {
			out[name] = text(func(s string) string { return f([]byte(s)) })
		}
	}
	return out
}

// yamlEncode writes JSON, which is YAML too.
func yamlEncode() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType, AllowNull: true}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if !args[0].IsWhollyKnown() {
				return cty.UnknownVal(cty.String), nil
			}
			data, err := json.Marshal(ctyjson.SimpleJSONValue{Value: args[0]})
			return cty.StringVal(string(data) + "\n"), err
		},
	})
}

func yamlValue(n *doc.Node, depth int) (cty.Value, error) {
	if depth > maxNest {
		return cty.NilVal, errTooLarge
	}
	switch n.Kind {
	case doc.Null:
		return cty.NullVal(cty.DynamicPseudoType), nil
	case doc.Bool:
		b, err := strconv.ParseBool(n.Text)
		return cty.BoolVal(b), err
	case doc.Number:
		if !modest(n.Text) {
			return cty.NilVal, errTooLarge
		}
		v, err := cty.ParseNumberVal(n.Text)
		if err != nil {
			return cty.StringVal(n.Text), nil //nolint:nilerr // such as .inf, which is a text to us
		}
		return v, nil
	case doc.String:
		return cty.StringVal(n.Text), nil
	case doc.List:
		list := []cty.Value{}
		for _, e := range n.Items {
			v, err := yamlValue(e, depth+1)
			if err != nil {
				return cty.NilVal, err
			}
			list = append(list, v)
		}
		return cty.TupleVal(list), nil
	case doc.Map:
	}
	all := map[string]cty.Value{}
	for _, p := range n.Pairs {
		v, err := yamlValue(p.Value, depth+1)
		if err != nil {
			return cty.NilVal, err
		}
		all[p.Key.Text] = v
	}
	return cty.ObjectVal(all), nil
}
