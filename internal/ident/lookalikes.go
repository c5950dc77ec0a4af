package ident

// lookalikes maps a letter or digit, case folded and without accents, to what it
// is taken for. Every answer stands for itself. After Unicode Technical Standard
// 39 (confusables), cut down to letters that names are made of and widened by
// the pairs that matter for names: all of 1, l and i are one; so are 0 and o.
//
// Case is folded first, so a Greek letter whose capital and small form look like
// two different Latin letters goes with the capital: words in Greek capitals can
// be taken for Latin ones, words in small letters hardly ever.
var lookalikes = makeLookalikes(
	// Latin and digits
	"aɑᴀ", "bʙɓ", "cᴄƈ", "dᴅɗđ", "eᴇɛ", "fƒꜰ", "gɡɢɠ", "hʜħɦ", "i1lɩɪıʟłǀ", "jᴊȷ", "kᴋƙ", "mᴍɱ", "nɴŋɲ",
	"o0ᴏøɔ", "pᴘƥþ", "rʀ", "sꜱʂ", "tᴛŧƭ", "uᴜʋ", "vᴠ", "wᴡɯ", "yʏƴ", "zᴢʐƶ",
	// Greek
	"aα", "bβ", "eε", "zζ", "hη", "iι", "kκ", "mμ", "nν", "oοσ", "pρ", "tτ", "yυγ", "xχ", "wω",
	// Cyrillic
	"aа", "bвь", "cс", "dԁ", "eеєҽ", "gԍ", "hнһ", "iіӏ", "jј", "kкқ", "mм", "nп", "oо", "pр", "qԛ", "rг", "sѕ",
	"tт", "vѵ", "wԝѡш", "xхҳ", "yуүұ", "3з", "6б",
	// Armenian
	"gց", "hհ", "jյ", "iլ", "nոռ", "oօ", "qզ", "uս",
	// Coptic
	"aⲁ", "bⲃ", "cⲥ", "eⲉ", "hⲏ", "iⲓ", "kⲕ", "mⲙ", "nⲛ", "oⲟ", "pⲣ", "tⲧ", "xⲭ", "yⲩ", "zⲍ",
	// Cherokee
	"aᎪ", "bᏴ", "cᏟ", "dᎠ", "eᎬ", "gᏀ", "hᎻ", "iᎥᏞ", "jᎫ", "kᏦ", "mᎷ", "pᏢ", "rᎡᏒ", "sᏚᏕ", "tᎢ", "vᏙ", "wᎳᏔ", "yᎩ", "zᏃ", "4Ꮞ",
	// Lisu
	"aꓮ", "bꓐ", "cꓚ", "dꓓ", "eꓰ", "fꓝ", "gꓖ", "hꓧ", "iꓲꓡ", "jꓙ", "kꓗ", "mꓟ", "nꓠ", "oꓳ", "pꓑ", "rꓣ", "sꓢ", "tꓔ", "uꓴ", "vꓦ",
	"wꓪ", "xꓫ", "yꓬ", "zꓜ",
	// Arabic: letters that differ by language or by a dot that is often left out
	"اٱ", "يىی", "كکڪ", "هةەہھۀۃ",
	// Hiragana and Katakana, and the Han characters they look like
	"へヘ", "りリ", "二ニ", "力カ", "口ロ", "卜ト", "工エ", "八ハ", "夕タ", "千チ", "才オ", "一ー", "三ミ",
)

// makeLookalikes reads classes whose first letter is the answer for the others,
// and adds the ligatures that look like two letters.
func makeLookalikes(classes ...string) map[rune]string {
	m := map[rune]string{'æ': "ae", 'œ': "oe", 'ӕ': "ae", 'ы': "bi", 'ß': "ss"}
	for _, class := range classes {
		rs := []rune(class)
		for _, r := range rs[1:] {
			m[small(r)] = string(rs[0])
		}
	}
	return m
}
