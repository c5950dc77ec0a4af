package asset

import (
	"encoding/json"
	"net/http"
)

// Paper and Night are the colours of the page by day and by night, as
// shell/scale.css has them; browsers paint their own frame with them.
const (
	Paper = "#fcfaf6"
	Night = "#191614"
)

type manifest struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	ShortName   string     `json:"short_name"`
	Description string     `json:"description"`
	Lang        string     `json:"lang"`
	Dir         string     `json:"dir"`
	StartURL    string     `json:"start_url"`
	Scope       string     `json:"scope"`
	Display     string     `json:"display"`
	Theme       string     `json:"theme_color"`
	Background  string     `json:"background_color"`
	Icons       []icon     `json:"icons"`
	Shortcuts   []shortcut `json:"shortcuts"`
	Share       share      `json:"share_target"`
}

type icon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

type shortcut struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type share struct {
	Action string            `json:"action"`
	Method string            `json:"method"`
	Params map[string]string `json:"params"`
}

// Words are the sentences of the manifest, in one language.
type Words struct {
	Name, Description  string
	Lang, Dir          string
	Discussions, Write string // names of the two shortcuts
}

// Manifest serves /manifest.webmanifest: what the hall is called and looks
// like once it is installed. Sharing to it opens the writing page with the
// shared title and text.
func Manifest(words func(*http.Request) Words) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := json.Marshal(describe(words(r)))
		if err != nil {
			panic("asset: " + err.Error()) // strings always marshal
		}
		w.Header().Set("Cache-Control", "public, max-age=3600")
		w.Header().Set("Vary", "Accept-Language, Cookie")
		f := file{kind: "application/manifest+json", raw: body}
		f.serve(w, r)
	})
}

func describe(t Words) manifest {
	return manifest{
		ID: "/", Name: t.Name, ShortName: t.Name, Description: t.Description,
		Lang: t.Lang, Dir: t.Dir,
		StartURL: "/", Scope: "/", Display: "standalone",
		Theme: Paper, Background: Paper,
		Icons: []icon{
			{URL("icon.svg"), "any", "image/svg+xml", "any"},
			{URL("icon-192.png"), "192x192", "image/png", "any"},
			{URL("icon-512.png"), "512x512", "image/png", "any"},
			{URL("icon-maskable.png"), "512x512", "image/png", "maskable"},
		},
		Shortcuts: []shortcut{{t.Discussions, "/discussions"}, {t.Write, "/write"}},
		Share: share{
			Action: "/write", Method: "GET",
			Params: map[string]string{"title": "title", "text": "text", "url": "url"},
		},
	}
}
