package clause

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// What single words are good for.

func isContact(w word) bool { return w.kind == contact }
func contacts(r run) bool   { return anyOf(r.old, isContact) || anyOf(r.new, isContact) }
func isNumber(w word) bool  { return w.kind == number }
func isLittle(w word) bool  { return anyLittle[w.hash] }
func isMoney(w word) bool   { return w.kind == number && money(firstOf(w.text)) }
func isWeighty(w word) bool { return weighty[w.hash] }
func turns(w word) bool     { return isWeighty(w) || isNumber(w) }

// months in the languages of little, with short forms, and what stands between
// the parts of a date.
var dateWords = set(`january february march april may june july august september october november december
 jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday st nd rd th of
 janvier février mars avril mai juin juillet août septembre octobre novembre décembre er le du
 enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre de del el
 januar februar märz april juni juli oktober dezember der vom
 gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre il
 janeiro fevereiro março maio junho julho setembro outubro novembro dezembro
 januari februari maart mei augustus stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
 augusti marts maj tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
 ledna února března dubna května června července srpna září října listopadu prosince gada janvāris februāris aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris
 ianuarie februarie martie aprilie iunie iulie septembrie octombrie noiembrie decembrie ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
 января февраля марта апреля мая июня июля августа сентября октября ноября декабря года г 年 月 日 يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر`)

// isDate takes months, days, years, dates in figures and numbers of versions.
func isDate(w word) bool {
	if dateWords[w.hash] {
		return true
	}
	return w.kind == number && (day.MatchString(w.text) || isYear(w) || hour.MatchString(w.text) || release.MatchString(w.text))
}

var (
	day     = regexp.MustCompile(`^(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|º|ª)?$`)
	year    = regexp.MustCompile(`^(?:\d{1,2}[./]\d{1,2}[./])?(?:19[89]|20\d)\d(?:\d{4}|[./]\d{1,2}[./]\d{1,2})?$`)
	hour    = regexp.MustCompile(`^\d{1,2}:\d\d(?::\d\d)?$`)
	release = regexp.MustCompile(`^v?\d{1,2}(?:\.\d{1,3}){1,3}$`)
)

func isYear(w word) bool { return w.kind == number && year.MatchString(w.text) }

func isMonth(w word) bool {
	return dateWords[w.hash] && len(w.text) > 2 && !isLittle(w) && (w.upper || !isWeighty(w))
}

// nearDate tells whether a month or a year stands in a place or beside it: a
// number alone is no date.
func (r run) nearDate() bool {
	near := func(w word) bool { return isYear(w) || isMonth(w) || w.hash == versionWord }
	return anyOf(r.old, near) || anyOf(r.new, near) || anyOf(r.lead[max(0, len(r.lead)-3):], near) || anyOf(r.tail, near)
}

var versionWord = newWord("version", plain).hash

// versionWords stand beside the day on which a version begins.
var versionWords = set(`updated update revised revision modified amended effective version versions dated posted published changed since force publication edition
 jour mise modification modifiée révision vigueur publié publiée applicable actualización actualizado actualizada modificación vigente vigor publicado publicada versión
 aktualisiert stand fassung gültig geändert überarbeitet aktualisierung aggiornamento aggiornato aggiornata modifica vigore versione revisione
 atualização atualizado atualizada modificado revisado versão bijgewerkt gewijzigd versie herzien aktualizacja zaktualizowano wersja obowiązuje
 uppdaterad uppdaterades reviderad opdateret revideret päivitetty aktualizováno verze účinnost atjaunots atjaunoti versija atnaujinta actualizare actualizat versiune
 frissítve hatályos güncelleme güncellenme sürüm обновлено обновления редакция версия 更新 施行 改定 制定 生效 修订 تحديث`)

// dateline is the length in words up to which a clause with a date and nothing
// but version words is about the version.
const dateline = 30

// dated tells whether a pair speaks of the day of its version.
func dated(p pair) bool {
	for _, c := range []*Clause{p.old, p.new} {
		if c == nil {
			continue
		}
		if len(c.words) <= 6 && anyOf(c.words, isYear) || strings.Contains(c.Text, "©") {
			return true
		}
		if len(c.words) <= dateline && anyOf(c.words, func(w word) bool { return versionWords[w.hash] }) {
			return true
		}
	}
	return false
}

// versionLine tells whether a clause does nothing but name a version.
func versionLine(c *Clause) bool {
	return len(c.words) <= 16 && anyOf(c.words, func(w word) bool { return versionWords[w.hash] }) && anyOf(c.words, isYear)
}

var referWords = set(`section sections clause clauses article articles paragraph paragraphs part annex appendix schedule point item
 artículo artículos cláusula cláusulas sección apartado apartados punto anexo abschnitt abschnitte ziffer absatz artikel anhang
 articolo articoli clausola punto sezione allegato artigo artigos seção secção anexo paragraaf bijlage sekcja punkt punkty artykuł ustęp
 avsnitt stycke afsnit stk kohta článek bod odst punkts punkta pants straipsnis punktas secțiunea articolul madde bölüm раздел раздела пункт пункта статья 第`)

// refers tells whether a reference to a clause has just begun.
func refers(lead []word) bool { return anyOf(lead, func(w word) bool { return referWords[w.hash] }) }

// isReference takes what names a clause: 7, 7.2, a, iv, and, to.
func isReference(w word) bool {
	switch w.text {
	case "and", "or", "to", "et", "y", "und", "e", "en", "i", "à", "a", "bis":
		return true
	}
	if referWords[w.hash] {
		return true
	}
	if len(w.text) > 9 {
		return false
	}
	return strings.Trim(w.text, "0123456789.abcdefivxl") == "" && (w.kind == number || len(w.text) <= 4)
}

func firstOf(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func anyOf(ws []word, is func(word) bool) bool {
	for _, w := range ws {
		if is(w) {
			return true
		}
	}
	return false
}

func allOf(ws []word, is func(word) bool) bool {
	for _, w := range ws {
		if !is(w) {
			return false
		}
	}
	return true
}

func without(ws []word, is func(word) bool) []word {
	var out []word
	for _, w := range ws {
		if !is(w) {
			out = append(out, w)
		}
	}
	return out
}

// forceWords stand before the day from which a text binds.
var forceWords = set(`effective effect force commencing vigueur applicable vigor vigencia efectos gültig kraft wirkung ingang geldig vigore decorrenza efeito obowiązuje účinnost
 gäller träder gælder voimassa spēkā įsigalioja hatályos yürürlük вступает действует силу 施行 生效 시행 سريان`)

func inForce(lead []word) bool {
	return anyOf(lead[max(0, len(lead)-6):], func(w word) bool { return forceWords[w.hash] })
}

// houseWords stand in the addresses of houses; with a capital letter they make
// one, also where they mean something else in small letters.
var houseWords = set(`street road avenue boulevard lane floor suite building buildings house place square court drive box dock quay way
 rue étage immeuble calle avenida piso straße strasse platz via piazza rua andar straat ulica gata vej katu ulice iela sediul strada utca sokak cadde улица`)

// addressWords say that an address follows.
var addressWords = set(`address headquarters headquartered registered office adresse siège dirección domicilio anschrift sitz indirizzo sede endereço adres adress osoite adresa
 sídlo juridiskā adrese buveinė sediul székhely cím adresi адрес 住所 地址`)

// postal tells whether a place differs in the address of a house only: names and
// numbers, in which a street is named or before which an address is announced.
func postal(r run) bool {
	named := func(w word) bool { return w.upper || isLittle(w) || w.kind == number && !isMoney(w) }
	if !allOf(r.old, named) || !allOf(r.new, named) {
		return false
	}
	street := func(w word) bool { return w.upper && houseWords[w.hash] }
	if anyOf(r.old, street) || anyOf(r.new, street) {
		return true
	}
	if !anyOf(r.lead, street) && !anyOf(r.lead, func(w word) bool { return addressWords[w.hash] }) {
		return false
	}
	if !anyOf(r.old, isNumber) && !anyOf(r.new, isNumber) {
		return false
	}
	capital := func(w word) bool { return w.upper }
	return anyOf(r.old, capital) || anyOf(r.new, capital) || len(r.lead) > 0 && r.lead[len(r.lead)-1].upper
}

// companySuffix is the form of a company, which changes without the company.
var companySuffix = set(`inc llc ltd limited gmbh sa sas sarl bv nv plc corp corporation co company ag srl sl slu pty oy ab as aps spa kk lp llp pbc incorporated se sia uab kft sp zoo ltda eood ou oü`)

// isSuffix knows it also as an owner: "LLC's" is read as "llcs".
func isSuffix(w word) bool {
	return companySuffix[w.hash] || companySuffix[newWord(strings.TrimSuffix(w.text, "s"), plain).hash]
}

// sameCompany tells whether nothing but the form of a company differs: another one, or,
// right after its name, one that was added or dropped.
func sameCompany(r run) bool {
	owns := func(w word) bool { return w.text == "s" } // "Inc.'s" is two words, for its full stop
	r.old, r.new = without(r.old, owns), without(r.new, owns)
	if !allOf(r.old, isSuffix) || !allOf(r.new, isSuffix) {
		return false
	}
	if len(r.old) > 0 && len(r.new) > 0 {
		return true
	}
	shown := func(w word) bool { return w.upper }
	return len(r.lead) > 0 && isName(r.lead[len(r.lead)-1]) && allOf(r.old, shown) && allOf(r.new, shown)
}

// bindWords stand in clauses where a name decides who is bound, and by which law.
var bindWords = set(`law laws court courts jurisdiction governed governing arbitration arbitrator venue contracting incorporated registered droit tribunal tribunaux juridiction ley leyes tribunales jurisdicción
 recht gericht gerichte gerichtsstand legge foro tribunale lei tribunal rechter prawo sąd lag domstol lov 法律 裁判所 准拠法`)

// binds tells whether a name in the clause is more than a name.
func binds(p pair) bool {
	in := func(c *Clause) bool {
		return c != nil && anyOf(c.words, func(w word) bool { return bindWords[w.hash] })
	}
	return in(p.old) || in(p.new)
}

// persons are the words for who has a right or a duty, by person.
var persons = func() map[uint64]int {
	m := map[uint64]int{}
	for i, words := range []string{
		"we us our ours nous notre nos nosotros nuestro nuestra nuestros nuestras wir uns unser unsere noi nostro nostra nós nosso nossa wij ons onze my nasz nasze vi vår våra vores мы нас наш",
		"you your yours vous votre vos usted su ustedes sie ihr ihre ihnen voi vostro tu tuo você vocês seu sua u uw jij jouw ty twój twoje du din ditt dig dina dit вы вас ваш",
	} {
		for h := range set(words) {
			m[h] = i + 1
		}
	}
	return m
}()

// otherPerson tells whether what was one side's has become the other's.
func otherPerson(old, now []word) bool {
	of := func(ws []word) (seen [3]bool) {
		for _, w := range ws {
			seen[persons[w.hash]] = true
		}
		return seen
	}
	a, b := of(old), of(now)
	return (a[1] || a[2]) && (b[1] || b[2]) && (a[1] != b[1] || a[2] != b[2])
}

// pointerWords are what sentences are made of that only say where to read on.
var pointerWords = set(`more information details detail see found find faq faqs section sections page pages please visit learn read refer help centre center here available below above following
 further including include includes provided set out described defined accordance terms policy policies conditions guidelines agreement notice notices specific regarding relating
 can may peut puede kann può pode informations détails voir page consulter conditions politique información detalles ver consulte página términos condiciones política weitere informationen einzelheiten siehe seite bedingungen richtlinie
 informazioni dettagli vedere pagina condizioni informações detalhes consulte termos condições meer informatie zie pagina voorwaarden beleid`)

var readOn = set(`provided described defined set faq faqs policy policies terms section sections page pages here centre center information details guidelines politique conditions política términos informationen richtlinie informazioni politica termos condições beleid voorwaarden`)

// longestPointer is how many words a reference to another text has at most.
const longestPointer = 16

// pointer tells whether words only say where more can be read. No words do.
func pointer(ws []word) bool {
	if len(ws) == 0 {
		return true
	}
	return len(ws) <= longestPointer && anyOf(ws, func(w word) bool { return readOn[w.hash] }) &&
		allOf(ws, func(w word) bool {
			return pointerWords[w.hash] || isLittle(w) || w.upper && !isWeighty(w) || w.kind == contact
		})
}
