package clause

import (
	"strings"
	"unicode"
)

// little are the commonest words of languages in which terms are published:
// they tell the language, and by themselves seldom change what a text means.
// Words that do (not, or, must, only …) stand in weighty.
var little = map[string]map[uint64]bool{
	"en": set("the of to a an in for on by with as at from is are be been was were that this these those it its your you we our us their they such which who whom any all will has have had do does so than then there here also into about and upon"),
	"fr": set("le la les l de d des du un une en dans pour par sur avec au aux et est sont être a été ce cette ces cet il elle ils elles qui que qu dont se sa son ses leur leurs vous votre vos nous notre nos plus ainsi lors comme afin"),
	"es": set("el la los las de del un una unos unas en para por con a al y es son ser ha han que se su sus lo le les este esta estos estas usted tu tus te nos nuestro nuestra como más cuando sobre entre desde"),
	"de": set("der die das den dem des ein eine einen einem einer eines in im für von vom zu zur zum mit auf bei an am als aus und ist sind wird werden wurde dass sich sie ihr ihre ihren ihrer wir uns unser unsere es er diese dieser dieses durch nach sowie über"),
	"it": set("il lo la i gli le di del della dei degli delle un uno una in nel nella per con su sul sulla da dal dalla a al alla e è sono essere che si suo sua suoi sue questo questa questi queste voi vostro tu tuo noi nostro come più anche"),
	"pt": set("o a os as de do da dos das um uma em no na nos nas para por com ao aos à às e é são ser que se seu sua seus suas este esta estes estas você vocês nós nosso nossa como mais quando sobre entre pelo pela"),
	"nl": set("de het een van in op voor met door aan bij uit tot te en is zijn wordt worden was dat die dit deze u uw je jouw wij ons onze als om ook naar over zij hun er dan"),
	"pl": set("w z na do o i a od po za przez dla przy jest są być to ten ta te tego tej tych który która które się jego jej ich oraz jak ze we pod twój twoje nasz nasze"),
	"sv": set("och i att det som en ett på är av för med till den de du din ditt dina vi vår vårt våra om har kan från vid dig oss samt sig"),
	"da": set("og i at det som en et på er af for med til den de du din dit dine vi vores om har fra ved dig os samt sig der"),
	"fi": set("ja on ei että se tai ovat kun joka jotka tämä nämä sen niiden sinun me meidän voi sekä mukaan"),
	"cs": set("a v na se je že s z do o pro k od po za při jsou být to ten tato tyto který která které jeho jejich jak vám váš vaše naše nás podle"),
	"lv": set("un ir ar no uz par kas pie pēc to tā šo šie lai tiek tas tam kā arī jūs jūsu mēs mūsu var viņa"),
	"lt": set("ir yra su į iš dėl kad kuris kurie tai šis šie jūs jūsų mes mūsų gali apie pagal"),
	"ro": set("și de la în cu pe pentru din a al ale este sunt fi că care se sau dvs noastre prin un o acest această acestea"),
	"hu": set("a az és hogy egy is ez azt nem van vagy által amely során valamint szerint ön mi"),
	"tr": set("ve bir bu için ile de da olan olarak veya gibi tarafından siz biz sizin bizim kadar her"),
}

// scripts tell a language, or a family of them, by letters alone.
var scripts = []struct {
	name  string
	table *unicode.RangeTable
}{
	{"ja", unicode.Hiragana}, {"ja", unicode.Katakana}, {"ko", unicode.Hangul}, {"zh", unicode.Han}, {"ru", unicode.Cyrillic},
	{"ar", unicode.Arabic}, {"he", unicode.Hebrew}, {"el", unicode.Greek}, {"th", unicode.Thai}, {"hi", unicode.Devanagari},
}

// weighty are little words that turn what a clause means.
var weighty = set(`not no never nor neither without unless except only cannot may might must shall should can could would
 ne pas jamais ni sans sauf uniquement seulement aucun aucune peut peuvent doit doivent
 nunca sin salvo excepto sólo solo ningún ninguna puede pueden debe deben
 nicht kein keine keinen nie niemals ohne außer nur kann können darf dürfen muss müssen soll sollen
 non mai senza salvo solo nessun nessuna può possono deve devono
 não nem sem exceto apenas somente nenhum nenhuma pode podem deve devem
 niet geen nooit zonder behalve alleen mag mogen moet moeten kan kunnen
 nie nigdy bez chyba tylko może mogą musi muszą
 inte ej aldrig utan endast får måste ska ikke aldri uden kun må skal
 nav bez tikai drīkst var jābūt ne nikdy pouze musí může nem nincs csak kell lehet değil yalnızca
 не нет без только может должен لا ليس لن إلا فقط يجب`)

func set(words string) map[uint64]bool {
	m := map[uint64]bool{}
	for w := range strings.FieldsSeq(words) {
		m[newWord(w, plain).hash] = true
	}
	return m
}

// anyLittle are the little words of all languages that are nowhere weighty.
var anyLittle = func() map[uint64]bool {
	m := map[uint64]bool{}
	for h := range set("and or ou et o y oder und e ed of en lub i eller och og vai un nebo tai ja sau și vagy és veya ve или и أو و") {
		m[h] = true
	}
	for _, words := range little {
		for h := range words {
			if !weighty[h] {
				m[h] = true
			}
		}
	}
	return m
}()

// Share of words from which on a language is believed, and by how much it must
// lead the next one: a text in two languages has none.
const (
	enoughLittle = 0.12
	clearLead    = 1.35
)

// Language guesses the language of a text: a code of two letters, or "" when
// the text is short, of several languages, or of none that is known.
func Language(ws []word) string {
	if len(ws) < 40 {
		return ""
	}
	if s := script(ws); s != "" {
		return s
	}
	first, second, name := 0, 0, ""
	for code, words := range little {
		n := 0
		for _, w := range ws {
			if words[w.hash] {
				n++
			}
		}
		if n > first || n == first && code < name {
			first, second, name = n, first, code
		} else if n > second {
			second = n
		}
	}
	if float64(first) < enoughLittle*float64(len(ws)) || float64(first) < clearLead*float64(second) {
		return ""
	}
	return name
}

func script(ws []word) string {
	count, latin := map[string]int{}, 0
	for _, w := range ws {
		for _, r := range w.text {
			if r < 0x250 {
				latin++
				continue
			}
			for _, s := range scripts {
				if unicode.Is(s.table, r) {
					count[s.name]++
				}
			}
		}
	}
	if kana := count["ja"]; kana > 0 && kana*10 > count["zh"] { // Japanese writes Han letters as well
		count["ja"], count["zh"] = kana+count["zh"], 0
	}
	best := ""
	for _, s := range scripts {
		if count[s.name] > latin && count[s.name] > count[best] {
			best = s.name
		}
	}
	return best
}
