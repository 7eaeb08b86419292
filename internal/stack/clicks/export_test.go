package clicks

// What the tests look into.
var (
	Changes = changes
	Forms   = forms
	RefOf   = refOf
)

// Kinds are the types of the forms.
func Kinds() (out []string) {
	for _, list := range forms() {
		for _, f := range list {
			out = append(out, string(f.typ))
		}
	}
	return out
}
