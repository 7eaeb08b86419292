package console

import (
	"net/http"
	"slices"
	"strings"
)

const themeCookie = "jobzero-look"

// theme is what the visitor has chosen, empty for what the browser says.
func theme(r *http.Request) string {
	c, err := r.Cookie(themeCookie)
	if err != nil || !slices.Contains([]string{"light", "dark"}, c.Value) {
		return ""
	}
	return c.Value
}

// changeLook remembers in the browser whether pages are light or dark, and goes back to where the visitor was.
func (c *Console) changeLook(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	to := r.PostFormValue("look")
	keep := &http.Cookie{Name: themeCookie, Value: to, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.Secure} //nolint:gosec // it is a colour, and on the machine itself there is no TLS
	if to != "light" && to != "dark" {
		keep.Value, keep.MaxAge = "", -1
	}
	http.SetCookie(w, keep)
	http.Redirect(w, r, inside(r.PostFormValue("back")), http.StatusSeeOther) //nolint:gosec // inside gives nothing but a path of ours
}

// inside is a path of the console: whatever else a form says leads to the first page.
func inside(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n") {
		return "/"
	}
	return path
}
