package mail

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strings"

	"jobzero/internal/report"
)

// walk goes through the parts of a message.
type walk struct {
	letter *Letter
	parts  int
	html   string // words of the first part that is a page
}

// part takes one in: the words, a file, or more parts.
func (w *walk) part(h textproto.MIMEHeader, body io.Reader, depth int) error {
	if w.parts++; w.parts > mostParts || depth > mostDepth {
		return fmt.Errorf("it has more than %d parts, or parts in parts more than %d deep", mostParts, mostDepth)
	}
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		kind, params = "text/plain", nil // RFC 2045, section 5.2
	}
	if strings.HasPrefix(kind, "multipart/") {
		return w.several(params["boundary"], body, depth)
	}
	how, named, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	name := named["filename"]
	if name == "" {
		name = params["name"]
	}
	plain := decoded(h.Get("Content-Transfer-Encoding"), body)
	if how != "attachment" && name == "" && (kind == "text/plain" || kind == "text/html") {
		return w.text(kind, params["charset"], plain)
	}
	return w.file(words(name), plain)
}

func (w *walk) several(boundary string, body io.Reader, depth int) error {
	if boundary == "" {
		return errors.New("it says that it has parts, and not what is between them")
	}
	r := multipart.NewReader(body, boundary)
	for {
		p, err := r.NextRawPart()
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF): // cut off on the way: what came is taken
			return nil
		case err != nil:
			return err
		}
		if err := w.part(p.Header, p, depth+1); err != nil {
			return err
		}
	}
}

// text takes the words of the first part that has any.
func (w *walk) text(kind, charset string, from io.Reader) error {
	if charset != "" {
		if known, err := readerOf(charset, from); err == nil {
			from = known
		}
	}
	b, err := io.ReadAll(io.LimitReader(from, mostText))
	if err != nil && errors.Is(err, errLong) {
		return err // what else is wrong with it is its own: what could be read is taken
	}
	t := strings.TrimSpace(strings.ToValidUTF8(string(b), "\uFFFD"))
	switch {
	case kind == "text/html" && w.html == "":
		w.html = unmarked(t)
	case kind == "text/plain" && w.letter.Text == "":
		w.letter.Text = t
	}
	return nil
}

// file takes one in, or notes why not.
func (w *walk) file(name string, from io.Reader) error {
	if name == "" {
		name = "file"
	}
	if len(w.letter.Files) == report.MostFiles {
		w.letter.Left = append(w.letter.Left, fmt.Sprintf("%s: up to %d files are taken", short(name), report.MostFiles))
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(from, report.MostFile+1))
	if errors.Is(err, errLong) {
		return err
	}
	var f report.File
	if err == nil {
		f, err = report.NewFile(name, data)
	}
	if err != nil {
		w.letter.Left = append(w.letter.Left, short(err.Error()))
		return nil
	}
	w.letter.Files = append(w.letter.Files, f)
	return nil
}

// decoded undoes what was done to a part for the way (RFC 2045, section 6).
func decoded(how string, from io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(how)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, from)
	case "quoted-printable":
		return quotedprintable.NewReader(from)
	}
	return from
}

// unmarked is the text of a page: what stands between its marks, without scripts and styles.
func unmarked(page string) string {
	var b strings.Builder
	for page != "" {
		text, rest, ok := strings.Cut(page, "<")
		b.WriteString(text)
		if !ok {
			break
		}
		mark, after, _ := strings.Cut(rest, ">")
		switch word := strings.ToLower(strings.Trim(firstWord(mark), "/")); word {
		case "script", "style", "head":
			if i := strings.Index(strings.ToLower(after), "</"+word); i >= 0 && !strings.HasPrefix(mark, "/") {
				_, after, _ = strings.Cut(after[i:], ">")
			}
		case "br", "p", "div", "tr", "li", "h1", "h2", "h3":
			b.WriteByte('\n')
		}
		page = after
	}
	return strings.TrimSpace(entities.Replace(b.String()))
}

func firstWord(mark string) string {
	f := strings.Fields(mark)
	if len(f) == 0 {
		return ""
	}
	return f[0]
}

var entities = strings.NewReplacer("&nbsp;", " ", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'", "&amp;", "&")
