package book

// VariableNames are the variables of conditions and their fields.
func VariableNames() (out []string) {
	for _, v := range variables() {
		out = append(out, v.Name)
		for _, f := range v.Fields {
			out = append(out, v.Name+"."+f)
		}
	}
	return out
}
