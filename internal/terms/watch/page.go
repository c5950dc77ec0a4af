package watch

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"guildhall/internal/terms/clause"
)

// Trouble is why a page is not the text: the name of a sentence in the
// catalogue, below "terms.trouble.".
type Trouble string

// The troubles. No trouble is the empty string.
const (
	Empty    Trouble = "empty"    // hardly a word
	TooLarge Trouble = "large"    // more than is read
	Garbled  Trouble = "garbled"  // letters lost to a wrong encoding
	Login    Trouble = "login"    // asks to sign in
	Captcha  Trouble = "captcha"  // asks for a proof of being human
	Broken   Trouble = "broken"   // the other side's error page
	Scripts  Trouble = "scripts"  // nothing without JavaScript
	Cut      Trouble = "cut"      // only a part of the text
	Other    Trouble = "other"    // another page
	Language Trouble = "language" // another language
)

// page is one distinct text.
type page struct {
	doc     *clause.Doc // nil when it cannot be read
	text    string      // in small letters, for signs of trouble
	trouble Trouble     // as far as the page by itself tells
}

// Sizes in words.
const (
	hardlyAny   = 15  // below it, a page says nothing
	shortPage   = 400 // up to it, signs of trouble are believed without comparing
	shortNotice = 150 // up to it, a page can only be a notice
)

// signs of trouble, in small letters. They are believed on short pages only: a
// contract may well speak of signing in.
var signs = []struct {
	trouble Trouble
	phrases []string
}{
	{Captcha, []string{"captcha", "are you a robot", "not a robot", "you are human", "you're human", "are human", "unusual traffic", "checking your browser", "security check", "ray id",
		"just a moment", "attention required", "bot protection", "automated access", "pardon our interruption", "press & hold", "ddos protection", "êtes humain", "pas un robot",
		"eres humano", "no soy un robot", "kein roboter", "ein mensch sind", "non sei un robot", "não é um robô", "geen robot", "jesteś człowiekiem", "не робот"}},
	{Scripts, []string{"enable javascript", "javascript is disabled", "javascript is required", "requires javascript", "turn on javascript", "without javascript", "need to enable javascript", "activate javascript",
		"enable cookies", "cookies are disabled", "browser is not supported", "unsupported browser", "activer javascript", "habilitar javascript", "habilite javascript", "javascript aktivieren",
		"abilita javascript", "ative o javascript", "schakel javascript", "włącz javascript"}},
	{Broken, []string{"access denied", "forbidden", "page not found", "not found", "404", "502 bad gateway", "bad gateway", "service unavailable", "temporarily unavailable", "internal server error",
		"something went wrong", "an error occurred", "under maintenance", "maintenance", "request could not be", "request blocked", "has been blocked", "try again later", "timed out", "gateway timeout",
		"no longer available", "page you requested", "page you are looking for", "page doesn't exist", "page does not exist", "rate limit", "too many requests", "not available in your", "page introuvable", "accès refusé", "une erreur",
		"página no encontrada", "no encontrada", "acceso denegado", "error del servidor", "seite nicht gefunden", "nicht gefunden", "zugriff verweigert", "wartungsarbeiten",
		"pagina non trovata", "accesso negato", "página não encontrada", "acesso negado", "pagina niet gevonden", "strony nie znaleziono", "страница не найдена", "ページが見つかりません", "找不到"}},
	{Login, []string{"sign in", "log in", "login", "sign-in", "log-in", "forgot password", "forgot your password", "password", "create an account", "se connecter", "connexion", "mot de passe",
		"iniciar sesión", "inicia sesión", "contraseña", "anmelden", "einloggen", "passwort", "accedi", "iniciar sessão", "fazer login", "senha", "inloggen", "wachtwoord", "zaloguj", "hasło", "войти", "ログイン", "登录", "로그인"}},
}

// read makes a page of what was recorded.
func read(text string) *page {
	if len(text) > clause.MaxText {
		return &page{trouble: TooLarge}
	}
	text = decode(text)
	doc, err := clause.Parse(text)
	if err != nil {
		return &page{trouble: TooLarge}
	}
	p := &page{doc: doc}
	words := doc.Words()
	switch {
	case words < hardlyAny:
		p.trouble = Empty
	case garbled(text):
		p.trouble = Garbled
	case words <= shortPage:
		p.text = strings.ToLower(text)
		if words <= shortNotice {
			p.trouble = p.sign()
		}
	}
	return p
}

// sign is the first sign of trouble in a short page.
func (p *page) sign() Trouble {
	for _, s := range signs {
		for _, phrase := range s.phrases {
			if strings.Contains(p.text, phrase) {
				return s.trouble
			}
		}
	}
	return ""
}

// What a page must have in common with the last good one.
const (
	cutAt   = 0.30 // of its length: below, it is cut off or another page
	known   = 0.50 // of its words: below, it is not the same text
	mostly  = 0.60 // of its letters in links: above, it is a list of links
	another = 0.25 // of its words: below and in another language, it is a translation
)

// against finds trouble that only the last good page shows; nil means there was
// none yet.
func (p *page) against(last *page) Trouble {
	if p.trouble != "" || p == last {
		return p.trouble
	}
	if p.doc.Links() > mostly && (last == nil || last.doc.Links() < mostly) {
		return Other
	}
	if last == nil {
		return ""
	}
	size := float64(p.doc.Words()) / float64(last.doc.Words())
	share := p.doc.Known(last.doc)
	if p.doc.Words() <= shortPage && share < known && size < 1 {
		if t := p.sign(); t != "" {
			return t
		}
	}
	switch {
	case size < cutAt && share >= known:
		return Cut
	case size < cutAt:
		return Other
	}
	return ""
}

// Sight looks at one text by itself: why it can be no text to watch, empty when it
// can, and its clauses.
func Sight(text string) (Trouble, *clause.Doc) {
	p := read(text)
	return p.against(nil), p.doc
}

// translation tells whether p is last in another language.
func (p *page) translation(last *page) bool {
	a, b := p.doc.Language, last.doc.Language
	return a != "" && b != "" && a != b && p.doc.Known(last.doc) < another
}

// decode makes UTF-8 of what is not, and undoes UTF-8 that was taken for
// Windows-1252 once too often.
func decode(text string) string {
	if strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff") {
		if t, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().String(text); err == nil {
			text = t
		}
	}
	if !utf8.ValidString(text) {
		if t, err := charmap.Windows1252.NewDecoder().String(text); err == nil {
			text = t
		}
	}
	if strings.Count(text, "Ã")+strings.Count(text, "â€")+strings.Count(text, "Â") > len(text)/2000+2 {
		if b, err := charmap.Windows1252.NewEncoder().Bytes([]byte(text)); err == nil && utf8.Valid(b) {
			text = string(b)
		}
	}
	return text
}

// garbled tells whether letters are lost: more than one sign in two hundred is
// the mark that stands for what could not be read, or a control character.
func garbled(text string) bool {
	bad, all := 0, 0
	for _, r := range text {
		all++
		if r == utf8.RuneError || r < ' ' && r != '\n' && r != '\r' && r != '\t' || r >= 0x80 && r < 0xa0 {
			bad++
		}
	}
	return bad*200 > all
}
