package console

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"

	"jobzero/internal/fault"
)

//go:embed static
var staticFiles embed.FS

// files are the style, the scripts and the icon by name, with a mark of what is in them: browsers keep a file for as long as its mark is asked for.
type files map[string]static

type static struct {
	body []byte
	mark string
}

func readFiles() (files, error) {
	out := files{}
	err := fs.WalkDir(staticFiles, "static", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := staticFiles.ReadFile(p)
		sum := sha256.Sum256(body)
		out[path.Base(p)] = static{body, hex.EncodeToString(sum[:6])}
		return err
	})
	return out, fault.Wrap(fault.Internal, err, "read the files of the console")
}

// path is where a file is to be had.
func (f files) path(name string) string { return "/static/" + name + "?" + f[name].mark }

// serve gives one. They say nothing of the organisation, so whoever is not let in yet may have them too.
func (f files) serve(w http.ResponseWriter, r *http.Request) {
	s, ok := f[r.PathValue("file")]
	kind := mime.TypeByExtension(path.Ext(r.PathValue("file")))
	if !ok || kind == "" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", kind)
	if r.URL.RawQuery == s.mark {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	_, _ = w.Write(s.body) // as of pages
}
