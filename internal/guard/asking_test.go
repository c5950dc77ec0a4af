package guard

import (
	"strings"
	"testing"
	"unicode/utf8"

	"guildhall/internal/fault"
)

func TestAsksWho(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"Message me your profile and I will look.", "Please DM us.", "Send your user name, please.", "Send us a note with your account name.",
		"Write to trust@platform.example about it.", "trust (at) platform (dot) example", "Could you share your contract number?", "What is your user name?",
		"We cannot see it. Please e-mail us.", "Reach out to me directly!", "Tell us your name and we will help.", "Reply with your ticket number.",
		"If it still fails, contact us.", "Please give us the date and your phone number.", "SEND\n your   PROFILE link",
		"Send us your *user name*.", "send your _profile_ please", "Send [your](https://a.example) `user name`",
		"S\u0435nd your us\u0435r name.", "Send yo\u200bur pro\u00adfile.", "Mess\u2060age me.", "Ｓｅｎｄ your profile.", "Drop your username below.", "What is your user-id?",
		"What's your user id?", "Please type your e-mail here.", "Could you message your ticket number?", "Who are you, please?", "How can we reach you?",
		"¿Cuál es tu usuario?", "Pon tu correo aquí.", "Escribe tu número de contrato.", "Env\u00adía tu perfil.",
		"ما اسم المستخدم؟", "ما هو رقم حسابك؟", "اترك اسم المستخدم هنا", "أرس\u200cل لنا رقم هاتفك",
		"Escríbenos y lo miramos.", "Envía tu nombre de usuario.", "Mándame tu perfil.", "Indica tu número de contrato.",
		"Escríbanos por favor.", "Contáctenos.", "Envíenos su usuario.", "Díganos su número de contrato.", "Envíen su perfil.", "Necesitamos tu usuario.", "Llámenme.",
		"راسلونا", "تواصلوا معنا", "اكتبوا إلينا هنا", "اتصلوا بنا",
		"راسلنا وسننظر في الأمر.", "أرسل لنا اسم المستخدم.", "تواصل معنا مباشرة", "زودنا برقم حسابك",
	} {
		if err := AsksWho("words", s); err == nil || fault.From(err).Field != "words" || fault.From(err).Key != "guard.asks" {
			t.Errorf("%q passes: %v", s, err)
		}
	}
	for _, s := range []string{
		"Yes: you may send your client your profile link.", "Calls ring when notifications are allowed.", "You can share your calendar before the contract begins.",
		"See https://platform.example/contact-us for the rule.", "The fee is 20 % since June. It was decided by our board, and nobody was asked.",
		"We do not send your name to clients.", "An e-mail address may be shared for access to a system only.", "You need not provide your phone number.",
		"The program types your address for you.", "Drop the file there.", "What is the fee?", "Cuál es la regla: la de junio.", "ما هو الحل؟ أن تنتظر.",
		"Freelancers can now post your questions here.", "Not ours: the bank decides that.", "Sí: puedes usar tu agenda.", "نعم، يمكنك مشاركة التقويم.",
		"We will answer by 12 June.", "Contact details stay hidden until the contract.", "A client who messages you first sees your profile.",
	} {
		if err := AsksWho("words", s); err != nil {
			t.Errorf("%q is refused: %v %v", s, err, fault.From(err).Args)
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for s, plain := range map[string]bool{
		"Trust & Safety": true, "Atención al cliente": true, "خدمة العملاء": true, "客服": true,
		"Support \u202eytefaS": false, "Sup\u200bport": false, "Sup\u00adport": false, "Support\x00": false, "Support\ufffd": false, "Support\ufe0f": false,
	} {
		if err := Plain("role", s); (err == nil) != plain || err != nil && fault.From(err).Field != "role" {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func FuzzAsksWho(f *testing.F) {
	f.Add("send your user name")
	f.Add(strings.Repeat("send your ", 500))
	f.Add("you may send your profile. أرسل لنا اسم المستخدم")
	f.Fuzz(func(t *testing.T, s string) {
		if err := AsksWho("words", s); err != nil {
			e := fault.From(err)
			if e.Kind != fault.Invalid || len(e.Args) != 1 || utf8.RuneCountInString(e.Args[0].(string)) > 61 {
				t.Fatalf("%q: %v", s, err)
			}
		}
	})
}
