package accountpage

import (
	"context"

	"guildhall/internal/lang"
	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

// JoinForm is the form of joining, as shown and as sent.
type JoinForm struct {
	Name, Lang, Zone string
	Next             string // where to go on afterwards
	Once             string
	Passkeys         bool // they can be had on this hall's address

	// What scripts fill in; kept when the form comes back.
	Work, Device, Vault, LoginHash, RequestKey, Ceremony, Passkey string

	Err error
}

// SignInForm is the form of signing in.
type SignInForm struct {
	Name, Code, Next string
	Passkeys         bool
	Err              error
}

// CodesPage shows codes once.
type CodesPage struct {
	Name     string
	Login    string // empty: there is none to show
	Recovery []string
	Joined   bool // she has just joined
	Next     string
	Device   string
}

// languages are the choices of a language, each in its own words.
func languages() (options []shell.Option) {
	for _, l := range lang.All() {
		options = append(options, shell.Option{Value: l.String(), Label: l.Name()})
	}
	return options
}

func themes(ctx context.Context) []shell.Option {
	return []shell.Option{
		{Value: viewer.Auto, Label: shell.T(ctx, "shell.theme.auto")},
		{Value: viewer.Light, Label: shell.T(ctx, "shell.theme.light")},
		{Value: viewer.Dark, Label: shell.T(ctx, "shell.theme.dark")},
	}
}

func back(next string) string {
	if next == "/" {
		return ""
	}
	return "?back=" + escape(next)
}

const script = "account.js"

// freshLede says why a key is asked for once more.
func freshLede(next string) string {
	if next == "/account/erasure" {
		return "account.fresh.lede_erase"
	}
	return "account.fresh.lede"
}
