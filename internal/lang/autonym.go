package lang

import "strings"

// autonyms are the names of languages in themselves, by their tags: those that
// freelancers name most. Whoever speaks one reads it.
var autonyms = map[string]string{
	"af": "Afrikaans", "am": "አማርኛ", "ar": "العربية", "az": "Azərbaycanca", "be": "Беларуская", "bg": "Български", "bn": "বাংলা", "bs": "Bosanski", "ca": "Català",
	"ceb": "Cebuano", "cs": "Čeština", "cy": "Cymraeg", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά", "en": "English", "es": "Español", "et": "Eesti", "eu": "Euskara",
	"fa": "فارسی", "fi": "Suomi", "fil": "Filipino", "fr": "Français", "ga": "Gaeilge", "gl": "Galego", "gu": "ગુજરાતી", "ha": "Hausa", "he": "עברית", "hi": "हिन्दी",
	"hr": "Hrvatski", "hu": "Magyar", "hy": "Հայերեն", "id": "Indonesia", "ig": "Igbo", "is": "Íslenska", "it": "Italiano", "ja": "日本語", "jv": "Jawa", "ka": "ქართული",
	"kk": "Қазақша", "km": "ខ្មែរ", "kn": "ಕನ್ನಡ", "ko": "한국어", "ku": "Kurdî", "lt": "Lietuvių", "lv": "Latviešu", "mk": "Македонски", "ml": "മലയാളം", "mn": "Монгол",
	"mr": "मराठी", "ms": "Melayu", "my": "မြန်မာ", "nb": "Norsk bokmål", "ne": "नेपाली", "nl": "Nederlands", "nn": "Norsk nynorsk", "no": "Norsk", "or": "ଓଡ଼ିଆ",
	"pa": "ਪੰਜਾਬੀ", "pl": "Polski", "ps": "پښتو", "pt": "Português", "ro": "Română", "ru": "Русский", "rw": "Kinyarwanda", "sd": "سنڌي", "si": "සිංහල", "sk": "Slovenčina",
	"sl": "Slovenščina", "so": "Soomaali", "sq": "Shqip", "sr": "Српски", "sv": "Svenska", "sw": "Kiswahili", "ta": "தமிழ்", "te": "తెలుగు", "th": "ไทย", "ti": "ትግርኛ",
	"tl": "Tagalog", "tr": "Türkçe", "tw": "Twi", "uk": "Українська", "ur": "اردو", "uz": "O‘zbekcha", "vi": "Tiếng Việt", "wo": "Wolof", "xh": "isiXhosa", "yo": "Yorùbá",
	"yue": "粵語", "zh": "中文", "zu": "isiZulu",
}

// Autonym is the name of a language in itself, "Français", with the rest of its tag
// behind it where there is one, "Português (BR)"; the tag where no name is known.
func Autonym(tag string) string {
	base, rest, regional := strings.Cut(tag, "-")
	name, known := autonyms[strings.ToLower(base)]
	switch {
	case !known:
		return tag
	case regional:
		return name + " (" + rest + ")"
	}
	return name
}
