package roster

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"jobzero/internal/fault"
	"jobzero/internal/principal/person"
)

// A field is something that a file can say of somebody, with the headings that mean it. A heading is compared without its case, spaces
// and signs.
type field struct {
	name     string
	headings []string
	set      func(p *person.Person, v string) error
}

func text(into func(*person.Person) *string) func(*person.Person, string) error {
	return func(p *person.Person, v string) error { *into(p) = v; return nil }
}

func fields() []field {
	return []field{
		{"user_name", []string{"username", "login", "loginname", "samaccountname", "userprincipalname", "upn", "account", "user"}, text(func(p *person.Person) *string { return &p.UserName })},
		{"emails", []string{"email", "emails", "mail", "emailaddress", "workemail", "primaryemail"}, addresses},
		{"external_id", []string{"externalid", "objectid", "directoryid", "id", "personid"}, text(func(p *person.Person) *string { return &p.ExternalID })},
		{"employee_number", []string{"employeenumber", "employeeid", "personnelnumber", "workerid", "staffid", "number"}, text(func(p *person.Person) *string { return &p.Number })},
		{"display_name", []string{"displayname", "name", "fullname", "employee", "employeename"}, text(func(p *person.Person) *string { return &p.Display })},
		{"given_name", []string{"givenname", "firstname", "forename"}, text(func(p *person.Person) *string { return &p.Given })},
		{"family_name", []string{"familyname", "lastname", "surname"}, text(func(p *person.Person) *string { return &p.Family })},
		{"title", []string{"title", "jobtitle", "position", "role"}, text(func(p *person.Person) *string { return &p.Title })},
		{"department", []string{"department", "dept", "costcenter", "costcentre", "division"}, text(func(p *person.Person) *string { return &p.Department })},
		{"team", []string{"team", "squad", "group"}, text(func(p *person.Person) *string { return &p.Team })},
		{"manager", []string{"manager", "manageremail", "managerid", "reportsto", "supervisor"}, text(func(p *person.Person) *string { return &p.Manager })},
		{"groups", []string{"groups", "memberof"}, memberships},
		{"active", []string{"active", "status", "employmentstatus", "state", "enabled", "accountenabled"}, active},
		{"start", []string{"start", "startdate", "hiredate", "employeehiredate", "firstday", "joined"}, started},
		{"end", []string{"end", "enddate", "terminationdate", "leavedate", "employeeleavedatetime", "lastday", "left"}, ended},
	}
}

// Fields are the names that columns can be given.
func Fields() (out []string) {
	for _, f := range fields() {
		out = append(out, f.name)
	}
	return out
}

// plain is a heading as it is compared.
func plain(heading string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// meant gives the field that a heading means, -1 for none.
func meant(heading string, all []field) int {
	p := plain(heading)
	return slices.IndexFunc(all, func(f field) bool { return plain(f.name) == p || slices.Contains(f.headings, p) })
}

// parted splits a cell that holds several.
func parted(v string, by string) (out []string) {
	for _, s := range strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune(by, r) }) {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func addresses(p *person.Person, v string) error {
	for _, a := range parted(v, " ,;|") {
		if !strings.Contains(a, "@") {
			return fault.New(fault.Invalid, "%.60q is no address: want one such as ana@example.com", a)
		}
		p.Emails = append(p.Emails, person.Email{Value: a, Kind: "work", Primary: len(p.Emails) == 0})
	}
	return nil
}

func memberships(p *person.Person, v string) error {
	p.Groups = append(p.Groups, parted(v, ",;|")...)
	return nil
}

// active reads the words that departments of personnel use. One that is not known is refused: whoever is on leave, say, has to be told
// apart from who has left by a person. An empty cell is refused likewise.
func active(p *person.Person, v string) error {
	switch plain(v) {
	case "true", "yes", "y", "1", "active", "enabled", "employed", "current":
		p.Active = true
	case "false", "no", "n", "0", "inactive", "disabled", "terminated", "left", "former", "resigned":
		p.Active = false
	default:
		return fault.New(fault.Invalid, "%.60q says neither that somebody is here nor that he has left: want true or false", v)
	}
	return nil
}

// date reads a day or a time. Days with slashes are refused, because 03/04 is March in one country and April in the next.
func date(v string) (t time.Time, day bool, err error) {
	for _, form := range []string{time.DateOnly, "2006/01/02", "02.01.2006", "20060102"} {
		if t, err := time.Parse(form, v); err == nil {
			return t, true, nil
		}
	}
	for _, form := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(form, v); err == nil {
			return t.UTC(), false, nil
		}
	}
	return t, false, fault.New(fault.Invalid, "%.60q is no day that can only be read in one way: want one such as 2030-04-05", v)
}

func started(p *person.Person, v string) (err error) {
	p.Start, _, err = date(v)
	return err
}

// ended: the last day is worked, so it is over when the next begins.
func ended(p *person.Person, v string) error {
	t, day, err := date(v)
	if day {
		t = t.AddDate(0, 0, 1)
	}
	p.End = t
	return err
}
