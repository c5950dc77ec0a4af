package ident

import (
	"strings"
	"unicode"
)

// offices are words that no part of a name may be: they would pass for somebody
// who speaks for the hall.
const offices = `admin admins administrator administrators administration moderator moderators moderation mod mods
steward stewards stewardship guildhall support helpdesk official officials staff sysop sysadmin webmaster operator root system
administrador administradora administradores administracion moderador moderadora moderadores moderacion soporte oficial
coordinador coordinadora coordinacion sistema equipo
مشرف المشرف مشرفة المشرفون إدارة الإدارة مدير المدير دعم الدعم رسمي الرسمي قيّم القيّم القيّمون`

// wholes are words that no name may be by itself: the hall says them of somebody
// or something else.
const wholes = `former-member former-members deleted deleted-user deleted-member removed erased anonymous anon nobody
someone everyone everybody all here channel null nil none undefined unknown nan true false you me self member
members guest guests visitor reader user users bot robot imported import hall the-hall team the-team security abuse legal press privacy info
help contact postmaster hostmaster no-reply noreply test new edit settings account search join sign-in sign-out feed api about
antiguo-miembro miembro miembros usuario usuario-eliminado eliminado anonimo nadie todos ayuda
عضو-سابق عضو أعضاء محذوف مجهول لا-أحد الجميع مساعدة`

// within a name, whatever stands around them.
const insides = `guildhall administrat moderator moderador helpdesk`

var (
	reservedWord  = foldedSet(offices)
	reservedWhole = foldedSet(wholes)
	reservedPart  = foldedList(insides)
)

// plain undoes digits written for letters, those that Fold leaves alone.
var plain = strings.NewReplacer("3", "e", "4", "a", "5", "s", "7", "t", "8", "b", "9", "g", "2", "z", "6", "b")

// Reserved tells whether a name is kept for the hall: it is, or holds, a word
// such as admin or steward, however written, or is one that says something else,
// such as "former member".
func Reserved(name string) bool {
	key := plain.Replace(Fold(name))
	bare := plain.Replace(Fold(strings.TrimRightFunc(name, unicode.IsDigit)))
	if reservedWord[key] || reservedWhole[key] || reservedWord[bare] || reservedWhole[bare] {
		return true
	}
	for _, part := range reservedPart {
		if strings.Contains(key, part) {
			return true
		}
	}
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return isSeparator(r) && !isApostrophe(r) }) {
		if reservedWord[plain.Replace(Fold(word))] || reservedWord[plain.Replace(Fold(strings.TrimRightFunc(word, unicode.IsDigit)))] {
			return true
		}
	}
	return false
}

func foldedList(words string) []string {
	list := strings.Fields(words)
	for i, w := range list {
		list[i] = plain.Replace(Fold(w))
	}
	return list
}

func foldedSet(words string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range foldedList(words) {
		set[w] = true
	}
	return set
}
