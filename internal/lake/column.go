package lake

import (
	"fmt"
	"reflect"
	"strings"

	"jobzero/internal/event/ocsf"
)

// loose is a value of unmapped: a text without quotes, or the JSON of anything else.
type loose string

// UnmarshalJSON takes any value.
func (l *loose) UnmarshalJSON(b []byte) error {
	var j ocsf.JSON
	if err := j.UnmarshalJSON(b); err != nil {
		return err
	}
	*l = loose(j.Plain())
	return nil
}

// columns makes of a class the struct whose fields are the columns. The names are those of JSON, so that there is one list of
// them: what may be left out is optional, an object is a group, a list is a LIST and a map is a MAP of texts.
func columns(class reflect.Type) reflect.Type {
	var fields []reflect.StructField
	for i := range class.NumField() {
		f := class.Field(i)
		if f.Anonymous {
			in := columns(f.Type)
			for j := range in.NumField() {
				fields = append(fields, in.Field(j))
			}
			continue
		}
		name, more, _ := strings.Cut(f.Tag.Get("json"), ",")
		tag := name
		switch f.Type.Kind() {
		case reflect.Slice:
			tag += ",list"
		case reflect.Pointer: // optional as it is
			more = ""
		default:
		}
		if more == "omitempty" {
			tag += ",optional"
		}
		fields = append(fields, reflect.StructField{
			Name: f.Name, Type: columnType(f.Type), Tag: reflect.StructTag(fmt.Sprintf(`json:%q parquet:%q`, name, tag)),
		})
	}
	return reflect.StructOf(fields)
}

func columnType(t reflect.Type) reflect.Type {
	switch t.Kind() {
	case reflect.Struct:
		return columns(t)
	case reflect.Pointer:
		return reflect.PointerTo(columnType(t.Elem()))
	case reflect.Slice:
		return reflect.SliceOf(columnType(t.Elem()))
	case reflect.Map:
		return reflect.MapOf(t.Key(), reflect.TypeFor[loose]())
	default:
		return t
	}
}
